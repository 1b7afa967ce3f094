/* SPDX-License-Identifier: MIT */
/* Reads whole files into memory, up to a cap, and hands them to the library. */
#define _POSIX_C_SOURCE 200809L

#include "terminal/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "terminal/output.h"

/* Far above any instance. A device or a wrong file name must not use up the memory. */
#define INPUT_LARGEST ((size_t)1 << 30)

/* The maximum number of bytes of a file's name and a --set that an error shows. */
enum { PLACE_MAX = 399 };

const char *input_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

const char *input_equals(const char *set)
{
    int depth = 0;
    for (const char *at = set; *at; at++) {
        if (*at == '[')
            depth++;
        else if (*at == ']')
            depth--;
        else if (*at == '=' && depth <= 0)
            return at;
    }
    return strrchr(set, '=');
}

int input_check_sets(const struct arguments *arguments)
{
    for (size_t i = 0; i < arguments->given_count; i++) {
        const struct argument_given *given = &arguments->given[i];
        if (strcmp(given->option->name, "set") == 0 && !input_equals(given->value))
            return output_fail(STATUS_USAGE, "--set %s: PATH=VALUE is expected", given->value);
    }
    return STATUS_DONE;
}

static int fail_too_large(const char *path)
{
    return output_fail(STATUS_USAGE, "%s: larger than 1 GiB, the most that is read",
                       input_name(path));
}

static int fail_to_read(const char *path)
{
    int status = errno == ENOMEM ? STATUS_INTERNAL : STATUS_USAGE;
    return output_fail(status, "%s: cannot be read: %s", input_name(path), strerror(errno));
}

/* Read to the end. The caller frees *text, also after a failure. */
static int read_descriptor(int descriptor, const char *path, char **text, size_t *length)
{
    struct stat facts;
    size_t capacity = 65536;
    if (fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size > 0) {
        if ((unsigned long long)facts.st_size > INPUT_LARGEST)
            return fail_too_large(path);
        /* One more than the size, so that the end is found without growing. */
        capacity = (size_t)facts.st_size + 1;
    }
    size_t used = 0;
    for (;;) {
        if (!*text || used == capacity) {
            if (used > INPUT_LARGEST)
                return fail_too_large(path);
            if (*text)
                capacity = capacity > INPUT_LARGEST / 2 ? INPUT_LARGEST + 1 : 2 * capacity;
            char *larger = realloc(*text, capacity);
            if (!larger)
                return output_fail(STATUS_INTERNAL, "%s: out of memory", input_name(path));
            *text = larger;
        }
        ssize_t count = read(descriptor, *text + used, capacity - used);
        if (count == 0)
            break;
        if (count > 0)
            used += (size_t)count;
        else if (errno != EINTR)
            return fail_to_read(path);
    }
    *length = used;
    return STATUS_DONE;
}

static int read_text(const char *path, char **text, size_t *length)
{
    if (strcmp(path, "-") == 0)
        return read_descriptor(STDIN_FILENO, path, text, length);
    int descriptor = open(path, O_RDONLY);
    if (descriptor < 0)
        return fail_to_read(path);
    int status = read_descriptor(descriptor, path, text, length);
    close(descriptor);
    return status;
}

/* Apply one --set. input_check_sets has checked its form. */
static int apply_set(ifp_instance *instance, const char *file, const char *set)
{
    const char *equals = input_equals(set);
    size_t length = (size_t)(equals - set);
    char *path = malloc(length + 1);
    if (!path)
        return output_fail_memory();
    memcpy(path, set, length);
    path[length] = '\0';
    int status = STATUS_DONE;
    if (ifp_instance_set(instance, path, equals + 1) != IFP_OK) {
        struct ifp_text place = {0};
        output_print(&place, "%s: --set %s", input_name(file), set);
        if (!place.failed)
            output_shorten(place.data, PLACE_MAX);
        status = place.failed ? output_fail_memory()
                              : output_fail_error(place.data, ifp_instance_last_error(instance), 0);
        ifp_text_clear(&place);
    }
    free(path);
    return status;
}

/* Was the plan given before the instance? */
static bool is_plan_first(const struct arguments *arguments, const ifp_error *error)
{
    return arguments->file_count == 2 && strcmp(ifp_error_where(error), "format") == 0 &&
           strstr(ifp_error_message(error), "found \"inferplan-plan\"");
}

int input_instance(const char *path, const struct arguments *arguments, ifp_instance **instance)
{
    return input_instance_told(path, arguments, NULL, instance);
}

int input_instance_told(const char *path, const struct arguments *arguments, void (*arrived)(void),
                        ifp_instance **instance)
{
    char *text = NULL;
    size_t length = 0;
    ifp_instance *read = NULL;
    *instance = NULL;
    ifp_error *error = ifp_error_new();
    int status = error ? read_text(path, &text, &length) : output_fail_memory();
    if (status != STATUS_DONE)
        goto cleanup;
    if (arrived)
        arrived();
    read = ifp_instance_read_string(text, length, error);
    if (!read) {
        status =
            is_plan_first(arguments, error)
                ? output_fail(STATUS_USAGE, "%s: %s (the instance comes first: FILE PLAN.json)",
                              input_name(path), ifp_error_message(error))
                : output_fail_error(input_name(path), error, 0);
        goto cleanup;
    }
    for (size_t i = 0; i < arguments->given_count; i++) {
        if (strcmp(arguments->given[i].option->name, "set") != 0)
            continue;
        status = apply_set(read, path, arguments->given[i].value);
        if (status != STATUS_DONE)
            goto cleanup;
    }
    *instance = read;
    read = NULL;
cleanup:
    ifp_instance_free(read);
    ifp_error_free(error);
    free(text);
    return status;
}

int input_plan(const char *path, const ifp_instance *instance, ifp_plan **plan)
{
    char *text = NULL;
    size_t length = 0;
    *plan = NULL;
    ifp_error *error = ifp_error_new();
    int status = error ? read_text(path, &text, &length) : output_fail_memory();
    if (status != STATUS_DONE)
        goto cleanup;
    *plan = ifp_plan_read_string(instance, text, length, error);
    if (!*plan)
        status = output_fail_error(input_name(path), error, 0);
cleanup:
    ifp_error_free(error);
    free(text);
    return status;
}

int input_instance_and_plan(const struct arguments *arguments, ifp_instance **instance,
                            ifp_plan **plan, ifp_error *error)
{
    const char *file = arguments->files[0];
    const char *plan_file = arguments->files[1];
    *instance = NULL;
    *plan = NULL;
    if (strcmp(file, "-") == 0 && strcmp(plan_file, "-") == 0)
        return output_fail(STATUS_USAGE,
                           "FILE and PLAN.json cannot both be \"-\" (standard input)");
    int status = input_check_sets(arguments);
    if (status == STATUS_DONE)
        status = input_instance(file, arguments, instance);
    if (status == STATUS_DONE && ifp_instance_validate(*instance, error) != IFP_OK)
        status = output_fail_error(input_name(file), error, 0);
    if (status == STATUS_DONE)
        status = input_plan(plan_file, *instance, plan);
    return status;
}

void input_note_other(const char *path, const ifp_plan *plan, const ifp_instance *instance)
{
    const char *planned_for = ifp_plan_instance_name(plan);
    if (planned_for && strcmp(planned_for, ifp_instance_name(instance)) != 0)
        output_note("%s names another instance than %s, which it is checked against",
                    input_name(path), ifp_instance_name(instance));
}
