"""The page about the protocol says what the tables that serve say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import cdp_reference

# Installing may happen here.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


OLDER = {"Network.requestIntercepted"}
"""Events that newer descriptions of the protocol no longer have, and older clients rely on."""


@pytest.fixture
def domains(installed: Callable[[str], Path]) -> list[dict[str, Any]]:
    return cdp_reference.protocol(installed("node") / "node_modules" / "devtools-protocol")


def test_the_page_is_up_to_date(domains: list[dict[str, Any]]) -> None:
    _, _, generated = cdp_reference.PAGE.read_text("utf-8").partition(cdp_reference.BEGIN)
    assert generated.strip() == cdp_reference.write(domains).strip(), "write it anew: python -m tests.cdp_reference"


def test_every_parameter_of_a_served_method_is_known(domains: list[dict[str, Any]]) -> None:
    assert cdp_reference.unknown_parameters(domains) == []


def test_events_that_are_sent_are_the_protocols(domains: list[dict[str, Any]]) -> None:
    assert cdp_reference.sent() - OLDER <= {
        f"{one['domain']}.{event['name']}" for one in domains for event in one.get("events", ())
    }
