# SPDX-License-Identifier: MIT
"""The instance as data: made, read, written, copied and changed by the path of a field."""
import ctypes
import json
import os
import re
import sys
from functools import wraps
from typing import (Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple, Type, TypeVar,
                    Union, cast)

from ._arguments import (as_number, document as document_bytes, document_text, encoded, field_path,
                         file_path, flat_numbers, mapping, number, refused)
from ._arrays import Member, entries
from ._calls import text_of
from ._errors import Error, MemoryRanOut, Report, error_of
from ._frames import optional
from ._handle import Handle, Use
from ._library import Code, lib

# The native double, as NumPy writes its type.
_DOUBLE = ("<" if sys.byteorder == "little" else ">") + "f8"

Value = Union[None, str, float, Sequence[float]]

_VALUES = "a number, numbers, a word, \"scale:F\" or None"
_DOCUMENT = "the document of an instance file"


def scales(path: str, text: str) -> bool:
    """Whether a text multiplies the current value. A pool may be called "scale:2"."""
    return text.startswith("scale:") and not path.endswith(".pool")


def _numbers(path: str, values: Any) -> Tuple[Any, int, Any]:
    """Pointer, length, and the object that keeps the memory alive. C-contiguous float64 arrays are
    not copied."""
    interface = getattr(values, "__array_interface__", None)
    if isinstance(interface, dict) and interface["typestr"] == _DOUBLE \
            and interface.get("strides") is None:
        count = 1
        for length in interface["shape"]:
            count *= length
        address = ctypes.cast(interface["data"][0], ctypes.POINTER(ctypes.c_double))
        return address, count, values
    flat = flat_numbers(path, values, _VALUES)
    copy = (ctypes.c_double * len(flat))(*flat)
    return copy, len(flat), copy


_Method = TypeVar("_Method", bound=Callable[..., Any])


def _in_turn(method: _Method) -> _Method:
    """For methods that change an instance, read it in two calls, or read memory that a change frees.
    Threads wait for each other."""
    @wraps(method)
    def taking_turns(self: "BaseInstance", *args: Any, **kwargs: Any) -> Any:
        with self._owned.turn:
            return method(self, *args, **kwargs)
    return cast(_Method, taking_turns)


_Made = TypeVar("_Made", bound="BaseInstance")


