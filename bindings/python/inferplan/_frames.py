# SPDX-License-Identifier: MIT
"""Optional packages, imported when they are used, and rows as pandas DataFrames."""
import importlib
from typing import Any, Mapping, Sequence


def optional(module: str, what: str) -> Any:
    """The module. If it is missing, an ImportError says what needs it and how to install it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.split(".", maxsplit=1)[0]
        # A package that is installed but lacks a dependency reports this itself.
        if (error.name or package).split(".", maxsplit=1)[0] != package:
            raise
        raise ImportError(f"{what} need {package}: pip install {package}") from None


def frame(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Any:
    """A DataFrame that has these columns even if there are no rows."""
    return optional("pandas", "data frames").DataFrame(list(rows), columns=list(columns))
