"""What a run of the web platform tests reports, as the runner writes it: a JSON file with every test, its status and its subtests.

Thread: main.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_SHIFTED_PORT = re.compile(r":[1-4](8000|8001|8002|8003|8443|8444|8445|8446|8888|8889)\b")
# Names and messages hold ports of the suite's server; with an offset (tests/wpt/suite.py) they are others than usual.

OK = "OK"
"""The status of a test whose harness came to its end."""


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test file (or one variant of it)."""

    __test__ = False
    """It is not a test of ours, whatever its name says."""
    status: str
    """OK, ERROR, TIMEOUT, CRASH or PRECONDITION_FAILED."""
    passed: frozenset[str] = frozenset()
    """Names of subtests that passed, all of that name."""
    failed: Mapping[str, str] = field(default_factory=dict)
    """Names of subtests that did not pass, with the harness's message."""
    count: int = 0
    """Subtests reported."""
    count_passed: int = 0
    """Those that passed."""
    message: str = ""
    """What the harness said, where its status is not OK."""


def read_results(file: Path) -> dict[str, TestResult]:
    """Read what the runner wrote, by test (its path on the server, with its query)."""
    return {path: _result(raw) for path, raw in json.loads(file.read_text("utf-8"))["tests"].items()}


def _result(raw: Mapping[str, object]) -> TestResult:
    subtests = raw["subtests"]
    assert isinstance(subtests, list)
    failed: dict[str, str] = {}
    names: Counter[str] = Counter()
    passes = 0
    for raw_name, status, message in subtests:
        name = _usual(raw_name)
        names[name] += 1
        if status == "PASS":
            passes += 1
        else:
            failed[name] = _usual(message or status)
    return TestResult(
        status=str(raw["status"]),
        passed=frozenset(name for name in names if name not in failed),
        failed=failed,
        count=len(subtests),
        count_passed=passes,
        message=str(raw.get("message") or ""),
    )


def _usual(text: str) -> str:
    return _SHIFTED_PORT.sub(r":\1", text)
