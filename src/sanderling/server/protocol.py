"""What `/json/protocol` says: the methods and events that are real here, generated from the tables that serve them.

Thread: any.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import inspect

from sanderling.cdp.domains import DOMAINS
from sanderling.server.browser_methods import CONTEXT_METHODS
from sanderling.server.hub_domains import EVENTS, METHODS, REFUSED

_TYPES: tuple[tuple[type[inspect.Type], str], ...] = (
    (inspect.AnyType, "any"),
    (inspect.StrType, "string"),
    (inspect.BoolType, "boolean"),
    (inspect.IntType, "integer"),
    (inspect.FloatType, "number"),
    (inspect.VarTupleType, "array"),
    (inspect.TupleType, "array"),
    (inspect.ListType, "array"),
)


def _type_of(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.UnionType):
        kinds = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
        return _type_of(kinds[0]) if len(kinds) == 1 else "any"
    for cls, name in _TYPES:
        if isinstance(kind, cls):
            return name
    return "object"


def _command(name: str, params: type[Any]) -> dict[str, Any]:
    out: dict[str, Any] = {"name": name}
    described = inspect.type_info(params)
    if isinstance(described, inspect.StructType) and described.fields:
        out["parameters"] = [
            {"name": field.encode_name, "type": _type_of(field.type), **({} if field.required else {"optional": True})}
            for field in described.fields
        ]
    return out


def _split(names: Iterable[str]) -> Iterable[tuple[str, str]]:
    for name in names:
        domain, _, rest = name.partition(".")
        yield domain, rest


def describe(*, debugger: bool = False) -> dict[str, Any]:
    """Give the description as Chromium writes it: domains with commands and events.

    Args:
        debugger: whether isolates have V8's inspector.
    """
    commands: dict[str, dict[str, type[Any]]] = {}
    events: dict[str, set[str]] = {}
    for table in (METHODS, CONTEXT_METHODS):
        for name, (params, _) in table.items():
            domain, method = name.split(".")
            if name in REFUSED:
                continue
            commands.setdefault(domain, {})[method] = params
    for one in DOMAINS:
        for name, method_of in one.methods.items():
            if name not in one.refused and (debugger or name not in one.with_debugger):
                commands.setdefault(one.name, {})[name.partition(".")[2]] = method_of.params
        events.setdefault(one.name, set()).update(
            event for event in one.events if debugger or f"{one.name}.{event}" not in one.with_debugger
        )
    for domain, event in _split(EVENTS):
        events.setdefault(domain, set()).add(event)
    return {
        "version": {"major": "1", "minor": "3"},
        "domains": [
            {
                "domain": domain,
                "commands": [_command(name, params) for name, params in sorted(commands.get(domain, {}).items())],
                "events": [{"name": name} for name in sorted(events.get(domain, ()))],
            }
            for domain in sorted(commands.keys() | events.keys())
        ],
    }


def protocol_document(*, debugger: bool = False) -> bytes:
    """Give the description as JSON."""
    return msgspec.json.encode(describe(debugger=debugger))
