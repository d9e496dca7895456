"""No parameter of a method is accepted and ignored: each is read by the function that performs the method, refused, or cannot matter."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import msgspec
import msgspec.inspect
import pytest

import sanderling
from sanderling.browser.emulation import ClientHints
from sanderling.cdp.dispatch import NoParams, Params, decode_params
from sanderling.cdp.domains import DOMAINS
from sanderling.cdp.domains.page import FontSizes
from sanderling.cdp.errors import CdpError
from sanderling.server.browser_methods import CONTEXT_METHODS
from sanderling.server.hub_domains import METHODS as HUB_METHODS

ALL = "*"


def methods() -> Iterator[tuple[str, type[Any], Callable[..., Any]]]:
    """Go over the methods with their parameters and what performs them."""
    for domain in DOMAINS:
        for name, method in domain.methods.items():
            yield name, method.params, method.run
    for table in (HUB_METHODS, CONTEXT_METHODS):
        for name, (params, run) in table.items():
            yield name, params, run


def read_fields(function: object, parameter: str, kind: type[Any], seen: set[tuple[str, str]]) -> set[str]:
    """Give the attributes of a parameter that a function reads, also in the functions that it hands the parameter on to.

    `ALL` among them: it is handed on to something that is no function of ours.
    """
    if not isinstance(function, FunctionType) or not function.__module__.startswith("sanderling."):
        return {ALL}
    if (function.__qualname__, parameter) in seen:
        return set()
    seen.add((function.__qualname__, parameter))
    found: set[str] = set()
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if isinstance(node, ast.Attribute) and _is(node.value, parameter):
            method = getattr(kind, node.attr, None)
            if isinstance(method, FunctionType):
                found |= read_fields(method, "self", kind, seen)
            else:
                found.add(node.attr)
        if not isinstance(node, ast.Call):
            continue
        handed: list[int | str] = [index for index, one in enumerate(node.args) if _is(one, parameter)]
        handed += [key.arg for key in node.keywords if key.arg is not None and _is(key.value, parameter)]
        for place in handed:
            called = _called(function, node.func)
            if called is getattr and isinstance(node.args[1], ast.Constant):
                found.add(str(node.args[1].value))
                continue
            name = _parameter(called, place) if isinstance(called, FunctionType) else ""
            found |= read_fields(called, name, kind, seen)
    return found


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _parameter(function: FunctionType, place: int | str) -> str:
    return place if isinstance(place, str) else list(inspect.signature(function).parameters)[place]


def _called(function: FunctionType, called: ast.expr) -> object:
    if isinstance(called, ast.Name):
        closed = inspect.getclosurevars(function)
        return {**closed.builtins, **closed.globals, **closed.nonlocals}.get(called.id)
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        return getattr(function.__globals__.get(called.value.id), called.attr, None)
    return None


def declared(kind: type[Any]) -> tuple[set[str], set[str]]:
    """Give the names that parameters refuse, and those that have no effect and say why."""
    if not issubclass(kind, Params):
        return set(), set()
    assert all(kind.WITHOUT_EFFECT.values())
    return set(kind.REFUSED), set(kind.WITHOUT_EFFECT)


@pytest.mark.parametrize(("name", "kind", "run"), [pytest.param(*one, id=one[0]) for one in methods()])
def test_each_parameter_is_read_refused_or_without_effect(name: str, kind: type[Any], run: Callable[..., Any]) -> None:
    first, second = list(inspect.signature(run).parameters)
    read = read_fields(run, second, kind, set())
    if name in HUB_METHODS or name in CONTEXT_METHODS:
        # Handed on as they came, to be read by the worker.
        read |= {ALL} if "params" in read_fields(run, first, msgspec.Struct, set()) else set()
    refused, without_effect = declared(kind)
    fields = set(kind.__struct_fields__)
    if ALL not in read:
        assert fields - read == refused | without_effect
    assert not refused & without_effect
    assert (refused | without_effect) <= fields


def _nested(kind: msgspec.inspect.Type) -> Iterator[type[Any]]:
    if isinstance(kind, msgspec.inspect.StructType):
        yield kind.cls
        for field in kind.fields:
            yield from _nested(field.type)
    elif isinstance(kind, msgspec.inspect.UnionType):
        for one in kind.types:
            yield from _nested(one)
    elif isinstance(kind, msgspec.inspect.ListType | msgspec.inspect.VarTupleType):
        yield from _nested(kind.item_type)


def test_the_fields_of_what_parameters_hold_are_read_too() -> None:
    tops = {kind for _, kind, _ in methods()}
    inner = {one for kind in tops for one in _nested(msgspec.inspect.type_info(kind))} - tops
    assert len(inner) > 10
    sources = [path.read_text("utf-8") for path in Path(sanderling.__file__).parent.rglob("*.py")]
    attributes = {
        node.attr for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)
    }
    # Some are compared, or handed to page code, as a whole.
    inner -= {ClientHints, FontSizes}
    unread = {
        f"{kind.__name__}.{name}"
        for kind in inner
        for name in set(kind.__struct_fields__) - attributes - declared(kind)[1]
    }
    assert unread == set()


def test_what_is_refused_may_have_its_default_value() -> None:
    for name, kind, _ in methods():
        for field in msgspec.structs.fields(kind):
            if field.name in declared(kind)[0]:
                assert not field.required, f"{name}: {field.name}"


class Some(Params, frozen=True, kw_only=True):
    """Of a method that is none."""

    REFUSED = ("hidden",)

    url: str
    hidden: bool = False


def test_a_refused_parameter_is_named() -> None:
    assert decode_params(Some, b'{"url":"a","hidden":false}').url == "a"
    with pytest.raises(CdpError, match="'hidden' is not supported"):
        decode_params(Some, b'{"url":"a","hidden":true}')
    assert decode_params(NoParams, b"null") == NoParams()
