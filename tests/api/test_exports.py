"""The facade: what it names, and the tree of errors."""

from __future__ import annotations

import inspect
import re

import sanderling
from sanderling.base import errors


def test_all_is_sorted_and_exists() -> None:
    assert list(sanderling.__all__) == sorted(sanderling.__all__)
    for name in sanderling.__all__:
        assert hasattr(sanderling, name), name


def test_every_error_is_public() -> None:
    classes = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, errors.SanderlingError)
    }
    assert classes <= set(sanderling.__all__)


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    assert errors.__doc__ is not None
    drawn: dict[str, str] = {}
    stack: list[tuple[int, str]] = []
    for line in errors.__doc__.splitlines():
        found = re.match(r"(\W*)(\w+Error)\b", line)
        if found is None:
            continue
        depth, name = len(found.group(1)), found.group(2)
        while stack and stack[-1][0] >= depth:
            stack.pop()
        drawn[name] = stack[-1][1] if stack else "Exception"
        stack.append((depth, name))
    real = {
        name: value.__bases__[0].__name__
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, errors.SanderlingError)
    }
    assert drawn == real


def test_the_asynchronous_half_has_every_method_of_the_synchronous_one() -> None:
    pairs = (
        (sanderling.Browser, sanderling.AsyncBrowser),
        (sanderling.Context, sanderling.AsyncContext),
        (sanderling.Page, sanderling.AsyncPage),
        (sanderling.Response, sanderling.AsyncResponse),
    )
    for plain, asynchronous in pairs:
        public = {name for name in vars(plain) if not name.startswith("_")}
        assert public == {name for name in dir(asynchronous) if not name.startswith("_")} & public
