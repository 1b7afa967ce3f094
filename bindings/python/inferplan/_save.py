# SPDX-License-Identifier: MIT
"""Writes files so that they hold either the whole new content or their old content."""
import os
import secrets
import stat
import sys
from contextlib import contextmanager
from typing import Iterator, NamedTuple, Optional, Union

from ._errors import InputError
from ._library import Code

AnyPath = Union[str, "os.PathLike[str]"]


def write(descriptor: int, data: bytes, path: AnyPath) -> None:
    """Write all of the data. OSError names the path."""
    rest = memoryview(data)
    with _naming(path):
        while rest:
            rest = rest[os.write(descriptor, rest):]


@contextmanager
def _naming(path: AnyPath) -> Iterator[None]:
    """Adds the path to errors of calls that take only a descriptor."""
    try:
        yield
    except OSError as error:
        error.filename = os.fspath(path)
        raise


class Kind(NamedTuple):
    """The kind of a file, which decides what it may replace: a file of the same kind begins with
    ``begins`` and contains ``holds``."""

    name: str
    begins: bytes
    holds: bytes


#: The library and the command recognise a page by the same text.
PAGE = Kind("a page that inferplan made", b"<!DOCTYPE html>", b'<meta name="generator" content="inferplan')


def _found_other(path: str, kind: Optional[Kind]) -> str:
    """A description of a file that must not be replaced. Empty if it may be replaced."""
    with open(path, "rb") as file:
        head = file.read(4096)
        if not head or kind is not None and head.startswith(kind.begins) and \
                kind.holds in head + file.read():
            return ""
    for name in ("inferplan-instance", "inferplan-plan"):
        if f'"{name}"'.encode() in head:
            return "an " + name
    return "a file of another kind"


def check(path: AnyPath, kind: Optional[Kind]) -> None:
    """InputError if ``save`` would replace a file that is neither empty nor of this kind. If
    ``kind`` is None, only an empty file may be replaced."""
    try:
        facts = os.stat(path)
    except OSError:
        return
    if not stat.S_ISREG(facts.st_mode) or not facts.st_size or \
            any(_is_open_as(descriptor, facts) for descriptor in (1, 2)):
        return
    found = _found_other(os.path.realpath(path), kind)
    if found:
        raise InputError(f"path: {os.fspath(path)}: found {found}, which is not replaced; allowed: a new or "
                         "empty file" + (f", or {kind.name}" if kind else ""), Code.VALUE, "path")


def save(path: AnyPath, data: bytes, kind: Optional[Kind]) -> None:
    """Write a file. An empty regular file, or one of this kind, is replaced in one step and keeps
    its permissions; any other is refused. A symbolic link is kept and its target replaced. Pipes,
    devices, and the file that standard output or standard error goes to, are written to in
    place."""
    facts: Optional[os.stat_result]
    check(path, kind)
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
    """Replace a file in one step, so that a kill leaves either the old or the new file. ``target``
    is not a link. ``facts`` describes the existing file; it is None for a new file."""
    if facts is not None and not os.access(target, os.W_OK):
        # Raises the error of the system. The file is not changed.
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
    """Copy the permissions, and the owner if that is allowed. Ignores errors, because some file
    systems have no permissions."""
    own = os.fstat(descriptor)
    mode = stat.S_IMODE(facts.st_mode)
    try:
        if (own.st_uid, own.st_gid) != (facts.st_uid, facts.st_gid):
            os.fchown(descriptor, facts.st_uid, facts.st_gid)
    except OSError:
        mode &= 0o777  # no set-user-ID or set-group-ID on a file with another owner
    try:
        os.fchmod(descriptor, mode)
    except OSError:
        pass
