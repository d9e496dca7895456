"""Real clients against the real server over a real port; each flow of each client is a test."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable

import pytest

from tests.clients.conftest import Served
from tests.clients.drivers import CLIENTS, EXPECTED_LIMIT_MS, FLOW_LIMIT_MS, HERE, Outcome
from tests.clients.targets import TARGET, Sanderling

# Installing happens in the first test of an environment.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

EXPECTATIONS: dict[str, dict[str, dict[str, str]]] = tomllib.loads((HERE / "expectations.toml").read_text("utf-8"))
FLOWS = [(client.name, flow) for client in CLIENTS for flow in client.flows]


@pytest.mark.parametrize(("client", "flow"), FLOWS, ids=[f"{client}: {flow}" for client, flow in FLOWS])
def test_flow(client: str, flow: str, run_flow: Callable[[str, str, int], Outcome]) -> None:
    if client == "selenium" and shutil.which("chromedriver") is None:
        pytest.skip("not run: Debian's package chromium-driver is not installed")
    expected = EXPECTATIONS.get(TARGET, {}).get(client, {})
    reason = expected.get(flow, expected.get("*"))
    outcome = run_flow(client, flow, FLOW_LIMIT_MS if reason is None else EXPECTED_LIMIT_MS)
    if reason is None:
        assert outcome.ok, outcome.error
    elif outcome.ok and reason.startswith("unsteady: "):
        return
    elif outcome.ok:
        pytest.fail(f"it passes now, so it must leave expectations.toml, where the reason was: {reason}")
    else:
        pytest.xfail(f"{reason}: {(outcome.error or '').splitlines()[0]}")


def test_expectations_name_flows() -> None:
    known = set(FLOWS)
    listed = [(client, flow) for target in EXPECTATIONS.values() for client, flows in target.items() for flow in flows]
    assert [one for one in listed if one not in known and one[1] != "*"] == []


def test_every_client_has_flows() -> None:
    counts = {client.name: len(client.flows) for client in CLIENTS}
    assert all(count >= 3 for count in counts.values()), counts
    assert len(set(FLOWS)) == len(FLOWS)


def test_server_logged_no_trouble(served: Served) -> None:
    trouble = [line for one in served.all if isinstance(one, Sanderling) for line in one.trouble()]
    assert trouble == []
