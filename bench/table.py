"""Printing tables."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence


def show(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table."""
    lines = [[str(cell) for cell in row] for row in rows]
    widths = [max([len(head), *(len(line[i]) for line in lines)]) for i, head in enumerate(heads)]
    print(f"## {title}")
    print("  ".join(head.ljust(width) for head, width in zip(heads, widths, strict=True)))
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))


def geometric_mean(values: Sequence[float]) -> float:
    """Give the geometric mean."""
    return math.exp(statistics.fmean(math.log(value) for value in values))


def ms(seconds: float) -> str:
    """Write a duration."""
    return f"{seconds * 1000:.2f} ms"
