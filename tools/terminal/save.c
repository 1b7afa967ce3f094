/* SPDX-License-Identifier: MIT */
/*
 * Writes a temporary file in the same directory, and renames it. Signals that would end the program
 * are blocked meanwhile and polled between pieces, so that the temporary file is removed first.
 */
#define _XOPEN_SOURCE 700

#include "terminal/save.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "terminal/output.h"

/* Bytes written between two polls for a signal. */
enum { PIECE = 1 << 20 };

/* LINKS_MAX: the maximum length of a chain of links, as on Linux. */
enum { LINKS_MAX = 40, PATH_SIZE_MAX = 4096, DESCRIPTORS_CHECKED = 256 };

static const int ending[] = {SIGINT, SIGTERM, SIGHUP};

/* Block those of the signals above that are neither ignored nor blocked. */
static void hold_signals(sigset_t *held, sigset_t *before)
{
    sigemptyset(held);
    sigprocmask(SIG_SETMASK, NULL, before);
    for (size_t s = 0; s < sizeof ending / sizeof *ending; s++) {
        struct sigaction action;
        bool ignored = !sigaction(ending[s], NULL, &action) && action.sa_handler == SIG_IGN;
        if (!ignored && sigismember(before, ending[s]) == 0)
            sigaddset(held, ending[s]);
    }
    sigprocmask(SIG_BLOCK, held, NULL);
}

static bool signal_waits(const sigset_t *held)
{
    sigset_t waiting;
    if (sigpending(&waiting))
        return false;
    for (size_t s = 0; s < sizeof ending / sizeof *ending; s++) {
        if (sigismember(held, ending[s]) == 1 && sigismember(&waiting, ending[s]) == 1)
            return true;
    }
    return false;
}

/* Returns false and sets errno, to EINTR if a blocked signal arrived. */
static bool write_bytes(int descriptor, const char *bytes, size_t count, const sigset_t *held)
{
    while (count > 0) {
        if (signal_waits(held)) {
            errno = EINTR;
            return false;
        }
        ssize_t written = write(descriptor, bytes, count < PIECE ? count : PIECE);
        if (written > 0) {
            bytes += written;
            count -= (size_t)written;
        } else if (written == 0 || errno != EINTR) {
            errno = written == 0 ? EIO : errno;
            return false;
        }
    }
    return true;
}

static bool write_text(int descriptor, const char *text, const sigset_t *held)
{
    size_t length = strlen(text);
    return write_bytes(descriptor, text, length, held) &&
           ((length && text[length - 1] == '\n') || write_bytes(descriptor, "\n", 1, held));
}

/* Closing is part of writing: some file systems report a full disk only then. */
static bool close_after(int descriptor, bool good)
{
    int reason = errno;
    if (close(descriptor) && good) {
        good = false;
        reason = errno;
    }
    errno = reason;
    return good;
}

/* Set the mode of the replaced file or the default mode of a new one, and the owner if allowed.
 * Failures are ignored: some file systems have no modes. */
static void give_rights(int descriptor, const struct stat *replaced)
{
    struct stat own;
    mode_t mode;
    if (!replaced) {
        mode_t mask = umask(0);
        (void)umask(mask);
        mode = 0666 & ~mask;
    } else if (fstat(descriptor, &own) == 0 && own.st_uid == replaced->st_uid &&
               own.st_gid == replaced->st_gid) {
        mode = replaced->st_mode & 07777;
    } else {
        /* No set-user-ID or similar bit on a file of another owner. */
        bool given = fchown(descriptor, replaced->st_uid, replaced->st_gid) == 0;
        mode = replaced->st_mode & (given ? 07777 : 0777);
    }
    (void)fchmod(descriptor, mode);
}

/* A template for mkstemp in the same directory, since rename does not cross file systems. Returns
 * NULL and sets errno if out of memory. */
static char *name_beside(const char *path)
{
    static const char own[] = ".inferplan-XXXXXX";
    const char *slash = strrchr(path, '/');
    size_t before = slash ? (size_t)(slash - path) + 1 : 0;
    char *name = malloc(before + sizeof own);
    if (name) {
        memcpy(name, path, before);
        memcpy(name + before, own, sizeof own);
    }
    return name;
}

/* The file that is replaced, or made. */
struct target {
    int descriptor; /* of the file if it is open already, and is written to there; else -1 */
    char *path;     /* NULL if the file is written to and not replaced */
    bool is_there;
    struct stat facts;
};

/* The descriptor if the shell opened the file for this program, as with "> file", "2>> file" and
 * /dev/stdout, else -1. Replacing such a file would lose the other output to it. */
