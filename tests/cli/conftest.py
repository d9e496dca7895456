"""What the command's tests share."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="package", autouse=True)
def a_snapshot_is_there(blob: bytes) -> None:
    """The first program of a checkout builds the startup snapshot; that is no part of the time that a test gives it."""
