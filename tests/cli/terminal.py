#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a command on a pseudo terminal, as a person at one would.

usage: terminal.py COLUMNS SECONDS COMMAND [ARGUMENT]...

Everything the terminal got goes to standard output. Ctrl-C is typed after SECONDS; 0: never.
Exits with the command's status, or 128 plus the signal that ended it; 99: there is no terminal to
be had.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

PATIENCE_SECONDS = 120
NO_TERMINAL = 99


def main():
    columns, interrupt_after = int(sys.argv[1]), float(sys.argv[2])
    command = sys.argv[3:]
    try:
        master, slave = pty.openpty()
    except OSError as error:
        print(f"no pseudo terminal: {error} (is /dev/pts mounted?)", file=sys.stderr)
        return NO_TERMINAL
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = os.fork()
    if child == 0:
        os.close(master)
        os.login_tty(slave) if hasattr(os, "login_tty") else take_terminal(slave)
        os.environ.setdefault("TERM", "xterm")
        os.execvp(command[0], command)
    os.close(slave)
    start = time.monotonic()
    output = b""
    while time.monotonic() - start < PATIENCE_SECONDS:
        ready, _, _ = select.select([master], [], [], 0.05)
        if interrupt_after and time.monotonic() - start > interrupt_after:
            os.write(master, b"\x03")
            interrupt_after = 0
        if ready:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            if not piece:
                break
            output += piece
    else:
        os.kill(child, 9)
    _, status = os.waitpid(child, 0)
    sys.stdout.buffer.write(output)
    sys.stdout.buffer.flush()
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def take_terminal(slave):
    """What login_tty does, for Python before 3.11."""
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for descriptor in range(3):
        os.dup2(slave, descriptor)


if __name__ == "__main__":
    sys.exit(main())
