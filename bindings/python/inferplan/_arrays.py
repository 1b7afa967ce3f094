# SPDX-License-Identifier: MIT
"""The members and fields of an instance from tables and arrays. Columns have the names of the
file's fields."""
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Sequence, Tuple, Union

from ._arguments import as_number, is_missing, items, mapping, refused
from ._errors import InputError
from ._library import Code

# The deepest nesting. A table has three dimensions; the limit ends the recursion for a list that
# contains itself.
_DEEPEST = 4

_GROUPS = ("horizon", "limits", "policy", "uncertainty")

# The lists of an instance, in the order in which they are filled, and what a member is called.
_LISTS = {"pools": "pool", "queries": "query", "models": "model", "tiers": "tier"}


class Member(NamedTuple):
    """A member to append to a list: "query", "model", "tier" or "pool", and its name."""

    kind: str
    name: str


class Field(NamedTuple):
    """A field to set, by its path."""

    path: str
    value: Any


def entries(tables: Mapping[str, Any], performance: Mapping[str, Any],
            fields: Mapping[str, Any]) -> Iterator[Union[Member, Field]]:
    """The members and the fields of the instance, in the order in which they are to be made."""
    lengths = {}
    for plural, kind in _LISTS.items():
        table = tables.get(plural)
        columns = {"name": []} if table is None else _columns(plural, table)
        lengths[plural] = len(columns["name"])
        yield from _members(plural, kind, columns)
    for field, values in fields.items():
        if field in _GROUPS:
            for inner, value in mapping(field, values, "a mapping of its fields").items():
                yield Field(f"{field}.{inner}", value)
        else:
            yield Field(field, values)
    for field, values in performance.items():
        yield _performance(lengths, field, values)


def _columns(plural: str, table: Any) -> Dict[str, Any]:
    """The columns of a mapping, a data frame, or a list of rows. Each column is a list or an
    array."""
    allowed = "columns, rows or a data frame"
    made: Dict[str, Any]
    if hasattr(table, "to_dict") and hasattr(table, "columns"):
        made = {str(name): list(table[name]) for name in table.columns}
    elif isinstance(table, Mapping):
        made = dict(mapping(plural, table, allowed))
    else:
        rows = [mapping(f"{plural}[{at}]", row, "a row, as a mapping of its fields")
                for at, row in enumerate(items(plural, table, allowed))]
        names = list(dict.fromkeys(name for row in rows for name in row))
        made = {name: [row.get(name) for row in rows] for name in names}
    if "name" not in made:
        raise InputError(f"{plural}: found no column name; allowed: a name for each, and the fields "
                         "of the instance file", Code.VALUE, plural)
    count = len(items(f"{plural}.name", made["name"], "a column of names"))
    for field, values in made.items():
        where = f"{plural}.{field}"
        length = len(items(where, values, f"a column of {count}, as there are names"))
        if length != count or not hasattr(values, "__len__"):
            raise InputError(f"{where}: found {length}; allowed: a column of {count}, as there are "
                             "names", Code.VALUE, where)
    return made


def _members(plural: str, kind: str, columns: Mapping[str, Any]) -> Iterator[Union[Member, Field]]:
    for at, member in enumerate(columns["name"]):
        if not isinstance(member, str):
            raise refused(f"{plural}[{at}].name", member, "a text")
        yield Member(kind, member)
    for field, values in columns.items():
        if field == "name":
            continue
        # An array of doubles is passed on unchanged.
        if hasattr(values, "__array_interface__") and getattr(values, "ndim", 0) == 1 \
                and values.dtype.kind == "f" and not (values != values).any():
            yield Field(f"{plural}[*].{field}", values)
            continue
        for at, value in enumerate(values):
            if not is_missing(value):
                yield Field(f"{plural}[{at}].{field}", value)


def _performance(members: Mapping[str, int], field: str, values: Any) -> Field:
    path = f"performance.{field}"
    lengths = [("query types", members["queries"]), ("models", members["models"]),
               ("tiers", members["tiers"])]
    if field.endswith("_shrink"):
        del lengths[0]
    if not hasattr(values, "__len__") or getattr(values, "shape", None) == ():
        return Field(path, values)
    if hasattr(values, "__array_interface__"):
        shape = tuple(values.shape)
        flat: Any = values
    else:
        shape, listed = _flatten(path, values)
        flat = listed
    allowed = [tuple(length for _, length in lengths[:rank + 1]) for rank in range(len(lengths))]
    if shape not in allowed:
        words = ", ".join(name for name, _ in lengths)
        shapes = ", ".join(str(one) for one in allowed)
        raise InputError(f"{path}: found the shape {shape}; allowed: a number, or by {words} one of "
                         f"{shapes}", Code.VALUE, path)
    return Field(path, flat)


def _flatten(path: str, values: Any, depth: int = 0) -> Tuple[Tuple[int, ...], Sequence[float]]:
    """The shape of nested lists, and their numbers row by row. None becomes infinity, which means
    "not a candidate"."""
    allowed = "numbers, and None"
    if not hasattr(values, "__len__") or depth > _DEEPEST or isinstance(values, (str, bytes)):
        one = float("inf") if is_missing(values) else as_number(values)
        if one is None:
            raise refused(path, values, allowed)
        return (), [one]
    shapes = []
    flat: List[float] = []
    for value in items(path, values, allowed):
        shape, numbers = _flatten(path, value, depth + 1)
        shapes.append(shape)
        flat.extend(numbers)
    if len(set(shapes)) > 1:
        raise InputError(f"{path}: found lists of different lengths; allowed: as many numbers in "
                         "each row", Code.VALUE, path)
    return (len(values),) + (shapes[0] if shapes else ()), flat
