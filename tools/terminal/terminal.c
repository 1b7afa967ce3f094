/* SPDX-License-Identifier: MIT */
/* What a terminal can show, from its driver and the environment. */
#define _DEFAULT_SOURCE 1
#define _POSIX_C_SOURCE 200809L

#include "terminal/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int terminal_columns(int descriptor)
{
    struct winsize size;
    if (isatty(descriptor) != 1 || ioctl(descriptor, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

bool terminal_colours(int descriptor)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return isatty(descriptor) == 1 && (!no_colour || !*no_colour) && term &&
           strcmp(term, "dumb") != 0;
}
