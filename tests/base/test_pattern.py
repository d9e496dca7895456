"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import sanderling
from sanderling.base import pattern
from sanderling.base.pattern import compile_all, late_pattern


def test_it_has_what_a_pattern_has() -> None:
    late = late_pattern(r"(?P<key>\w+)=(\d+)", re.IGNORECASE)
    plain = re.compile(r"(?P<key>\w+)=(\d+)", re.IGNORECASE)
    found = late.fullmatch("a=1")
    assert found is not None
    assert found["key"] == "a"
    assert late.sub(r"\2", "x a=1 b=22") == "x 1 22"
    assert late.findall("a=1 b=22") == plain.findall("a=1 b=22")
    assert [match.span() for match in late.finditer("a=1 b=22")] == [(0, 3), (4, 8)]
    assert late.search("..a=1", 2) is not None
    assert (late.split("p a=1 q"), late.pattern, late.flags) == (plain.split("p a=1 q"), plain.pattern, plain.flags)
    assert (late.groups, dict(late.groupindex)) == (plain.groups, dict(plain.groupindex))
    assert late_pattern(b"[a-z]+").match(b"ab1") is not None


def test_it_is_compiled_once_and_late(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    compiled = re.compile

    def counting(text: str, flags: int = 0) -> re.Pattern[str]:
        made.append(text)
        return compiled(text, flags)

    monkeypatch.setattr(re, "compile", counting)
    late = late_pattern("x+")
    assert made == []
    assert late.match("xx") is not None
    assert late.search("y") is None
    compile_all()
    assert made.count("x+") == 1
    with pytest.raises(AttributeError, match="no attribute 'matches'"):
        late.matches  # type: ignore[attr-defined]  # noqa: B018


def test_another_thread_may_be_at_it() -> None:
    late = late_pattern("x+")
    late.__dict__["findall"] = re.compile("x+").findall
    assert late.match("xx") is not None


def test_every_pattern_of_a_module_is_late_and_well_formed() -> None:
    names = [found.name for found in pkgutil.walk_packages(sanderling.__path__, "sanderling.")]
    modules = [importlib.import_module(name) for name in names if not name.endswith("__main__")]
    compiled = [
        f"{module.__name__}.{name}"
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern)
    ]
    assert compiled == []
    compile_all()
    assert pattern._waiting == []
