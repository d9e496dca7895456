"""A driver per test, over one Network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sanderling.app.runtime import Runtime
from sanderling.network.network import Network
from tests.cdp.driver import Driver


@pytest.fixture(scope="session")
def cdp_runtime() -> Iterator[Runtime]:
    network = Network()
    network.start_thread()
    runtime = Runtime(network)
    yield runtime
    runtime.close_workers()
    network.stop()


@pytest.fixture
def driver(cdp_runtime: Runtime) -> Iterator[Driver]:
    one = Driver(cdp_runtime)
    yield one
    one.close()
    assert one.undeclared == set(), "events that no domain says it sends"
