"""Patterns mean all of the names they are made from and none of the others."""

from __future__ import annotations

import random

import pytest

from tests.wpt.patterns import compress, literal, matches


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("a", "a", True),
        ("a", "ab", False),
        ("a*", "ab", True),
        ("a*", "a", True),
        ("a*", "ba", False),
        ("*", "anything", True),
        ("a\\*", "a*", True),
        ("a\\*", "ab", False),
    ],
)
def test_matches(pattern: str, name: str, expected: bool) -> None:
    assert matches(pattern, name) is expected


def test_all_of_a_test_is_one_pattern() -> None:
    assert compress(["one", "two", "three"], []) == ["*"]


def test_a_few_names_are_listed() -> None:
    assert compress(["is b*", "is a"], ["is c"]) == ["is a", "is b\\*"]


def test_many_names_with_one_beginning_are_one_pattern() -> None:
    assert compress(["fails 1", "fails 2", "fails 3", "odd"], ["falls", "passes"]) == ["fai*", "odd"]


def test_a_name_that_begins_others_is_listed() -> None:
    assert compress(["a"], ["ab", "abc"]) == ["a"]


def test_patterns_mean_just_the_names_they_are_made_from() -> None:
    seeded = random.Random(7)
    for _ in range(300):
        names = {"".join(seeded.choices("ab*\\", k=seeded.randint(1, 6))) for _ in range(20)}
        failed = {name for name in names if seeded.random() < 0.5}
        patterns = compress(failed, names - failed)
        assert {name for name in names if any(matches(one, name) for one in patterns)} == failed


def test_literal_is_undone_by_matches() -> None:
    assert matches(literal("x*"), "x*")
    assert not matches(literal("x*"), "xy")
