# SPDX-License-Identifier: MIT
"""Locates the shared library and declares the types of its functions."""
import ctypes
import os
from ctypes import (CFUNCTYPE, POINTER, c_char_p, c_double, c_int, c_size_t, c_uint64, c_void_p)
from typing import Any, Dict, Sequence, Tuple

#: The release whose interface this package uses. Before 1.0, each minor release has a different
#: interface.
VERSION = "0.1.0"

_FILE = "libinferplan.so.0"

ProgressFunction = CFUNCTYPE(c_int, c_void_p, c_void_p)
LogFunction = CFUNCTYPE(None, c_char_p, c_void_p)
StressFunction = CFUNCTYPE(c_int, c_double, c_void_p)


class StressOptions(ctypes.Structure):
    """ifp_stress_options."""

    _fields_ = [("size", c_size_t), ("samples", c_size_t), ("seed", c_uint64),
                ("progress", StressFunction), ("user", c_void_p)]


class CostPartEntry(ctypes.Structure):
    """ifp_cost_part."""

    _fields_ = [("size", c_size_t), ("cost", c_int), ("penalty", c_int), ("key", c_char_p),
                ("label", c_char_p), ("title", c_char_p), ("colour", c_char_p)]


_HANDLE = c_void_p  # any handle of the library
_TEXT = c_void_p  # a text that the caller owns and frees

# name: (result, arguments)
_PROTOTYPES: Dict[str, Tuple[Any, Sequence[Any]]] = {
    "version": (c_char_p, []),
    "error_new": (_HANDLE, []),
    "error_free": (None, [_HANDLE]),
    "error_code": (c_int, [_HANDLE]),
    "error_message": (c_char_p, [_HANDLE]),
    "error_where": (c_char_p, [_HANDLE]),
    "text_free": (None, [_TEXT]),
    "instance_new": (_HANDLE, []),
    "instance_free": (None, [_HANDLE]),
    "instance_copy": (_HANDLE, [_HANDLE]),
    "instance_read_file": (_HANDLE, [c_char_p, _HANDLE]),
    "instance_read_string": (_HANDLE, [c_char_p, c_size_t, _HANDLE]),
    "instance_write_json": (_TEXT, [_HANDLE]),
    "instance_name": (c_char_p, [_HANDLE]),
    "instance_set_name": (c_int, [_HANDLE, c_char_p]),
    "instance_set_source": (c_int, [_HANDLE, c_char_p]),
    "instance_set_number": (c_int, [_HANDLE, c_char_p, c_double]),
    "instance_set_numbers": (c_int, [_HANDLE, c_char_p, POINTER(c_double), c_size_t]),
    "instance_set_word": (c_int, [_HANDLE, c_char_p, c_char_p]),
    "instance_set": (c_int, [_HANDLE, c_char_p, c_char_p]),
    "instance_set_null": (c_int, [_HANDLE, c_char_p]),
    "instance_scale": (c_int, [_HANDLE, c_char_p, c_double]),
    "instance_get_number": (c_int, [_HANDLE, c_char_p, POINTER(c_double), _HANDLE]),
    "instance_get_numbers": (c_int, [_HANDLE, c_char_p, POINTER(c_double), POINTER(c_size_t),
                                     _HANDLE]),
    "instance_validate": (c_int, [_HANDLE, _HANDLE]),
    "instance_last_error": (_HANDLE, [_HANDLE]),
    "options_new": (_HANDLE, []),
    "options_free": (None, [_HANDLE]),
    "options_set": (c_int, [_HANDLE, c_char_p, c_char_p]),
    "options_set_progress": (c_int, [_HANDLE, ProgressFunction, c_void_p]),
    "options_set_log": (c_int, [_HANDLE, LogFunction, c_void_p]),
    "options_last_error": (_HANDLE, [_HANDLE]),
    "model_new": (_HANDLE, [_HANDLE, _HANDLE, _HANDLE]),
    "model_free": (None, [_HANDLE]),
    "model_set": (c_int, [_HANDLE, c_char_p, c_char_p]),
    "model_set_start": (c_int, [_HANDLE, _HANDLE]),
    "model_solve": (_HANDLE, [_HANDLE]),
    "model_export": (_TEXT, [_HANDLE, c_char_p]),
    "model_cancel": (None, [_HANDLE]),
    "model_last_error": (_HANDLE, [_HANDLE]),
    "solution_free": (None, [_HANDLE]),
    "solution_stop_word": (c_char_p, [_HANDLE]),
    "solution_nodes": (c_double, [_HANDLE]),
    "solution_write_json": (_TEXT, [_HANDLE]),
    "plan_read_string": (_HANDLE, [_HANDLE, c_char_p, c_size_t, _HANDLE]),
    "plan_free": (None, [_HANDLE]),
    "cost_part_count": (c_size_t, []),
    "cost_part_get": (c_int, [c_size_t, POINTER(CostPartEntry)]),
    "check_new": (_HANDLE, [_HANDLE, _HANDLE, _HANDLE]),
    "check_free": (None, [_HANDLE]),
    "check_reason": (c_char_p, [_HANDLE]),
    "check_route_cost": (c_double, [_HANDLE, c_size_t, c_int]),
    "check_unmet_cost": (c_double, [_HANDLE, c_size_t]),
    "check_write_json": (_TEXT, [_HANDLE]),
    "stress_new": (_HANDLE, [_HANDLE, _HANDLE, POINTER(StressOptions), _HANDLE]),
    "stress_free": (None, [_HANDLE]),
    "stress_write_json": (_TEXT, [_HANDLE]),
    "report_new": (_HANDLE, [_HANDLE, _HANDLE, _HANDLE]),
    "report_free": (None, [_HANDLE]),
    "report_set_proof": (c_int, [_HANDLE, c_int, c_double]),
    "report_add_progress": (c_int, [_HANDLE, c_double, c_double, c_double]),
    "report_write_svg": (_TEXT, [_HANDLE, c_int, c_double]),
    "report_write_html": (_TEXT, [_HANDLE]),
}
for _figure in ("seconds", "objective", "bound", "gap", "nodes", "open_nodes"):
    _PROTOTYPES[f"progress_{_figure}"] = (c_double, [_HANDLE])
