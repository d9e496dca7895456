"""What several folders share: one startup snapshot and one browser a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sanderling import Browser, Context, Page
from sanderling.base.log import LOGGER
from sanderling.js.snapshot import load_snapshot
from sanderling.server import process_worker


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """Commands that run in this process configure the package's log; the next test must not inherit that."""
    handlers, level, propagate = list(LOGGER.handlers), LOGGER.level, LOGGER.propagate
    yield
    LOGGER.handlers[:] = handlers
    LOGGER.setLevel(level)
    LOGGER.propagate = propagate


@pytest.fixture(scope="session", autouse=True)
def how_workers_died_is_known() -> Iterator[None]:
    """On a busy machine the parent of the workers may say how one ended later than is waited for; tests are told the signals."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process_worker, "STATUS_WAIT_S", 60.0)
        yield


@pytest.fixture(scope="session")
def blob() -> bytes:
    """The startup snapshot; a process may use one only."""
    return load_snapshot()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser for all tests that disturb nobody."""
    with Browser() as one:
        yield one


@pytest.fixture
def context(browser: Browser) -> Iterator[Context]:
    """A context of its own for each test."""
    with browser.new_context() as one:
        yield one


@pytest.fixture
def page(context: Context) -> Iterator[Page]:
    """A page whose deadlines are those of a test."""
    with context.new_page() as one:
        one.set_default_timeout(60_000)
        yield one
