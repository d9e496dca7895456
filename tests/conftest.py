"""What several folders share: one startup snapshot a process."""

from __future__ import annotations

import pytest

from sanderling.js.snapshot import load_snapshot


@pytest.fixture(scope="session")
def blob() -> bytes:
    """The startup snapshot; a process may use one only."""
    return load_snapshot()
