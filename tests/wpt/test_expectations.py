"""Expectations: written, read, compared, and brought up to date without losing a reason."""

from __future__ import annotations

import json
from pathlib import Path

from tests.wpt.expectations import (
    UNEXPLAINED,
    Expectations,
    Figures,
    KnownFailure,
    differences,
    load,
    missing,
    save,
    updated,
)
from tests.wpt.results import TestResult, read_results


def result(*passed: str, status: str = "OK", failed: dict[str, str] | None = None) -> TestResult:
    bad = failed or {}
    return TestResult(status, frozenset(passed), bad, len(passed) + len(bad), len(passed), "said")


def no_reason(test: str, subtest: str, message: str) -> str:
    return f"new: {message}"


def test_what_is_expected_differs_in_nothing() -> None:
    known = Expectations(groups={"one": {"/a.html": KnownFailure("OK", ("x*",))}})
    assert differences(known, {"/a.html": result("y", failed={"x1": "no", "x2": "no"}), "/b.html": result("z")}) == []


def test_an_unexpected_failure_is_told_with_its_message() -> None:
    assert differences(Expectations(), {"/a.html": result("y", failed={"x": "no"})}) == ["/a.html: FAIL x: no"]


def test_an_unexpected_pass_is_told() -> None:
    known = Expectations(groups={"one": {"/a.html": KnownFailure("OK", ("x",))}})
    assert differences(known, {"/a.html": result("x")}) == ["/a.html: PASS x, listed as a failure"]


def test_a_status_is_told_both_ways() -> None:
    known = Expectations(groups={"one": {"/a.html": KnownFailure("TIMEOUT")}})
    assert differences(known, {"/a.html": result(status="TIMEOUT")}) == []
    assert differences(known, {"/a.html": result()}) == ["/a.html: OK, expected TIMEOUT. said"]
    assert differences(Expectations(), {"/a.html": result(status="CRASH")}) == ["/a.html: CRASH, expected OK. said"]


def test_unsteady_failures_are_compared_neither_way() -> None:
    known = Expectations(
        groups={
            "unsteady: time": {"/a.html": KnownFailure(), "/b.html": KnownFailure("OK", ("x",))},
        }
    )
    assert differences(known, {"/a.html": result(status="TIMEOUT", failed={"x": "no"})}) == []
    assert differences(known, {"/b.html": result("x")}) == []
    assert differences(known, {"/b.html": result(failed={"x": "no", "y": "no"})}) == ["/b.html: FAIL y: no"]


def test_what_is_gone_is_told() -> None:
    known = Expectations(Figures(1, 3, 2), {"one": {"/gone.html": KnownFailure("OK", ("x",))}})
    assert missing(known, {"/a.html": result("x", "y")}) == [
        "/gone.html: listed, but there is no such test",
        "2 subtests were reported, 3 expected",
    ]


def test_an_update_keeps_reasons_and_meets_the_results() -> None:
    old = Expectations(
        groups={
            "kept": {"/a.html": KnownFailure("OK", ("x*",)), "/b.html": KnownFailure("TIMEOUT")},
            "unsteady: time": {"/c.html": KnownFailure()},
        }
    )
    results = {
        "/a.html": result("y", failed={"x1": "no", "z": "never"}),
        "/b.html": result(status="TIMEOUT"),
        "/c.html": result(status="TIMEOUT", failed={"q": "no"}),
    }
    new = updated(old, results, no_reason)
    assert differences(new, results) == []
    assert missing(new, results) == []
    assert new.groups == {
        "kept": {"/a.html": KnownFailure("OK", ("x1",)), "/b.html": KnownFailure("TIMEOUT")},
        "new: never": {"/a.html": KnownFailure("OK", ("z",))},
        "unsteady: time": {"/c.html": KnownFailure()},
    }


def test_what_was_not_explained_is_asked_about_again() -> None:
    old = Expectations(groups={UNEXPLAINED: {"/a.html": KnownFailure("OK", ("x",))}})
    new = updated(old, {"/a.html": result(failed={"x": "no"})}, no_reason)
    assert new.groups == {"new: no": {"/a.html": KnownFailure("OK", ("x",))}}


def test_what_passes_is_no_longer_listed() -> None:
    old = Expectations(groups={"one": {"/a.html": KnownFailure("OK", ("x",))}})
    assert updated(old, {"/a.html": result("x")}, no_reason).groups == {}


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    groups = {"why": {"/a.html": KnownFailure("ERROR", ("x", "y*")), "/b.html": KnownFailure("OK", ("z",))}}
    groups["also"] = {"/a.html": KnownFailure("TIMEOUT")}
    one = Expectations(Figures(2, 9, 6), groups)
    save(one, tmp_path / "html" / "dom.json")
    assert load(tmp_path / "html" / "dom.json") == one
    assert load(tmp_path / "none.json") == Expectations()


def test_a_name_that_both_passed_and_failed_has_failed(tmp_path: Path) -> None:
    raw = {
        "status": "OK",
        "message": None,
        "subtests": [["x", "PASS", None], ["x", "FAIL", "no"], ["y", "NOTRUN", None]],
    }
    (tmp_path / "r.json").write_text(json.dumps({"tests": {"/a.html": raw}}))
    assert read_results(tmp_path / "r.json") == {
        "/a.html": TestResult("OK", frozenset(), {"x": "no", "y": "NOTRUN"}, 3, 1, "")
    }


def test_names_do_not_depend_on_the_ports_of_a_run(tmp_path: Path) -> None:
    raw = {"status": "OK", "subtests": [["http://web-platform.test:28000/ 28000", "FAIL", "at :18443"]]}
    (tmp_path / "r.json").write_text(json.dumps({"tests": {"/a.html": raw}}))
    assert read_results(tmp_path / "r.json")["/a.html"].failed == {"http://web-platform.test:8000/ 28000": "at :8443"}
