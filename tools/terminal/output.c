/* SPDX-License-Identifier: MIT */
/* Writes results and the error line. A result that could not be written is an internal failure. */
#define _POSIX_C_SOURCE 200809L

#include "terminal/output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include <inferplan/instance.h>

#include "terminal/printable.h"
#include "util/utf8.h"

/* The second half of a shortened line must hold a message of the library, which comes last and has
 * less than 1024 bytes. */
enum { SHOWN_MAX = 2399, LINE_SIZE = 4096 };

void output_shorten(char *text, size_t maximum)
{
    size_t length = strlen(text);
    size_t head;
    size_t tail;
    ifp_utf8_shorten(text, length, maximum, &head, &tail);
    if (head == length)
        return;
    memcpy(text + head, "...", 3);
    memmove(text + head + 3, text + length - tail, tail + 1);
}

static void put_line(const char *kind, const char *format, va_list arguments) IFP_FORMAT(2, 0);

static void put_line(const char *kind, const char *format, va_list arguments)
{
    char buffer[LINE_SIZE];
    char *line = buffer;
    char *longer = NULL;
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(buffer, sizeof buffer, format, arguments);
    if (length < 0)
        buffer[0] = '\0';
    if (length >= (int)sizeof buffer && (longer = malloc((size_t)length + 1))) {
        vsnprintf(longer, (size_t)length + 1, format, again);
        line = longer;
    }
    va_end(again);
    output_shorten(line, SHOWN_MAX);
    make_printable(line);
    fprintf(stderr, "inferplan: %s%s\n", kind, line);
    free(longer);
}

int output_fail(int status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_line("", format, arguments);
    va_end(arguments);
    return status;
}

void output_note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_line("note: ", format, arguments);
    va_end(arguments);
}

int output_fail_memory(void)
{
    return output_fail(STATUS_INTERNAL, "out of memory");
}

static int status_of(int code)
{
    switch (code) {
    case IFP_ERROR_FILE:
    case IFP_ERROR_SYNTAX:
    case IFP_ERROR_VALUE:
    case IFP_ERROR_UNSUPPORTED:
        return STATUS_USAGE;
    default:
        return STATUS_INTERNAL;
    }
}

int output_fail_error(const char *place, const ifp_error *error, int without_where)
{
    const char *message = ifp_error_message(error);
    if (without_where) {
        const char *where = ifp_error_where(error);
        size_t length = strlen(where);
        if (length && strncmp(message, where, length) == 0 &&
            strncmp(message + length, ": ", 2) == 0)
            message += length + 2;
    }
    return output_fail(status_of(ifp_error_code(error)), "%s: %s", place, message);
}

int output_print(struct ifp_text *output, const char *format, ...)
{
    va_list arguments;
    va_list again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length < 0)
        output->failed = true;
    else if (ifp_text_reserve(output, (size_t)length)) {
        vsnprintf(output->data + output->size, (size_t)length + 1, format, again);
        output->size += (size_t)length;
    }
    va_end(again);
    va_end(arguments);
    return length < 0 ? 0 : length;
}

int output_finish(struct ifp_text *output)
{
    int status =
        output->failed ? output_fail_memory() : output_text(output->data ? output->data : "");
    ifp_text_clear(output);
    return status;
}

static int fail_to_write(int reason)
{
    return output_fail(STATUS_INTERNAL, "standard output: cannot be written: %s",
                       reason ? strerror(reason) : "unknown reason");
}

/* Not by stdio, whose buffer would split a piece when it is full. */
int output_stream(struct ifp_text *output)
{
    if (output->failed)
        return output_fail_memory();
    size_t written = 0;
    while (written < output->size) {
        ssize_t count = write(STDOUT_FILENO, output->data + written, output->size - written);
        if (count >= 0)
            written += (size_t)count;
        else if (errno != EINTR)
            return fail_to_write(errno);
    }
    output->size = 0;
    return STATUS_DONE;
}

int output_stream_end(struct ifp_text *output)
{
    int status = output_stream(output);
    ifp_text_clear(output);
    if (status == STATUS_DONE && close(STDOUT_FILENO) != 0)
        status = fail_to_write(errno);
    return status;
}

/* Closing is part of writing: some file systems report a full disk only then. */
int output_text(const char *text)
{
    size_t length = strlen(text);
    errno = 0;
    int failed = fwrite(text, 1, length, stdout) != length;
    if (!failed && (length == 0 || text[length - 1] != '\n'))
        failed = fputc('\n', stdout) == EOF;
    int reason = errno;
    if (fflush(stdout) && !failed) {
        failed = 1;
        reason = errno;
    }
    if (fclose(stdout) && !failed) {
        failed = 1;
        reason = errno;
    }
    return failed ? fail_to_write(reason) : STATUS_DONE;
}

int output_document(char *text)
{
    int status = text ? output_text(text) : output_fail_memory();
    ifp_text_free(text);
    return status;
}