static int open_already(const struct stat *facts)
{
    for (int descriptor = 0; descriptor < DESCRIPTORS_CHECKED; descriptor++) {
        struct stat own;
        int flags = fcntl(descriptor, F_GETFL);
        if (flags != -1 && (flags & O_ACCMODE) != O_RDONLY && fstat(descriptor, &own) == 0 &&
            own.st_dev == facts->st_dev && own.st_ino == facts->st_ino)
            return descriptor;
    }
    return -1;
}

/* The target of a symbolic link, relative to the link's directory. Returns NULL and sets errno, to
 * EINVAL if the path is no link. */
static char *read_link(const char *path)
{
    char text[PATH_SIZE_MAX];
    ssize_t length = readlink(path, text, sizeof text);
    if (length < 0)
        return NULL;
    if (length == (ssize_t)sizeof text) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    const char *slash = strrchr(path, '/');
    size_t before = slash && text[0] != '/' ? (size_t)(slash - path) + 1 : 0;
    char *said = malloc(before + (size_t)length + 1);
    if (said) {
        memcpy(said, path, before);
        memcpy(said + before, text, (size_t)length);
        said[before + (size_t)length] = '\0';
    }
    return said;
}

/* The path of a file that does not exist yet, after following every link. Returns NULL and sets
 * errno on failure. */
static char *end_of_links(const char *path)
{
    char *end = strdup(path);
    for (int links = 0; end && links < LINKS_MAX; links++) {
        char *next = read_link(end);
        if (!next && (errno == EINVAL || errno == ENOENT))
            return end;
        free(end);
        end = next;
    }
    if (end)
        errno = ELOOP;
    free(end);
    return NULL;
}

/* Returns false and sets errno on failure. A symbolic link is followed, not replaced. */
static bool find_target(const char *path, struct target *target)
{
    *target = (struct target){.descriptor = -1};
    target->is_there = stat(path, &target->facts) == 0;
    if (!target->is_there && errno != ENOENT)
        return false;
    if (target->is_there && !S_ISREG(target->facts.st_mode))
        return true;
    if (target->is_there && (target->descriptor = open_already(&target->facts)) != -1)
        return true;
    target->path = target->is_there ? realpath(path, NULL) : end_of_links(path);
    return target->path != NULL;
}

/* Create the temporary file *name. Returns its descriptor, or -1 and sets errno. */
static int open_beside(const struct target *target, char **name)
{
    *name = NULL;
    if (target->is_there && access(target->path, W_OK))
        return -1;
    *name = name_beside(target->path);
    return *name ? mkstemp(*name) : -1;
}

static bool replace(const struct target *target, const char *text, const sigset_t *held)
{
    char *name;
    int descriptor = open_beside(target, &name);
    bool good = descriptor >= 0;
    if (good) {
        give_rights(descriptor, target->is_there ? &target->facts : NULL);
        good = write_text(descriptor, text, held) && fsync(descriptor) == 0;
        good =
            close_after(descriptor, good) && !signal_waits(held) && rename(name, target->path) == 0;
        int reason = signal_waits(held) ? EINTR : errno;
        if (!good)
            (void)unlink(name);
        errno = reason;
    }
    free(name);
    return good;
}

/* Could it be replaced? */
static bool try_beside(const struct target *target)
{
    char *name;
    int descriptor = open_beside(target, &name);
    bool good = descriptor >= 0;
    int reason = errno;
    if (good) {
        (void)close(descriptor);
        (void)unlink(name);
    }
    free(name);
    errno = reason;
    return good;
}

static bool write_into(const char *path, const char *text)
{
    sigset_t none;
    sigemptyset(&none);
    int descriptor = open(path, O_WRONLY | O_NOCTTY);
    return descriptor >= 0 && close_after(descriptor, write_text(descriptor, text, &none));
}

/* Could it be written into? Opening a pipe would wait for its reader. */
static bool try_into(const char *path, const struct target *target)
{
    if (S_ISFIFO(target->facts.st_mode))
        return access(path, W_OK) == 0;
    int descriptor = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK);
    return descriptor >= 0 && close(descriptor) == 0;
}

/* Write the text, or test whether it could be written if it is NULL, with signals blocked while the
 * temporary file exists. Returns false and sets errno on failure. */
static bool use_beside(const struct target *target, const char *text)
{
    sigset_t held;
    sigset_t before;
    hold_signals(&held, &before);
    bool good = text ? replace(target, text, &held) : try_beside(target);
    int reason = errno;
    /* A blocked signal takes effect here. */
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = reason;
    return good;
}

