# SPDX-License-Identifier: MIT
"""An instance as plans and solves use it: the owner of a handle, which can be copied."""
from typing import TYPE_CHECKING, Any

from ._errors import MemoryRanOut, error_of
from ._handle import Handle, Use
from ._library import Code, lib

if TYPE_CHECKING:
    from ._instance import Instance


class Source:
    """The base class of ``Instance``, which reads and changes what the handle holds."""

    _owned: Handle

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

    def copy(self) -> "Instance":
        raise NotImplementedError
