/* SPDX-License-Identifier: MIT */
/*
 * Writes a file beside the one that is meant, and renames it. Signals that would end the program
 * wait meanwhile: they are looked for between pieces, so that the file beside is taken away first.
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

/* Bytes written between two looks for a signal. */
enum { PIECE = 1 << 20 };

/* As many links may follow one another as on Linux. */
enum { LINKS_MOST = 40, PATH_MOST = 4096, DESCRIPTORS_LOOKED_AT = 256 };

static const int ending[] = {SIGINT, SIGTERM, SIGHUP};

/* Hold back those of the signals above that would have come through. */
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

/* false with errno, which is EINTR where a held signal came. */
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

/* The rights of the file that is replaced, or those that a new file gets; its owner as far as that
 * is allowed. A file system that knows no rights refuses, and has none to keep. */
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
        /* Set-user-ID and the like are not for a file of somebody else. */
        bool given = fchown(descriptor, replaced->st_uid, replaced->st_gid) == 0;
        mode = replaced->st_mode & (given ? 07777 : 0777);
    }
    (void)fchmod(descriptor, mode);
}

/* A name in the same directory, which rename needs; NULL with errno. */
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
    int descriptor; /* if other than -1: it is open already, and is written to there */
    char *path;     /* NULL: written to, not replaced */
    bool is_there;
    struct stat facts;
};

/* What a shell has opened for this program, as with "> file", "2>> file" and so /dev/stdout: a file
 * in its place would lose what else goes there, and what was there before. */
static int open_already(const struct stat *facts)
{
    for (int descriptor = 0; descriptor < DESCRIPTORS_LOOKED_AT; descriptor++) {
        struct stat own;
        int flags = fcntl(descriptor, F_GETFL);
        if (flags != -1 && (flags & O_ACCMODE) != O_RDONLY && fstat(descriptor, &own) == 0 &&
            own.st_dev == facts->st_dev && own.st_ino == facts->st_ino)
            return descriptor;
    }
    return -1;
}

/* What a symbolic link says, from the directory it is in; NULL with errno, which is EINVAL if it is
 * no link. */
static char *read_link(const char *path)
{
    char text[PATH_MOST];
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

/* The name that a file gets which is not there yet, behind every link; NULL with errno. */
static char *end_of_links(const char *path)
{
    char *end = strdup(path);
    for (int links = 0; end && links < LINKS_MOST; links++) {
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

/* false with errno. A symbolic link stays one: the target is what it points to. */
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

/* Make the file beside, in *name: its descriptor, or -1 with errno. */
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

/* Could it be written into? Nothing waits for who reads a pipe. */
static bool try_into(const char *path, const struct target *target)
{
    if (S_ISFIFO(target->facts.st_mode))
        return access(path, W_OK) == 0;
    int descriptor = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK);
    return descriptor >= 0 && close(descriptor) == 0;
}

/* With the signals held, as a file beside is there: write the text, or, if it is NULL, see whether
 * it could be written. false with errno. */
static bool use_beside(const struct target *target, const char *text)
{
    sigset_t held;
    sigset_t before;
    hold_signals(&held, &before);
    bool good = text ? replace(target, text, &held) : try_beside(target);
    int reason = errno;
    /* A signal that waited takes its effect here. */
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = reason;
    return good;
}

static int fail_to_write(const char *path, int reason)
{
    return output_fail(STATUS_INTERNAL, "%s: cannot be written: %s", path, strerror(reason));
}

/* How many bytes of a file tell what it is. */
enum { HEAD_SIZE = 512 };

/* How the files of each kind begin, and what the first bytes also hold. */
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

/* What is in a file that may not be replaced, in words; NULL if it may be. */
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

/* Refuse to replace what is not of this kind. `option` may be NULL. */
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
    /* Again: the solve took its time. */
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
