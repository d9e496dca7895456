"""What is known to fail in a folder of the web platform tests, and why: the file, what it means, and how results compare with it.

A file, ``expectations/<folder>.json``, holds the folder's figures and groups of failures, each with its reason. In a group, a test (its path, with
query) has a list of patterns of its failing subtests (`patterns`), or an object with its ``status`` where that is not OK, and the same list.
A group whose reason begins with ``unsteady: `` holds what passes now and then: it is compared neither way.

Thread: main.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.wpt.patterns import compress, matches
from tests.wpt.results import OK, TestResult

UNSTEADY = "unsteady: "
"""Begins the reason of failures that come and go."""

UNEXPLAINED = "not looked into yet"
"""The reason of what nothing explains; an update tries again."""

Explain = Callable[[str, str, str], str]
"""Gives the reason of a failure that has none yet, by test, subtest (empty for the test itself) and message."""


@dataclass(slots=True)
class KnownFailure:
    """What one group knows of one test."""

    status: str = OK
    """What its harness ends with; OK says nothing, since another group may tell."""
    patterns: tuple[str, ...] = ()
    """Which subtests fail."""


@dataclass(slots=True)
class Figures:
    """Sums over a folder."""

    tests: int = 0
    """Test files and variants."""
    subtests: int = 0
    """Subtests reported."""
    passed: int = 0
    """Those that passed."""


@dataclass(slots=True)
class Expectations:
    """What one folder is expected to do."""

    figures: Figures = field(default_factory=Figures)
    """Of the run that wrote the file."""
    groups: dict[str, dict[str, KnownFailure]] = field(default_factory=dict)
    """By reason, then by test."""

    def reason_of(self, test: str, subtest: str) -> str | None:
        """Give why a subtest is known to fail, None where it is not. With an empty name: the test's own status."""
        for reason, tests in self.groups.items():
            known = tests.get(test)
            if known is None:
                continue
            if (known.status != OK) if not subtest else any(matches(one, subtest) for one in known.patterns):
                return reason
        return None


def figures_of(results: Iterable[TestResult]) -> Figures:
    """Add up."""
    sums = Figures()
    for result in results:
        sums.tests += 1
        sums.subtests += result.count
        sums.passed += result.count_passed
    return sums


def load(file: Path) -> Expectations:
    """Read a file; one that does not exist expects everything to pass."""
    if not file.exists():
        return Expectations()
    raw = json.loads(file.read_text("utf-8"))
    return Expectations(
        figures=Figures(**raw["figures"]),
        groups={
            group["reason"]: {
                test: KnownFailure(patterns=tuple(known))
                if isinstance(known, list)
                else KnownFailure(known["status"], tuple(known.get("subtests", ())))
                for test, known in group["tests"].items()
            }
            for group in raw["groups"]
        },
    )


def save(expectations: Expectations, file: Path) -> None:
    """Write a file: sorted, a test or a pattern a line, so that a change shows as what it is."""
    figures = expectations.figures
    raw = {
        "figures": {"tests": figures.tests, "subtests": figures.subtests, "passed": figures.passed},
        "groups": [
            {"reason": reason, "tests": {test: _written(tests[test]) for test in sorted(tests)}}
            for reason, tests in sorted(expectations.groups.items())
        ],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(raw, indent=1) + "\n", "utf-8")


def _written(known: KnownFailure) -> object:
    patterns = list(known.patterns)
    if known.status == OK:
        return patterns
    return {"status": known.status, "subtests": patterns} if patterns else {"status": known.status}


def differences(expectations: Expectations, results: Mapping[str, TestResult]) -> list[str]:
    """Say what is not as expected, a line each: failures nobody knows of, and passes that are listed as failures."""
    lines: list[str] = []
    for test in sorted(results):
        result = results[test]
        known = {reason: tests[test] for reason, tests in expectations.groups.items() if test in tests}
        if any(reason.startswith(UNSTEADY) and not one.patterns for reason, one in known.items()):
            continue
        statuses = {one.status for one in known.values() if one.status != OK} or {OK}
        if result.status not in statuses:
            lines.append(
                f"{test}: {result.status}, expected {' or '.join(sorted(statuses))}. {result.message}".rstrip()
            )
        firm = [p for reason, one in known.items() if not reason.startswith(UNSTEADY) for p in one.patterns]
        loose = [p for reason, one in known.items() if reason.startswith(UNSTEADY) for p in one.patterns]
        for name, message in result.failed.items():
            if not any(matches(pattern, name) for pattern in (*firm, *loose)):
                lines.append(f"{test}: FAIL {name}: {message}")
        lines += [
            f"{test}: PASS {name}, listed as a failure"
            for name in sorted(result.passed)
            if any(matches(pattern, name) for pattern in firm)
        ]
    return lines


def missing(expectations: Expectations, results: Mapping[str, TestResult]) -> list[str]:
    """Say what is no longer reported, given the results of a whole folder: tests that are gone, and fewer subtests than there were."""
    listed = {test for tests in expectations.groups.values() for test in tests}
    lines = [f"{test}: listed, but there is no such test" for test in sorted(listed - results.keys())]
    now, then = figures_of(results.values()), expectations.figures
    loose = any(reason.startswith(UNSTEADY) for reason in expectations.groups)
    if not loose and now.subtests != then.subtests:
        lines.append(f"{now.subtests} subtests were reported, {then.subtests} expected")
    return lines


def updated(old: Expectations, results: Mapping[str, TestResult], explain: Explain) -> Expectations:
    """Give expectations that `results` meet. Reasons are kept; a failure that is new gets what `explain` says."""
    statuses: dict[str, dict[str, str]] = defaultdict(dict)
    failed: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    unsteady = {
        test
        for reason, tests in old.groups.items()
        if reason.startswith(UNSTEADY)
        for test, known in tests.items()
        if not known.patterns
    }
    for test, result in results.items():
        if test in unsteady:
            continue
        if result.status != OK:
            statuses[_reason(old, test, "", result.message, explain)][test] = result.status
        for name, message in result.failed.items():
            failed[_reason(old, test, name, message, explain)][test].add(name)
    groups: dict[str, dict[str, KnownFailure]] = defaultdict(dict)
    for reason in statuses.keys() | failed.keys():
        for test in statuses[reason].keys() | failed[reason].keys():
            names, result = failed[reason][test], results[test]
            others = result.passed | (result.failed.keys() - names)
            groups[reason][test] = KnownFailure(statuses[reason].get(test, OK), tuple(compress(names, others)))
    for reason, tests in old.groups.items():
        if reason.startswith(UNSTEADY):
            # What comes and goes stays listed, also when it passed this time.
            for test, known in tests.items():
                if test in results:
                    groups[reason][test] = known
    return Expectations(figures_of(results.values()), dict(groups))


def _reason(old: Expectations, test: str, subtest: str, message: str, explain: Explain) -> str:
    known = old.reason_of(test, subtest)
    return explain(test, subtest, message) if known is None or known == UNEXPLAINED else known
