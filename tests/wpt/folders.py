"""Which folders of the web platform tests are measured, what peers reach in them, and where their expectations are.

Thread: any.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
EXPECTATIONS = HERE / "expectations"


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder of the table."""

    name: str
    """Its path in the suite, such as `html/dom`."""
    lightpanda: float
    """What Lightpanda passes of a sample, in per cent of its subtests."""
    chromium: float
    """The same for Chromium."""

    @property
    def expectations(self) -> Path:
        """Its file of expectations."""
        return EXPECTATIONS / f"{self.name}.json"


@cache
def folders() -> dict[str, Folder]:
    """Give all folders, by name."""
    raw = tomllib.loads((HERE / "folders.toml").read_text("utf-8"))
    return {name: Folder(name, *figures) for name, figures in raw["peers"].items()}


def folder_of(test: str) -> Folder | None:
    """Give the folder that a test (`/html/dom/…`) belongs to, None where none is measured."""
    parts = test.split("?", maxsplit=1)[0].strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        folder = folders().get("/".join(parts[:length]))
        if folder is not None:
            return folder
    return None
