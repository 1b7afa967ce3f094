/* SPDX-License-Identifier: MIT */
/*
 * Writes a file beside the one that is meant, and renames it. Signals that would end the program
 * wait meanwhile: they are looked for between pieces, so that the file beside is taken away first.
 */
#define _XOPEN_SOURCE 700

#include "save.h"

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

#include "output.h"

/* Bytes written between two looks for a signal. */
enum { PIECE = 1 << 20 };

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

static bool replace(const char *path, const struct stat *replaced, const char *text,
                    const sigset_t *held)
{
    if (replaced && access(path, W_OK))
        return false;
    char *name = name_beside(path);
    int descriptor = name ? mkstemp(name) : -1;
    bool good = descriptor >= 0;
    if (good) {
        give_rights(descriptor, replaced);
        good = write_text(descriptor, text, held) && fsync(descriptor) == 0;
        good = close_after(descriptor, good) && !signal_waits(held) && rename(name, path) == 0;
        int reason = signal_waits(held) ? EINTR : errno;
        if (!good)
            (void)unlink(name);
        errno = reason;
    }
    free(name);
    return good;
}

static bool write_into(const char *path, const char *text)
{
    sigset_t none;
    sigemptyset(&none);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    return descriptor >= 0 && close_after(descriptor, write_text(descriptor, text, &none));
}

int save_text(const char *path, const char *text)
{
    struct stat facts;
    bool there = stat(path, &facts) == 0;
    bool regular = there && S_ISREG(facts.st_mode);
    /* A symbolic link stays one: what it points to is replaced. One that points to nothing yet is
     * left to the system, as there is nothing to lose. */
    struct stat link;
    char *target = regular ? realpath(path, NULL) : NULL;
    bool is_new = !there && errno == ENOENT && lstat(path, &link) != 0;
    bool good = false;
    if (target || is_new) {
        sigset_t held;
        sigset_t before;
        hold_signals(&held, &before);
        good = replace(target ? target : path, there ? &facts : NULL, text, &held);
        int reason = errno;
        /* A signal that waited takes its effect here. */
        sigprocmask(SIG_SETMASK, &before, NULL);
        errno = reason;
    } else if (!regular) {
        good = write_into(path, text);
    }
    int reason = errno;
    free(target);
    if (!good)
        return output_fail(STATUS_INTERNAL, "%s: cannot be written: %s", path, strerror(reason));
    return STATUS_DONE;
}
