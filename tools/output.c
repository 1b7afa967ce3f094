/* SPDX-License-Identifier: MIT */
/* Writes results and the one error line; a result that did not arrive is an internal failure. */
#include "output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/instance.h>

/* File names may hold anything; what is printed must stay one line that a terminal can show. */
static void make_printable(char *line)
{
    for (char *at = line; *at; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte < 0x20 || byte == 0x7f)
            *at = '?';
    }
}

static void put_line(const char *kind, const char *format, va_list arguments) TOOLS_FORMAT(2, 0);

static void put_line(const char *kind, const char *format, va_list arguments)
{
    char line[8192];
    if (vsnprintf(line, sizeof line, format, arguments) < 0)
        line[0] = '\0';
    make_printable(line);
    fprintf(stderr, "inferplan: %s%s\n", kind, line);
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

/* Closing is part of writing: some file systems report a full disk only then. */
static int write_and_close(FILE *stream, const char *name, const char *text)
{
    size_t length = strlen(text);
    errno = 0;
    int failed = fwrite(text, 1, length, stream) != length;
    if (!failed && (length == 0 || text[length - 1] != '\n'))
        failed = fputc('\n', stream) == EOF;
    int reason = errno;
    if (fflush(stream) && !failed) {
        failed = 1;
        reason = errno;
    }
    if (fclose(stream) && !failed) {
        failed = 1;
        reason = errno;
    }
    if (failed)
        return output_fail(STATUS_INTERNAL, "%s: cannot be written: %s", name,
                           reason ? strerror(reason) : "unknown reason");
    return STATUS_DONE;
}

int output_text(const char *text)
{
    return write_and_close(stdout, "standard output", text);
}

int output_text_to(const char *path, const char *text)
{
    if (strcmp(path, "-") == 0)
        return output_text(text);
    FILE *stream = fopen(path, "wb");
    if (!stream)
        return output_fail(STATUS_INTERNAL, "%s: cannot be written: %s", path, strerror(errno));
    return write_and_close(stream, path, text);
}

int output_document(char *text)
{
    int status = text ? output_text(text) : output_fail_memory();
    ifp_text_free(text);
    return status;
}
