# SPDX-License-Identifier: MIT
"""A small catalogue of public GPU facts: the memory and compute of each GPU, and a typical price.

The facts are the makers' figures for dense matrices, without structured sparsity, in ``gpus.csv``
beside this file. Figures that could not be confirmed are left out. Prices are typical on-demand
prices with their source and month. They change, so check them before you rent.

>>> from inferplan import catalogue
>>> gpu = catalogue.gpus()["L4"]
>>> gpu.memory_gb, gpu.precisions, gpu.tflops("FP8")
(24.0, ('FP16', 'BF16', 'FP8', 'INT8', 'INT4'), 242.5)
>>> gpu.usd_per_hour, gpu.price_source, gpu.price_date
(0.8048, 'AWS g6.xlarge us-east-1 on-demand', '2025-06')
"""
import csv
import functools
import importlib.resources
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from ._arguments import items, number, one_of, shown, text, whole
from ._errors import InputError
from ._library import Code

__all__ = ["Gpu", "PRECISIONS", "Precision", "gpus", "tier"]


@dataclass(frozen=True)
class Precision:
    """The effect of a precision on a tier: the factors on the weights and on the KV cache (both 1
    at 16 bits), and the precision whose compute figure applies."""

    weight_scale: float
    kv_scale: float
    compute: str


#: With INT4 only the weights have 4 bits, as AWQ and GPTQ store them. They are multiplied in 16
#: bits, and the KV cache stays in 16 bits.
PRECISIONS: Mapping[str, Precision] = {
    "FP16": Precision(1, 1, "FP16"),
    "BF16": Precision(1, 1, "BF16"),
    "FP8": Precision(0.5, 0.5, "FP8"),
    "INT8": Precision(0.5, 0.5, "INT8"),
    "INT4": Precision(0.25, 1, "FP16"),
}


@dataclass(frozen=True)
class Gpu:
    """One GPU: memory in GB, dense compute in TFLOP/s (INT8: TOP/s), price in $/h. None means not
    known, or not supported."""

    name: str
    memory_gb: float
    fp16_tflops: Optional[float]
    bf16_tflops: Optional[float]
    fp8_tflops: Optional[float]
    int8_tflops: Optional[float]
    usd_per_hour: Optional[float]
    price_source: Optional[str]
    price_date: Optional[str]
    facts_source: str

    @property
    def precisions(self) -> Tuple[str, ...]:
        """The precisions with a compute figure."""
        return tuple(name for name in PRECISIONS if self._figure(name) is not None)

    def tflops(self, precision: str = "FP16") -> float:
        """Dense compute at a precision. InputError if the catalogue has no figure for it."""
        known = isinstance(precision, str) and precision in PRECISIONS
        figure = self._figure(precision) if known else None
        if figure is None:
            where = f"catalogue, {self.name}"
            raise InputError(f"{where}: found precision {shown(precision)}; allowed: "
                             f"{', '.join(self.precisions)}", Code.VALUE, where)
        return figure

    def _figure(self, precision: str) -> Optional[float]:
        figures = {"FP16": self.fp16_tflops, "BF16": self.bf16_tflops, "FP8": self.fp8_tflops,
                   "INT8": self.int8_tflops}
        return figures[PRECISIONS[precision].compute]


@functools.lru_cache(maxsize=None)
def _read() -> Tuple[Gpu, ...]:
    text = importlib.resources.files("inferplan").joinpath("gpus.csv").read_text(encoding="utf-8")

    def number(cell: str) -> Optional[float]:
        return float(cell) if cell else None

    return tuple(
        Gpu(row["name"], float(row["memory_gb"]), number(row["fp16_tflops"]),
            number(row["bf16_tflops"]), number(row["fp8_tflops"]), number(row["int8_tflops"]),
            number(row["usd_per_hour"]), row["price_source"] or None, row["price_date"] or None,
            row["facts_source"])
        for row in csv.DictReader(text.splitlines()))


def gpus() -> Dict[str, Gpu]:
    """All GPUs of the catalogue by name, from older to newer within each maker."""
    return {gpu.name: gpu for gpu in _read()}


def tier(gpu: str, precision: str = "FP16", *, name: Optional[str] = None,
         usd_per_hour: Optional[float] = None, tp_degrees: Sequence[int] = (1,),
         **fields: Any) -> Dict[str, Any]:
    """The fields of a tier in an instance file: this GPU at this precision.

    The name is GPU-PRECISION unless ``name`` is given. ``usd_per_hour`` replaces the price of the
    catalogue. ``fields`` are more fields of a tier, or other values for these fields. InputError if
    the catalogue does not have the GPU, the precision or a price.

    >>> from inferplan import catalogue
    >>> catalogue.tier("L4", "FP8", usd_per_hour=0.7, tp_degrees=[1, 2])
    ... # doctest: +NORMALIZE_WHITESPACE
    {'name': 'L4-FP8', 'memory_gb': 24.0, 'tflops': 242.5, 'usd_per_hour': 0.7,
     'tp_degrees': [1, 2], 'weight_scale': 0.5, 'kv_scale': 0.5}
    """
    known = gpus()
    if not isinstance(gpu, str):
        one_of("gpu", gpu, list(known))
    if gpu not in known:
        raise InputError(f"catalogue: found GPU {shown(gpu)}; allowed: {', '.join(known)}",
                         Code.VALUE, "catalogue")
    facts = known[gpu]
    price = facts.usd_per_hour if usd_per_hour is None else number(
        "usd_per_hour", usd_per_hour, "a number of at least 0, or None", least=0)
    degrees = [whole("tp_degrees", degree, 1) for degree in items(
        "tp_degrees", tp_degrees, "whole numbers of at least 1")]
    if price is None:
        where = f"catalogue, {gpu}"
        raise InputError(f"{where}: found no price; allowed: one given as usd_per_hour", Code.VALUE,
                         where)
    tflops = facts.tflops(precision)
    scales = PRECISIONS[precision]
    return {"name": f"{gpu}-{precision}" if name is None else text("name", name), "memory_gb": facts.memory_gb,
            "tflops": tflops, "usd_per_hour": price, "tp_degrees": degrees,
            "weight_scale": scales.weight_scale, "kv_scale": scales.kv_scale, **fields}