static int fail_to_write(const char *path, int reason)
{
    return output_fail(STATUS_INTERNAL, "%s: cannot be written: %s", path, strerror(reason));
}

/* The bytes at the beginning of a file that its kind is recognised by. */
enum { HEAD_SIZE = 512 };

/* How the files of each kind begin, and a text that is also among the first bytes. */
static const struct {
    const char *name;
    const char *begins[2];
    const char *holds;
} kinds[] = {
    [SAVE_PAGE] = {"a page that inferplan made",
                   {"<!DOCTYPE html>", "<!DOCTYPE html>"},
                   "<meta name=\"generator\" content=\"inferplan"},
    [SAVE_PROGRAM] = {"a file that export made",
                      {"* Made by inferplan", "\\ Made by inferplan"},
                      ""},
};

/* The content of a file that may not be replaced, in words; NULL if it may be replaced. */
static const char *found_other(const char *path, enum save_kind kind)
{
    char head[HEAD_SIZE + 1];
    int descriptor = open(path, O_RDONLY | O_NOCTTY);
    if (descriptor < 0)
        return "a file that cannot be read";
    size_t used = 0;
    ssize_t count;
    do {
        count = read(descriptor, head + used, HEAD_SIZE - used);
        used += count > 0 ? (size_t)count : 0;
    } while ((count > 0 && used < HEAD_SIZE) || (count < 0 && errno == EINTR));
    (void)close(descriptor);
    if (count < 0)
        return "a file that cannot be read";
    head[used] = '\0';
    for (size_t b = 0; b < sizeof kinds[kind].begins / sizeof *kinds[kind].begins; b++) {
        const char *begins = kinds[kind].begins[b];
        if (strncmp(head, begins, strlen(begins)) == 0 && strstr(head, kinds[kind].holds))
            return NULL;
    }
    if (strstr(head, "\"inferplan-instance\""))
        return "an inferplan-instance";
    return strstr(head, "\"inferplan-plan\"") ? "an inferplan-plan" : "a file of another kind";
}

/* Refuse to replace a file of another kind. `option` may be NULL. */
static int check_kind(const char *option, const char *path, const struct target *target,
                      enum save_kind kind)
{
    bool holds_something = target->path && target->is_there && target->facts.st_size;
    const char *found = holds_something ? found_other(target->path, kind) : NULL;
    if (!found)
        return STATUS_DONE;
    return output_fail(
        STATUS_USAGE,
        "%s%s%s%s: found %s, which is not replaced; allowed: a new or empty file, or "
        "%s",
        option ? "--" : "", option ? option : "", option ? ": " : "", path, found,
        kinds[kind].name);
}

static bool is_same(const struct stat *one, const struct stat *other)
{
    return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

int save_check(const char *option, const char *path, enum save_kind kind, const char *input,
               bool prints)
{
    struct target target;
    struct stat other;
    bool good = find_target(path, &target);
    int status = STATUS_DONE;
    if (good && target.is_there && S_ISREG(target.facts.st_mode) &&
        (strcmp(input, "-") == 0 ? fstat(STDIN_FILENO, &other) : stat(input, &other)) == 0 &&
        is_same(&target.facts, &other))
        status = output_fail(STATUS_USAGE, "--%s: %s is the instance itself; allowed: another file",
                             option, path);
    else if (good && prints && target.is_there && !S_ISCHR(target.facts.st_mode) &&
             fstat(STDOUT_FILENO, &other) == 0 && is_same(&target.facts, &other))
        status = output_fail(STATUS_USAGE,
                             "--%s: %s is standard output, where the result goes; allowed: another "
                             "file",
                             option, path);
    else if (good && target.path) {
        status = check_kind(option, path, &target, kind);
        good = status != STATUS_DONE || use_beside(&target, NULL);
    } else if (good && target.descriptor == -1)
        good = try_into(path, &target);
    int reason = errno;
    free(target.path);
    return good ? status : fail_to_write(path, reason);
}

int save_text(const char *path, enum save_kind kind, const char *text)
{
    struct target target;
    sigset_t none;
    sigemptyset(&none);
    bool good = find_target(path, &target);
    /* Check again, since the file may have changed during the solve. */
    int status = good ? check_kind(NULL, path, &target, kind) : STATUS_DONE;
    if (good && status == STATUS_DONE) {
        if (target.path)
            good = use_beside(&target, text);
        else if (target.descriptor != -1)
            good = write_text(target.descriptor, text, &none);
        else
            good = write_into(path, text);
    }
    int reason = errno;
    free(target.path);
    return good ? status : fail_to_write(path, reason);
}
