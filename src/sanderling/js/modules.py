"""ES modules: which URL a specifier means (import maps), what a module imports, and the table that the engine's loader looks in.

The graph is fetched by whoever owns the table, before evaluation; what a scan of the source did not find is asked for when the engine comes to it.

Thread: any; the tables are written by the worker and read by the engine's thread, one entry at a time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sized
from typing import Any, TypeAlias

import ada_url

from sanderling.base.errors import UsageError

SpecifierMap: TypeAlias = Mapping[str, str | None]

MAX_MODULES = 20_000
"""Modules of one document."""

MAX_RECORDED_LENGTH = 2048
"""Of a specifier that later import maps may not change, and of a URL whose importer is known."""


def is_recordable(name: str, known: Sized) -> bool:
    """Whether one more specifier or URL may be remembered: `import.meta.resolve` gives as many of them as page code likes."""
    return len(name) <= MAX_RECORDED_LENGTH and len(known) < MAX_MODULES


class ImportMap:
    """https://html.spec.whatwg.org/multipage/webappapis.html#import-maps."""

    def __init__(self) -> None:
        self.imports: dict[str, str | None] = {}
        self.scopes: dict[str, dict[str, str | None]] = {}
        self.integrity: dict[str, str] = {}  # by URL: integrity metadata of modules that say none themselves
        self.resolved: set[tuple[str, str, bool]] = (
            set()
        )  # "resolved module set": base URL, specifier, may match a prefix

    def add(self, source: str, base: str) -> None:
        """Merge a map; what was there before stays (HTML, "merge existing and new import maps").

        Raises:
            UsageError: it is no import map; the text says why.
        """
        try:
            parsed: Any = json.loads(source)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"Failed to parse import map: {error}") from error
        if not isinstance(parsed, dict):
            raise UsageError("Failed to parse import map: not an object")
        imports = _specifiers(parsed.get("imports", {}), base, "imports")
        scopes = parsed.get("scopes", {})
        if not isinstance(scopes, dict):
            raise UsageError('Failed to parse import map: "scopes" is not an object')
        tables: dict[str, dict[str, str | None]] = {}
        for prefix, table in scopes.items():
            specifiers = _specifiers(table, base, prefix)
            if (url := resolve_url(prefix, base)) is not None:
                tables[url] = specifiers
        integrity = parsed.get("integrity", {})
        if not isinstance(integrity, dict):
            raise UsageError('Failed to parse import map: "integrity" is not an object')
        for key, value in integrity.items():
            url = _url_like(key, base)
            if url is not None and isinstance(value, str):
                self.integrity.setdefault(url, value)
        # What was resolved already keeps its meaning: rules that would give it another one are dropped.
        for url, specifiers in tables.items():
            known = self.scopes.setdefault(url, {})
            inside = [one for one in self.resolved if _in_scope(one[0], url)]
            for key, value in specifiers.items():
                if not any(_would_match(key, specifier, prefixes) for _, specifier, prefixes in inside):
                    known.setdefault(key, value)
        for key, value in imports.items():
            if not any(_would_match(key, specifier, prefixes) for _, specifier, prefixes in self.resolved):
                self.imports.setdefault(key, value)

    def resolve(self, specifier: str, base: str, *, recorded: bool = False) -> str:
        """Give the URL of a module (HTML, "resolve a module specifier").

        Args:
            specifier: as the importing module has it.
            base: URL of that module.
            recorded: later maps may not change what it means.

        Raises:
            UsageError: nothing says what the specifier means.
        """
        url, normalized, prefixes = self._find(specifier, base)
        if recorded and is_recordable(normalized, self.resolved):
            self.resolved.add((base, normalized, prefixes))
        return url

    def _find(self, specifier: str, base: str) -> tuple[str, str, bool]:
        as_url = _url_like(specifier, base)
        normalized = as_url if as_url is not None else specifier
        prefixes = as_url is None or as_url.partition(":")[0] in _SPECIAL
        for prefix in sorted(self.scopes, key=len, reverse=True):
            if _in_scope(base, prefix):
                found = _match(normalized, self.scopes[prefix], prefixes=prefixes)
                if found is not None:
                    return found, normalized, prefixes
        found = _match(normalized, self.imports, prefixes=prefixes)
        if found is not None:
            return found, normalized, prefixes
        if as_url is not None:
            return as_url, normalized, prefixes
        raise UsageError(f'Failed to resolve module specifier "{specifier}". {HOW_RELATIVE}')


