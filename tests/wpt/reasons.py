"""Gives a reason to a failure that has none yet: rules in `reasons.toml`, the first that fits.

Thread: any.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.wpt.expectations import UNEXPLAINED


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason and what it explains."""

    reason: str
    test: re.Pattern[str]
    """Searched in the test's path and query."""
    subtest: re.Pattern[str]
    """Searched in the subtest's name."""
    message: re.Pattern[str]
    """Searched in what the harness says."""


def read_rules(text: str) -> list[Rule]:
    """Read rules; a member that is left out fits everything."""
    return [
        Rule(raw["reason"], *(re.compile(raw.get(key, "")) for key in ("test", "subtest", "message")))
        for raw in tomllib.loads(text)["rule"]
    ]


@cache
def _rules() -> list[Rule]:
    return read_rules((Path(__file__).parent / "reasons.toml").read_text("utf-8"))


def explain(test: str, subtest: str, message: str) -> str:
    """Give the reason of a failure (`Explain` of `expectations`)."""
    return reason_by(_rules(), test, subtest, message)


def reason_by(rules: list[Rule], test: str, subtest: str, message: str) -> str:
    """Give the reason of the first rule that fits."""
    for rule in rules:
        if rule.test.search(test) and rule.subtest.search(subtest) and rule.message.search(message):
            return rule.reason
    return UNEXPLAINED
