/* SPDX-License-Identifier: MIT */
/* Writes results and the one error line; a result that did not arrive is an internal failure. */
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

/* Half of a line must have room for a message of the library's, less than 1024 bytes: it comes
 * last. */
enum { LINE_MOST = 2400, LINE_SIZE = 4096 };

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

void output_shorten(char *text, size_t most)
{
    size_t length = strlen(text);
    if (length <= most)
        return;
    size_t head = (most - 3) / 2;
    size_t tail = length - head;
    while (head > 0 && continues(text[head]))
        head--;
    while (tail < length && continues(text[tail]))
        tail++;
    memcpy(text + head, "...", 3);
    memmove(text + head + 3, text + tail, length - tail + 1);
}

static void put_line(const char *kind, const char *format, va_list arguments) TOOLS_FORMAT(2, 0);

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
    output_shorten(line, LINE_MOST);
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

/* Room for `count` more bytes and a NUL. */
static bool make_room(struct output *output, size_t count)
{
    size_t needed = output->size + count + 1;
    if (output->failed || needed <= output->capacity)
        return !output->failed;
    size_t capacity = output->capacity ? output->capacity : 4096;
    while (capacity < needed)
        capacity *= 2;
    char *larger = realloc(output->text, capacity);
    if (larger) {
        output->text = larger;
        output->capacity = capacity;
    }
    output->failed = !larger;
    return larger != NULL;
}

void output_bytes(struct output *output, const char *bytes, size_t count)
{
    if (!make_room(output, count))
        return;
    memcpy(output->text + output->size, bytes, count);
    output->size += count;
    output->text[output->size] = '\0';
}

int output_print(struct output *output, const char *format, ...)
{
    va_list arguments;
    va_list again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length < 0)
        output->failed = true;
    else if (make_room(output, (size_t)length)) {
        vsnprintf(output->text + output->size, (size_t)length + 1, format, again);
        output->size += (size_t)length;
    }
    va_end(again);
    va_end(arguments);
    return length < 0 ? 0 : length;
}

int output_finish(struct output *output)
{
    int status =
        output->failed ? output_fail_memory() : output_text(output->text ? output->text : "");
    free(output->text);
    memset(output, 0, sizeof *output);
    return status;
}

static int fail_to_write(int reason)
{
    return output_fail(STATUS_INTERNAL, "standard output: cannot be written: %s",
                       reason ? strerror(reason) : "unknown reason");
}

/* Past stdio, whose buffer would split a piece where it is full. */
int output_stream(struct output *output)
{
    if (output->failed)
        return output_fail_memory();
    size_t written = 0;
    while (written < output->size) {
        ssize_t count = write(STDOUT_FILENO, output->text + written, output->size - written);
        if (count >= 0)
            written += (size_t)count;
        else if (errno != EINTR)
            return fail_to_write(errno);
    }
    output->size = 0;
    return STATUS_DONE;
}

int output_stream_end(struct output *output)
{
    int status = output_stream(output);
    free(output->text);
    memset(output, 0, sizeof *output);
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