HOW_RELATIVE = 'Relative references must start with either "/", "./", or "../".'

_SPECIAL = frozenset({"ftp", "file", "http", "https", "ws", "wss"})


def _in_scope(base: str, prefix: str) -> bool:
    return prefix == base or (prefix.endswith("/") and base.startswith(prefix))


def _would_match(key: str, specifier: str, prefixes: bool) -> bool:
    return key == specifier or (prefixes and key.endswith("/") and specifier.startswith(key))


def _specifiers(table: Any, base: str, name: str) -> dict[str, str | None]:
    if not isinstance(table, dict):
        raise UsageError(f'Failed to parse import map: "{name}" is not an object')
    out: dict[str, str | None] = {}
    for key, value in table.items():
        if key == "":
            continue
        normalized = _url_like(key, base) or key
        address = _url_like(value, base) if isinstance(value, str) else None
        if address is not None and key.endswith("/") and not address.endswith("/"):
            address = None
        out[normalized] = address
    return out


def _match(normalized: str, table: SpecifierMap, *, prefixes: bool) -> str | None:
    """HTML, "resolve an imports match"; keys that end in a slash are not for URLs of other than special schemes."""
    if normalized in table:
        address = table[normalized]
        if address is None:
            raise UsageError(f'The specifier "{normalized}" was resolved to null by an import map')
        return address
    for key in sorted(table, key=len, reverse=True) if prefixes else ():
        if not key.endswith("/") or not normalized.startswith(key):
            continue
        address = table[key]
        if address is None:
            raise UsageError(f'The specifier "{normalized}" was resolved to null by an import map')
        url = resolve_url(normalized[len(key) :], address)
        if url is None or not url.startswith(address):
            raise UsageError(f'The specifier "{normalized}" backtracks above its prefix "{key}"')
        return url
    return None


def resolve_url(text: str, base: str | None = None) -> str | None:
    """Give a serialised URL, or None when it cannot be parsed."""
    try:
        return ada_url.URL(text, base=base).href if base is not None else ada_url.URL(text).href
    except ValueError:
        return None


def _url_like(specifier: str, base: str) -> str | None:
    if specifier.startswith(("/", "./", "../")):
        return resolve_url(specifier, base)
    return resolve_url(specifier)


_INLINE = "#inline-module-"


def inline_url(base: str, number: int) -> str:
    """Give an inline module script a URL of its own: stack traces and the engine's table tell modules apart by them."""
    return f"{base.partition('#')[0]}{_INLINE}{number}"


def base_of(url: str) -> str:
    """Give the base URL of a module."""
    return url.partition(_INLINE)[0]


class ModuleTable:
    """What the modules of one document are: sources by URL, and where redirects led."""

    def __init__(self) -> None:
        self.map = ImportMap()
        self.sources: dict[str, str] = {}
        self.json: set[str] = set()  # URLs of those that are JSON modules
        self.types: dict[str, str] = {}  # by URL: the type that an import gave, where it gave one
        self.bases: dict[str, str] = {}  # by URL: where redirects led, if there were any
        self.policies: dict[str, str] = {}  # by URL: the referrer policy of what it imports
        self.errors: dict[str, str] = {}  # URLs that could not be fetched, and why
        self.throwing: dict[str, str] = {}  # by URL: sources of modules that throw, which nobody asked for yet
        self.replaced: set[str] = (
            set()
        )  # URLs that `import()` could not have: the engine has a module that throws in their place
        self._thrown = 0

    def thrown(self, message: str) -> str:
        """Give the URL of a module that throws a TypeError: the engine would put words of its own before what a loader raises."""
        self._thrown += 1
        url = f"sanderling-thrown:{self._thrown}"
        self.throwing[url] = f"throw new TypeError({json.dumps(message)});"
        return url

    def resolve(self, specifier: str, referrer: str, *, recorded: bool = False) -> str:
        """Resolve for the engine, or (not recorded) for fetching ahead of it.

        Raises:
            UsageError: see `ImportMap.resolve`.
        """
        return self.map.resolve(specifier, self.base(referrer), recorded=recorded)

    def base(self, url: str) -> str:
        """Give the base URL of a module: its own, after redirects; of an inline script, its document's."""
        return self.bases.get(url) or base_of(url)
