# SPDX-License-Identifier: MIT
"""Locates the shared library and declares its functions, structures and enumerations as the public
headers do. tests/test_headers.py holds these declarations against the headers."""
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


class Code:
    """enum ifp_code, IFP_ERROR_..."""

    MEMORY, ARGUMENT, FILE, SYNTAX = -1, -2, -3, -4
    VALUE, UNSUPPORTED, ENGINE, BUSY = -5, -6, -7, -8


class Status:
    """enum ifp_status, IFP_STATUS_..."""

    OPTIMAL, FEASIBLE, INFEASIBLE, NO_PLAN = 1, 2, 3, 4


class Picture:
    """enum ifp_picture, IFP_PICTURE_..."""

    TRAFFIC, COSTS, FLEET, LIMITS, GAP = 1, 2, 3, 4, 5


def _handle(name: str) -> Any:
    return type(name, (c_void_p,), {})


# The handles. A function that makes one returns its address as an int.
_ERROR = _handle("ifp_error")
_INSTANCE = _handle("ifp_instance")
_OPTIONS = _handle("ifp_options")
_PROGRESS = _handle("ifp_progress")
_MODEL = _handle("ifp_model")
_SOLUTION = _handle("ifp_solution")
_PLAN = _handle("ifp_plan")
_CHECK = _handle("ifp_check")
_STRESS = _handle("ifp_stress")
_REPORT = _handle("ifp_report")
_TEXT = c_void_p  # a text that the caller owns and frees

#: The result and the arguments of each function, by its name without the prefix.
PROTOTYPES: Dict[str, Tuple[Any, Sequence[Any]]] = {
    "version": (c_char_p, []),
    "error_new": (_ERROR, []),
    "error_free": (None, [_ERROR]),
    "error_code": (c_int, [_ERROR]),
    "error_message": (c_char_p, [_ERROR]),
    "error_where": (c_char_p, [_ERROR]),
    "text_free": (None, [_TEXT]),
    "instance_new": (_INSTANCE, []),
    "instance_free": (None, [_INSTANCE]),
    "instance_copy": (_INSTANCE, [_INSTANCE]),
    "instance_read_file": (_INSTANCE, [c_char_p, _ERROR]),
    "instance_read_string": (_INSTANCE, [c_char_p, c_size_t, _ERROR]),
    "instance_write_json": (_TEXT, [_INSTANCE]),
    "instance_name": (c_char_p, [_INSTANCE]),
    "instance_set_name": (c_int, [_INSTANCE, c_char_p]),
    "instance_set_source": (c_int, [_INSTANCE, c_char_p]),
    "instance_set_number": (c_int, [_INSTANCE, c_char_p, c_double]),
    "instance_set_numbers": (c_int, [_INSTANCE, c_char_p, POINTER(c_double), c_size_t]),
    "instance_set_word": (c_int, [_INSTANCE, c_char_p, c_char_p]),
    "instance_set": (c_int, [_INSTANCE, c_char_p, c_char_p]),
    "instance_set_null": (c_int, [_INSTANCE, c_char_p]),
    "instance_scale": (c_int, [_INSTANCE, c_char_p, c_double]),
    "instance_get_number": (c_int, [_INSTANCE, c_char_p, POINTER(c_double), _ERROR]),
    "instance_get_numbers": (c_int, [_INSTANCE, c_char_p, POINTER(c_double), POINTER(c_size_t),
                                     _ERROR]),
    "instance_validate": (c_int, [_INSTANCE, _ERROR]),
    "instance_last_error": (_ERROR, [_INSTANCE]),
    "options_new": (_OPTIONS, []),
    "options_free": (None, [_OPTIONS]),
    "options_set": (c_int, [_OPTIONS, c_char_p, c_char_p]),
    "options_set_progress": (c_int, [_OPTIONS, ProgressFunction, c_void_p]),
    "options_set_log": (c_int, [_OPTIONS, LogFunction, c_void_p]),
    "options_last_error": (_ERROR, [_OPTIONS]),
    "model_new": (_MODEL, [_INSTANCE, _OPTIONS, _ERROR]),
    "model_free": (None, [_MODEL]),
    "model_set": (c_int, [_MODEL, c_char_p, c_char_p]),
    "model_set_start": (c_int, [_MODEL, _PLAN]),
    "model_solve": (_SOLUTION, [_MODEL]),
    "model_export": (_TEXT, [_MODEL, c_char_p]),
    "model_cancel": (None, [_MODEL]),
    "model_last_error": (_ERROR, [_MODEL]),
    "solution_free": (None, [_SOLUTION]),
    "solution_stop_word": (c_char_p, [_SOLUTION]),
    "solution_nodes": (c_double, [_SOLUTION]),
    "solution_write_json": (_TEXT, [_SOLUTION]),
    "plan_read_string": (_PLAN, [_INSTANCE, c_char_p, c_size_t, _ERROR]),
    "plan_free": (None, [_PLAN]),
    "cost_part_count": (c_size_t, []),
    "cost_part_get": (c_int, [c_size_t, POINTER(CostPartEntry)]),
    "check_new": (_CHECK, [_INSTANCE, _PLAN, _ERROR]),
    "check_free": (None, [_CHECK]),
    "check_reason": (c_char_p, [_CHECK]),
    "check_route_cost": (c_double, [_CHECK, c_size_t, c_int]),
    "check_unmet_cost": (c_double, [_CHECK, c_size_t]),
    "check_write_json": (_TEXT, [_CHECK]),
    "stress_new": (_STRESS, [_INSTANCE, _PLAN, POINTER(StressOptions), _ERROR]),
    "stress_free": (None, [_STRESS]),
    "stress_write_json": (_TEXT, [_STRESS]),
    "report_new": (_REPORT, [_INSTANCE, _PLAN, _ERROR]),
    "report_free": (None, [_REPORT]),
    "report_set_proof": (c_int, [_REPORT, c_int, c_double]),
    "report_add_progress": (c_int, [_REPORT, c_double, c_double, c_double]),
    "report_write_svg": (_TEXT, [_REPORT, c_int, c_double]),
    "report_write_html": (_TEXT, [_REPORT]),
}
for _figure in ("seconds", "objective", "bound", "gap", "nodes", "open_nodes"):
    PROTOTYPES[f"progress_{_figure}"] = (c_double, [_PROGRESS])
for _kind in ("query", "model", "tier", "pool"):
    PROTOTYPES[f"instance_add_{_kind}"] = (c_int, [_INSTANCE, c_char_p])
    PROTOTYPES[f"instance_{_kind}_count"] = (c_size_t, [_INSTANCE])
    PROTOTYPES[f"instance_{_kind}_name"] = (c_char_p, [_INSTANCE, c_size_t])


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
        for name in PROTOTYPES:
            self._take(loaded, name)

    def _take(self, loaded: ctypes.CDLL, name: str) -> None:
        result, arguments = PROTOTYPES[name]
        try:
            function = getattr(loaded, "ifp_" + name)
        except AttributeError:
            raise ImportError(f"{_shown(self.path)} has no ifp_{name}: it is not inferplan {VERSION}, "
                              f"whose library this package needs") from None
        is_handle = isinstance(result, type) and issubclass(result, c_void_p)
        function.restype = c_void_p if is_handle else result
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
