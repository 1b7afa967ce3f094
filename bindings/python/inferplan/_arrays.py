# SPDX-License-Identifier: MIT
"""An instance from tables and arrays: columns by the names of the file's fields."""
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from ._errors import InputError
from ._instance import Instance

_GROUPS = ("horizon", "limits", "policy", "uncertainty")


def instance_of(name: str, source: str, tables: Mapping[str, Any], performance: Mapping[str, Any],
                fields: Mapping[str, Any]) -> Instance:
    instance = Instance(name)
    try:
        if source:
            instance.source = source
        for plural in ("pools", "queries", "models", "tiers"):
            _add_table(instance, plural, tables.get(plural))
        for field, values in fields.items():
            if field in _GROUPS:
                if not isinstance(values, Mapping):
                    raise InputError(f"{field}: found {values!r:.60}; allowed: a mapping of its "
                                     "fields", -5, field)
                for inner, value in dict(values).items():
                    instance[f"{field}.{inner}"] = value
            else:
                instance[field] = values
        for field, values in performance.items():
            _add_performance(instance, field, values)
        instance.validate()
    except BaseException:
        instance.close()
        raise
    return instance


def _missing(value: Any) -> bool:
    """None, and what data frames have for it: NaN, and pandas.NA, which cannot be compared."""
    return value is None or type(value).__name__ == "NAType" or (isinstance(value, float)
                                                                 and value != value)


def _columns(plural: str, table: Any) -> Dict[str, Any]:
    """The columns of a mapping, a data frame, or a list of rows, each a list (or an array)."""
    if hasattr(table, "to_dict") and hasattr(table, "columns"):
        return {str(name): list(table[name]) for name in table.columns}
    if not hasattr(table, "__iter__") or isinstance(table, (str, bytes)):
        raise InputError(f"{plural}: found {table!r:.60}; allowed: columns, rows or a data frame", -5,
                         plural)
    if isinstance(table, Mapping):
        made: Dict[str, Any] = {str(name): values for name, values in table.items()}
    else:
        rows = [dict(row) for row in table]
        names = list(dict.fromkeys(name for row in rows for name in row))
        made = {name: [row.get(name) for row in rows] for name in names}
    if "name" not in made:
        raise InputError(f"{plural}: found no column name; allowed: a name for each, and the fields "
                         "of the instance file", -5, plural)
    count = len(made["name"])
    for field, values in made.items():
        if not hasattr(values, "__len__") or isinstance(values, str) or len(values) != count:
            length = len(values) if hasattr(values, "__len__") else "one value"
            raise InputError(f"{plural}.{field}: found {length}; allowed: a column of {count}, as "
                             "there are names", -5, f"{plural}.{field}")
    return made


def _add_table(instance: Instance, plural: str, table: Any) -> None:
    if table is None:
        return
    columns = _columns(plural, table)
    add = getattr(instance, {"queries": "add_query", "models": "add_model", "tiers": "add_tier",
                             "pools": "add_pool"}[plural])
    for at, member in enumerate(columns.pop("name")):
        if not isinstance(member, str):
            raise InputError(f"{plural}[{at}].name: found {member!r}; allowed: a text", -5,
                             f"{plural}[{at}].name")
        add(member)
    for field, values in columns.items():
        # An array of doubles goes in as it is.
        if hasattr(values, "__array_interface__") and getattr(values, "ndim", 0) == 1 \
                and values.dtype.kind == "f" and not (values != values).any():
            instance[f"{plural}[*].{field}"] = values
            continue
        for at, value in enumerate(values):
            if not _missing(value):
                instance[f"{plural}[{at}].{field}"] = value


def _add_performance(instance: Instance, field: str, values: Any) -> None:
    path = f"performance.{field}"
    lengths = [("query types", len(instance.queries)), ("models", len(instance.models)),
               ("tiers", len(instance.tiers))]
    if field.endswith("_shrink"):
        del lengths[0]
    if not hasattr(values, "__len__"):
        instance[path] = values
        return
    if hasattr(values, "__array_interface__"):
        shape = tuple(values.shape)
        flat: Any = values
        if values.dtype.kind == "f" and (values != values).any():
            flat = values.copy()
            flat[values != values] = float("inf")
    else:
        shape, listed = _flatten(path, values)
        flat = listed
    allowed = [tuple(length for _, length in lengths[:rank + 1]) for rank in range(len(lengths))]
    if shape not in allowed:
        words = ", ".join(name for name, _ in lengths)
        shapes = ", ".join(str(one) for one in allowed)
        raise InputError(f"{path}: found the shape {shape}; allowed: a number, or by {words} one of "
                         f"{shapes}", -5, path)
    instance[path] = flat


def _flatten(path: str, values: Any) -> Tuple[Tuple[int, ...], Sequence[float]]:
    """The shape of nested lists, and their numbers row by row; None and NaN become infinity, which
    is "not a candidate"."""
    if not hasattr(values, "__len__") or isinstance(values, (str, bytes)):
        if isinstance(values, (str, bytes, bool)):
            raise InputError(f"{path}: found {values!r}; allowed: numbers, and None", -5, path)
        return (), [float("inf") if _missing(values) else float(values)]
    shapes = []
    flat: List[float] = []
    for value in values:
        shape, numbers = _flatten(path, value)
        shapes.append(shape)
        flat.extend(numbers)
    if len(set(shapes)) > 1:
        raise InputError(f"{path}: found lists of different lengths; allowed: as many numbers in "
                         "each row", -5, path)
    return (len(values),) + (shapes[0] if shapes else ()), flat