for _kind in ("query", "model", "tier", "pool"):
    _PROTOTYPES[f"instance_add_{_kind}"] = (c_int, [_HANDLE, c_char_p])
    _PROTOTYPES[f"instance_{_kind}_count"] = (c_size_t, [_HANDLE])
    _PROTOTYPES[f"instance_{_kind}_name"] = (c_char_p, [_HANDLE, c_size_t])


def _shown(text: str) -> str:
    """A text on one line. The build of the wheel also reads this file, without the package."""
    return repr(text)[1:-1][:500]


class Library:
    """The functions of the shared library, by their names without the prefix."""

    def __init__(self, path: str) -> None:
        self.path = path
        loaded = ctypes.CDLL(path)
        self._take(loaded, "version")  # first, because another release may lack other functions
        found = self.version().decode()
        if found.split(".")[:2] != VERSION.split(".")[:2]:
            raise ImportError(f"{_shown(path)} is inferplan {found}; this package needs "
                              f"{'.'.join(VERSION.split('.')[:2])}")
        for name in _PROTOTYPES:
            self._take(loaded, name)

    def _take(self, loaded: ctypes.CDLL, name: str) -> None:
        result, arguments = _PROTOTYPES[name]
        try:
            function = getattr(loaded, "ifp_" + name)
        except AttributeError:
            raise ImportError(f"{_shown(self.path)} has no ifp_{name}: it is not inferplan {VERSION}, "
                              f"whose library this package needs") from None
        function.restype = result
        function.argtypes = list(arguments)
        setattr(self, name, function)

    def __getattr__(self, name: str) -> Any:  # names that __init__ has not set
        raise AttributeError(name)


def _where() -> str:
    """The path of the library: the one that the user names, or the file in the package, or else the
    system's library."""
    named = os.environ.get("INFERPLAN_LIBRARY")
    if named:
        return named
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), _FILE)
    return beside if os.path.exists(beside) else _FILE


def _load() -> Library:
    path = _where()
    try:
        return Library(path)
    except OSError as error:
        raise ImportError(f"the library of inferplan cannot be loaded: {_shown(str(error))}; install "
                          f"it, or set INFERPLAN_LIBRARY to its file") from None


lib = _load()
