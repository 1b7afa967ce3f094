# SPDX-License-Identifier: MIT
"""Files that hold what is written whole, or what they held before."""
import os
import secrets
import stat
import sys
from contextlib import contextmanager
from typing import Iterator, Optional, Union

AnyPath = Union[str, "os.PathLike[str]"]


def write(descriptor: int, data: bytes, path: AnyPath) -> None:
    """All of it. OSError names the path."""
    rest = memoryview(data)
    with _naming(path):
        while rest:
            rest = rest[os.write(descriptor, rest):]


@contextmanager
def _naming(path: AnyPath) -> Iterator[None]:
    """Errors of calls that know only a descriptor."""
    try:
        yield
    except OSError as error:
        error.filename = os.fspath(path)
        raise


def save(path: AnyPath, data: bytes) -> None:
    """A regular file is replaced in one step, and keeps its rights. A symbolic link stays one: its target
    is replaced. What is no regular file (a pipe, a device), and a file that standard output or standard
    error goes to, is written to."""
    facts: Optional[os.stat_result]
    try:
        facts = os.stat(path)
    except FileNotFoundError:
        facts = None
    if facts is not None and not stat.S_ISREG(facts.st_mode):
        with open(path, "wb", buffering=0) as file:
            write(file.fileno(), data, path)
        return
    for descriptor, stream in ((1, sys.stdout), (2, sys.stderr)):
        if facts is not None and _is_open_as(descriptor, facts):
            if stream is not None:
                stream.flush()
            write(descriptor, data, path)
            return
    replace(os.path.realpath(path), data, facts)


def _is_open_as(descriptor: int, facts: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), facts)
    except OSError:
        return False


def replace(target: str, data: bytes, facts: Optional[os.stat_result]) -> None:
    """In one step, so that a kill leaves the one file or the other. ``target`` is no link; ``facts`` are
    those of the file that is there, None if there is none."""
    if facts is not None and not os.access(target, os.W_OK):
        # Raises what is wrong; the file is not changed.
        os.close(os.open(target, os.O_WRONLY))
    beside = os.path.join(os.path.dirname(os.fspath(target)), ".inferplan-" + secrets.token_hex(6))
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if facts else 0o666)
    except OSError as error:
        error.filename = target
        raise
    try:
        try:
            if facts is not None:
                _give_rights(descriptor, facts)
            write(descriptor, data, target)
            with _naming(target):
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(beside, target)
    except BaseException:
        os.unlink(beside)
        raise


def _give_rights(descriptor: int, facts: os.stat_result) -> None:
    """Its owner as far as that is allowed; a file system that knows no rights has none to keep."""
    own = os.fstat(descriptor)
    mode = stat.S_IMODE(facts.st_mode)
    try:
        if (own.st_uid, own.st_gid) != (facts.st_uid, facts.st_gid):
            os.fchown(descriptor, facts.st_uid, facts.st_gid)
    except OSError:
        mode &= 0o777  # set-user-ID and the like are not for a file of somebody else
    try:
        os.fchmod(descriptor, mode)
    except OSError:
        pass
