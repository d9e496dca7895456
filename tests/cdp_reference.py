"""Writes `docs/reference/cdp.md`: every method and event of the protocol, and how far each is real here.

The protocol is the one of the package `devtools-protocol`, which the clients' packages bring along. `python -m tests.cdp_reference FOLDER`
writes the page, FOLDER being the package's; a test compares it with the tables that serve.

Thread: any.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from sanderling.cdp.dispatch import Params
from sanderling.cdp.domains import DOMAINS, WORKER_METHODS, downloads, permissions
from sanderling.server.browser_methods import CONTEXT_METHODS
from sanderling.server.hub_domains import EVENTS, METHODS, REFUSED

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "cdp.md"
BEGIN = "<!-- What follows is written by `python -m tests.cdp_reference`. -->\n"


class Served(msgspec.Struct):
    """A method that is answered."""

    kinds: list[type[Any]]  # what it takes, by whom
    on: list[str]  # kinds of sessions
    why: str = ""  # it is refused
    with_debugger: bool = False  # else it is refused

    def names(self) -> set[str]:
        """Give the parameters that are known."""
        return {name for kind in self.kinds for name in kind.__struct_fields__}

    def refused(self) -> list[str]:
        """Give those that are refused."""
        return sorted({name for kind in self.kinds if issubclass(kind, Params) for name in kind.REFUSED})

    def without_effect(self) -> dict[str, str]:
        """Give those that change nothing, and why."""
        out: dict[str, str] = {}
        for kind in self.kinds:
            if issubclass(kind, Params):
                out.update(kind.WITHOUT_EFFECT)
        return out


CONTEXT_PARAMS = {**downloads.PARAMS, **permissions.PARAMS}
"""What workers read of methods that the hub hands on."""


def served() -> dict[str, Served]:
    """Give what is answered, by full names."""
    out: dict[str, Served] = {}
    for name, (kind, _) in METHODS.items():
        out[name] = Served([kind], ["every"], REFUSED.get(name, ""))
    for name, (kind, _) in CONTEXT_METHODS.items():
        out[name] = Served([kind], ["browser"])
    for domain in DOMAINS:
        for name, method in domain.methods.items():
            one = out.setdefault(name, Served([], []))
            one.kinds.append(method.params)
            one.on.append("page")
            one.why = domain.refused.get(name, "")
            one.with_debugger = name in domain.with_debugger
            if name in WORKER_METHODS:
                one.on.append("worker")
    for name, kind in CONTEXT_PARAMS.items():
        out[name].kinds.append(kind)
    return out


def sent() -> set[str]:
    """Give the events that are sent."""
    return set(EVENTS) | {f"{domain.name}.{name}" for domain in DOMAINS for name in domain.events}


def protocol(folder: Path) -> list[dict[str, Any]]:
    """Read the protocol's domains from the package."""
    files = ("browser_protocol.json", "js_protocol.json")
    domains = [one for name in files for one in msgspec.json.decode((folder / "json" / name).read_bytes())["domains"]]
    return sorted(domains, key=lambda one: str(one["domain"]))


def unknown_parameters(domains: list[dict[str, Any]]) -> list[str]:
    """Give the parameters of the protocol's that a method which is served says nothing of."""
    known = served()
    return [
        f"{domain['domain']}.{command['name']}: {parameter['name']}"
        for domain in domains
        for command in domain.get("commands", ())
        if (one := known.get(f"{domain['domain']}.{command['name']}")) is not None and not one.why
        for parameter in command.get("parameters", ())
        if parameter["name"] not in one.names()
    ]


def _method_row(name: str, one: Served | None) -> str:
    if one is None:
        return f"| `{name}` | no | | |"
    if one.why:
        return f"| `{name}` | refused | {', '.join(one.on)} | {one.why} |"
    refused, idle = one.refused(), one.without_effect()
    notes = ["with `--debugger` only"] if one.with_debugger else []
    if refused:
        notes.append("refuses " + ", ".join(f"`{parameter}`" for parameter in refused))
    for reason in dict.fromkeys(idle.values()):
        names = ", ".join(f"`{parameter}`" for parameter, why in idle.items() if why == reason)
        notes.append(f"{names} without effect: {reason}")
    return f"| `{name}` | {'partly' if refused else 'real'} | {', '.join(one.on)} | {'; '.join(notes)} |"


def _domain(domain: dict[str, Any], known: dict[str, Served], events: set[str]) -> Iterator[str]:
    name = domain["domain"]
    methods = [f"{name}.{one['name']}" for one in domain.get("commands", ())]
    yield f"## {name}\n"
    if any(one in known for one in methods):
        yield "| method | here | sessions | |\n| --- | --- | --- | --- |"
        yield from (_method_row(one, known[one]) for one in methods if one in known)
        yield ""
    absent = [one for one in methods if one not in known]
    if absent:
        yield f"Absent: {', '.join(f'`{one}`' for one in absent)}.\n"
    told = [f"{name}.{one['name']}" for one in domain.get("events", ())]
    if any(one in events for one in told):
        yield f"Events sent: {', '.join(f'`{one}`' for one in told if one in events)}.\n"
    never = [one for one in told if one not in events]
    if never:
        yield f"Events never sent: {', '.join(f'`{one}`' for one in never)}.\n"


def write(domains: list[dict[str, Any]]) -> str:
    """Give the generated part of the page."""
    known, events = served(), sent()
    methods = [f"{one['domain']}.{command['name']}" for one in domains for command in one.get("commands", ())]
    told = [f"{one['domain']}.{event['name']}" for one in domains for event in one.get("events", ())]
    rows = [known[name] for name in methods if name in known]
    counts = (
        f"Of {len(methods)} methods {sum(not one.why for one in rows)} are real or partly so, "
        f"{sum(bool(one.why) for one in rows)} are refused with the reason, "
        f"{len(methods) - len(rows)} are absent (error -32601). Of {len(told)} events {len(events & set(told))} are sent.\n"
    )
    lines = [counts]
    for domain in domains:
        lines.extend(_domain(domain, known, events))
    return "\n".join(lines)


def main() -> int:
    """Write the page."""
    head = PAGE.read_text("utf-8").partition(BEGIN)[0]
    PAGE.write_text(head + BEGIN + "\n" + write(protocol(Path(sys.argv[1]))), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
