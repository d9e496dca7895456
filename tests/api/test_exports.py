"""The facade: what it names, and the tree of errors beside its description."""

from __future__ import annotations

import inspect
import re

import sanderling
from sanderling.base import errors


def test_all_is_sorted_and_there() -> None:
    assert sanderling.__all__ == sorted(sanderling.__all__)
    assert len(set(sanderling.__all__)) == len(sanderling.__all__)
    for name in sanderling.__all__:
        assert getattr(sanderling, name) is not None


def test_every_error_is_exported() -> None:
    classes = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, errors.SanderlingError)
    }
    assert classes <= set(sanderling.__all__)


def test_the_tree_of_errors_is_the_described_one() -> None:
    parents: dict[str, str] = {}
    stack: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"^ {4}([│ ├└─]*)([A-Z]\w+)", line)
        if found is None:
            continue
        depth = len(found.group(1))
        while stack and stack[-1][0] >= depth:
            stack.pop()
        if stack:
            parents[found.group(2)] = stack[-1][1]
        stack.append((depth, found.group(2)))
    actual = {
        name: next(base.__name__ for base in value.__bases__ if issubclass(base, errors.SanderlingError))
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, errors.SanderlingError) and value is not errors.SanderlingError
    }
    assert parents == actual


def test_errors_are_also_what_python_calls_them() -> None:
    assert issubclass(sanderling.TimeoutError, TimeoutError)
    assert issubclass(sanderling.UsageError, ValueError)


def test_both_apis_have_the_same_methods() -> None:
    """What one half has and the other lacks is named here."""
    pairs: tuple[tuple[type, type, set[str]], ...] = (
        (sanderling.Browser, sanderling.AsyncBrowser, {"context_with"}),
        (sanderling.Context, sanderling.AsyncContext, set()),
        (sanderling.Page, sanderling.AsyncPage, {"response_body"}),
        (sanderling.Response, sanderling.AsyncResponse, set()),
    )
    for sync, other, extra in pairs:
        names = {name for name in vars(other) if not name.startswith("_")}
        assert {name for name in vars(sync) if not name.startswith("_")} == names - extra
        for name in names - extra:
            mine, theirs = getattr(sync, name), getattr(other, name)
            if inspect.isfunction(theirs):
                assert list(inspect.signature(mine).parameters) == list(inspect.signature(theirs).parameters), name
