"""What is measured, the rules for reasons, and that every file in the tree belongs to something."""

from __future__ import annotations

import pytest

from tests.wpt.expectations import UNEXPLAINED, load
from tests.wpt.folders import EXPECTATIONS, HERE, folder_of, folders
from tests.wpt.page import page
from tests.wpt.reasons import explain, read_rules, reason_by

FILES = sorted(EXPECTATIONS.rglob("*.json"))


def test_a_test_belongs_to_the_folder_it_is_in() -> None:
    assert folder_of("/html/dom/a/b.html?c=/d") == folders()["html/dom"]
    assert folder_of("/dom/a.html") == folders()["dom"]
    assert folder_of("/html/other/a.html") is None


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(EXPECTATIONS).as_posix())
def test_expectations_are_of_a_folder_and_of_its_tests(file: object) -> None:
    folder = next(one for one in folders().values() if one.expectations == file)
    for tests in load(folder.expectations).groups.values():
        assert {folder_of(test) for test in tests} == {folder}


def test_the_slice_names_folders_that_are_measured() -> None:
    lines = [line.strip() for line in (HERE / "slice.txt").read_text("utf-8").splitlines()]
    include = [line for line in lines if line and line[0] not in "#!"]
    assert include
    assert [line for line in include if folder_of(f"/{line}/x.html") is None and folder_of(f"/{line}") is None] == []


def test_the_first_rule_that_fits_gives_the_reason() -> None:
    rules = read_rules('[[rule]]\nreason = "a"\ntest = "^/x"\n[[rule]]\nreason = "b"\nmessage = "no"\nsubtest = "s$"\n')
    assert reason_by(rules, "/x/y.html", "t", "") == "a"
    assert reason_by(rules, "/y.html", "as", "no!") == "b"
    assert reason_by(rules, "/y.html", "at", "no!") == UNEXPLAINED


def test_the_rules_can_be_read() -> None:
    assert explain("/dom/parts/x.html", "", "") != UNEXPLAINED


def test_the_page_has_a_row_for_every_folder_that_is_measured() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| ")]
    assert len(rows) == len(FILES) + 4  # head, rule, sum, mean