class BaseInstance:
    """The base class of ``Instance``, without what needs a plan. A plan refers to it."""

    _owned: Handle

    def __init__(self, name: str = "") -> None:
        text = encoded("name", name)
        self._own(lib.instance_new())
        if text:
            self._do(lib.instance_set_name(self._handle, text))

    def _own(self, pointer: Any) -> None:
        if not pointer:
            raise MemoryRanOut("out of memory", Code.MEMORY)
        self._owned = Handle(pointer, lib.instance_free, "instance")

    @property
    def _handle(self) -> Use:
        return self._owned.use()

    def _do(self, code: int) -> None:
        if code:
            raise error_of(lib.instance_last_error(self._handle))

    @classmethod
    def _of(cls: Type[_Made], handle: Any) -> _Made:
        made = cls.__new__(cls)
        made._own(handle)
        return made

    # -- reading and writing --

    @classmethod
    def read(cls: Type[_Made], path: "Union[str, os.PathLike[str]]") -> _Made:
        """Read an instance file. InputError or FileError say what is wrong, and where."""
        file = os.fsencode(file_path("path", path, tried=False))
        with Report() as report:
            return cls._of(report.require(lib.instance_read_file(file, report.handle)))

    @classmethod
    def from_json(cls: Type[_Made], text: Union[str, bytes]) -> _Made:
        """Make an instance from the text of an instance file."""
        if not isinstance(text, (str, bytes, bytearray)):
            raise refused("text", text, f"{_DOCUMENT} as a text")
        data = document_text(text)
        with Report() as report:
            return cls._of(report.require(
                lib.instance_read_string(data, len(data), report.handle)))

    @classmethod
    def from_dict(cls: Type[_Made], document: Mapping[str, Any]) -> _Made:
        """Make an instance from the document of an instance file, as ``json.load`` returns it."""
        return cls.from_json(document_bytes("document", document, _DOCUMENT))

    @classmethod
    def from_arrays(cls: Type[_Made], name: str = "instance", *, queries: Any, models: Any,
                    tiers: Any, performance: Mapping[str, Any], pools: Any = None, source: str = "",
                    **fields: Any) -> _Made:
        """Make an instance from tables and arrays. Fields have the names and units of the instance
        file.

        ``queries``, ``models``, ``tiers`` and ``pools`` are tables: a mapping of columns, a pandas
        DataFrame, or a list of rows as dicts. Each has a column ``name``. None and NaN leave a
        field at its default. ``performance`` maps fields to a number, or to nested lists or NumPy
        arrays of numbers. Their shape is (query types,), (query types, models) or (query types,
        models, tiers); for the shrink factors it is (models,) or (models, tiers). C-contiguous
        float64 arrays are not copied. None, NaN and infinity in delay and error mean "not a
        candidate". The other fields are keywords: ``horizon``, ``limits``, ``policy`` and
        ``uncertainty`` as mappings, ``storage_usd_per_gb_hour`` as a number. The result is complete
        and valid. InputError says what is wrong.

        >>> import inferplan
        >>> instance = inferplan.Instance.from_arrays(
        ...     "two tiers",
        ...     queries={"name": ["chat", "code"], "input_tokens": [500, 900],
        ...              "output_tokens": [200, 300], "rate_per_hour": [300, 120],
        ...              "unmet_penalty_usd": [0.2, 0.5]},
        ...     models=[{"name": "7B", "weights_gb": 14, "kv_gb_per_token": 0.0005}],
        ...     tiers={"name": ["L4", "A100"], "memory_gb": [24, 80], "tflops": [120, 310],
        ...            "usd_per_hour": [0.7, 2.5], "tp_degrees": [[1, 2], [1]]},
        ...     performance={"delay_ms_per_token": [[[20, 9]], [[None, 9]]], "error_rate": 0.02,
        ...                  "kv_residency_hours": 0.002},
        ...     horizon={"rental_hours": 24}, storage_usd_per_gb_hour=0)
        >>> [(route.query, route.tier) for route in instance.solve().routes]
        [('chat', 'A100'), ('code', 'A100')]
        """
        performance = mapping("performance", performance, "a mapping of the fields of performance")
        encoded("source", source)
        tables = {"queries": queries, "models": models, "tiers": tiers, "pools": pools}
        instance = cls(name)
        try:
            if source:
                instance.source = source
            for entry in entries(tables, performance, fields):
                if isinstance(entry, Member):
                    add = getattr(lib, f"instance_add_{entry.kind}")
                    instance._do(add(instance._handle, encoded("name", entry.name)))
                else:
                    instance[entry.path] = entry.value
            instance.validate()
        except BaseException:
            instance.close()
            raise
        return instance

    def to_json(self) -> str:
        """The text of the instance file. Reading it back gives the same numbers to the last bit."""
        return text_of(lib.instance_write_json(self._handle))

    def to_dict(self) -> Dict[str, Any]:
        """The document of the instance file as Python objects."""
        made: Dict[str, Any] = json.loads(self.to_json())
        return made

    def copy(self: _Made) -> _Made:
        return type(self)._of(lib.instance_copy(self._handle))

    __copy__ = copy

    def __deepcopy__(self: _Made, memo: Any) -> _Made:
        return self.copy()

    def __reduce__(self) -> Any:
        return type(self).from_json, (self.to_json(),)

    def close(self) -> None:
        """Free the instance, now or when calls on other threads that use it have returned. A second
        call has no effect."""
        self._owned.close()

    def __enter__(self: _Made) -> _Made:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._owned.closed:
            return "<inferplan.Instance, closed>"
        return (f"<inferplan.Instance {self.name!r}: {len(self.queries)} queries, "
                f"{len(self.models)} models, {len(self.tiers)} tiers>")

    # -- content --

    @property
    @_in_turn
    def name(self) -> str:
        text: bytes = lib.instance_name(self._handle)
        return text.decode()

    @name.setter
    @_in_turn
    def name(self, text: str) -> None:
        self._do(lib.instance_set_name(self._handle, encoded("name", text)))

    @property
    def source(self) -> str:
        """Free text: the source of the figures."""
        return str(self.to_dict().get("source", ""))

    @source.setter
    @_in_turn
    def source(self, text: str) -> None:
        self._do(lib.instance_set_source(self._handle, encoded("source", text)))

    @property
    def queries(self) -> Tuple[str, ...]:
        """The names of the query types, in order."""
        return self._names("query")

    @property
    def models(self) -> Tuple[str, ...]:
        return self._names("model")

    @property
    def tiers(self) -> Tuple[str, ...]:
        return self._names("tier")

    @property
    def pools(self) -> Tuple[str, ...]:
        return self._names("pool")

    @_in_turn
    def _names(self, kind: str) -> Tuple[str, ...]:
        count = getattr(lib, f"instance_{kind}_count")(self._handle)
        name = getattr(lib, f"instance_{kind}_name")
        return tuple(name(self._handle, index).decode() for index in range(count))

    def add_query(self, name: str, **fields: Value) -> None:
        """Append a query type with these fields. All other fields have their defaults."""
        self._add("query", "queries", name, fields)

    def add_model(self, name: str, **fields: Value) -> None:
        self._add("model", "models", name, fields)

    def add_tier(self, name: str, **fields: Value) -> None:
        self._add("tier", "tiers", name, fields)

    def add_pool(self, name: str, **fields: Value) -> None:
        self._add("pool", "pools", name, fields)

    @_in_turn
    def _add(self, kind: str, kinds: str, name: str, fields: Mapping[str, Value]) -> None:
        at = getattr(lib, f"instance_{kind}_count")(self._handle)
        word = encoded("name", name)
        # Copy iterators, which can be read only once.
        fields = {field: list(cast(Any, value)) if hasattr(value, "__next__") else value
                  for field, value in fields.items()}
        try:
            self._try_fields(kind, kinds, fields)
        except Error as error:
            # Name the place that the member would have had.
            text, where = (part.replace(f"{kinds}[0]", f"{kinds}[{at}]", 1)
                           for part in (str(error), error.where))
            raise type(error)(text, error.code, where) from None
        self._do(getattr(lib, f"instance_add_{kind}")(self._handle, word))
        for field, value in fields.items():
            self[f"{kinds}[{at}].{field}"] = value

    def _try_fields(self, kind: str, kinds: str, fields: Mapping[str, Value]) -> None:
        """Set the fields in a separate instance first, so that a wrong field leaves no member
        behind."""
        if not fields:
            return
        with BaseInstance() as alone:
            pool = fields.get("pool")
            if isinstance(pool, str) and pool in self.pools:
                alone.add_pool(pool)
            alone._do(getattr(lib, f"instance_add_{kind}")(alone._handle, b"member"))
            for field, value in fields.items():
                alone[f"{kinds}[0].{field}"] = value

    @_in_turn
    def __setitem__(self, path: str, value: Any) -> None:
        """Set every field that the path names to a number, to numbers (a list or a NumPy array, row
        by row), to a word, to True or False, or to None, which means no limit, no pool, not given, or
        not a candidate. The text
        "scale:1.1" multiplies the current value, as ``scale`` does. C and the command also accept
        numbers and lists as texts, and the text "null". Here they are refused, because Python has
        values for them."""
        name = field_path(path)
        if value is None:
            self._do(lib.instance_set_null(self._handle, name))
        elif isinstance(value, bool):
            self._do(lib.instance_set_word(self._handle, name, b"true" if value else b"false"))
        elif isinstance(value, str):
            put = lib.instance_set if scales(path, value) else lib.instance_set_word
            self._do(put(self._handle, name, encoded(path, value, _VALUES)))
        elif hasattr(value, "__iter__") and getattr(value, "shape", None) != ():
            pointer, count, alive = _numbers(path, value)
            self._do(lib.instance_set_numbers(
                self._handle, name, ctypes.cast(pointer, ctypes.POINTER(ctypes.c_double)), count))
            del alive
        else:
            number_value = as_number(value)
            if number_value is None:
                raise refused(path, value, _VALUES)
            self._do(lib.instance_set_number(self._handle, name, number_value))

    def __getitem__(self, path: str) -> float:
        """The one number that the path names. "No limit" and "not a candidate" are infinity."""
        name = field_path(path)
        value = ctypes.c_double()
        with Report() as report:
            if lib.instance_get_number(self._handle, name, ctypes.byref(value),
                                       report.handle):
                raise error_of(report.handle)
        return value.value

    @_in_turn
    def numbers(self, path: str) -> List[float]:
        """All numbers that the path names, in one list. ``[*]`` gives one number for each member, a
        list field gives its entries, and ``performance.*`` gives numbers row by row in query type,
        model and tier, in whatever shape the table was set. "No limit" and "not a candidate" are
        infinity.

        >>> import inferplan
        >>> instance = inferplan.Instance()
        >>> instance.add_tier("L4", tp_degrees=[1, 2, 4])
        >>> instance.numbers("tiers[L4].tp_degrees")
        [1.0, 2.0, 4.0]
        """
        values = (ctypes.c_double * self._count(path))()
        return list(self._fill(path, values, len(values), values))

    @_in_turn
    def array(self, path: str) -> Any:
        """The numbers of ``numbers`` as a NumPy array, which the library fills in place.
        ``performance.*`` gives the shape (query types, models, tiers), or (models, tiers) for the
        shrink factors, without the dimensions in which the path chooses one member. Other paths
        give a flat array."""
        numpy = optional("numpy", "arrays")
        count = self._count(path)
        values = numpy.empty(count)
        pointer = values.ctypes.data_as(ctypes.POINTER(ctypes.c_double))
        self._fill(path, pointer, count, values)
        shape = self._open_shape(field_path(path).decode())
        product = 1
        for length in shape:
            product *= length
        return values.reshape(shape) if shape and product == count else values

    def _open_shape(self, path: str) -> Tuple[int, ...]:
        """For a performance table: the lengths of the dimensions in which the path does not choose
        one member."""
        if not path.startswith("performance."):
            return ()
        lists = [len(self.models), len(self.tiers)]
        if not path[len("performance."):].split("[")[0].endswith("_shrink"):
            lists.insert(0, len(self.queries))
        # Names may contain brackets. The selectors can be read here only if the names have none.
        chosen = re.findall(r"\[([^\[\]]*)\]", path)
        return tuple(length for at, length in enumerate(lists)
                     if at >= len(chosen) or chosen[at] == "*")

    def _count(self, path: str) -> int:
        name = field_path(path)
        count = ctypes.c_size_t()
        with Report() as report:
            if lib.instance_get_numbers(self._handle, name, None, ctypes.byref(count),
                                        report.handle):
                raise error_of(report.handle)
        return count.value

    def _fill(self, path: str, pointer: Any, room: int, values: Any) -> Any:
        count = ctypes.c_size_t(room)
        with Report() as report:
            if lib.instance_get_numbers(self._handle, field_path(path), pointer, ctypes.byref(count),
                                        report.handle):
                raise error_of(report.handle)
        return values

    @_in_turn
    def scale(self, path: str, factor: float) -> None:
        """Multiply the current value. "No limit" and "not a candidate" stay as they are."""
        name = field_path(path)
        self._do(lib.instance_scale(self._handle, name, number("factor", factor)))

    def validate(self) -> None:
        """InputError for the first field that is wrong or missing."""
        with Report() as report:
            if lib.instance_validate(self._handle, report.handle):
                raise error_of(report.handle)
