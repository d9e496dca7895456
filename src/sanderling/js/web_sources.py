"""The sources of `web/`: read, checked, and made into the one script of the startup snapshot and the texts of its lazy families.

Strategy. Files of no family are evaluated together as one function scope when the snapshot is built. The files of a *family* (`order.txt`)
become a function of their own, whose text stays outside of the snapshot until something of it is first used (`web/families.js`): its parameters
are what it imports from the one scope, its result is what others import from it. Who imports from a family gets a function that loads it when called.

Two steps. The *plan* of the interfaces (`web/webidl/plan.js`) is made first, by a script of all files; those between `build` and `end` in
`order.txt` are in nothing else. It numbers the interfaces and has the code of their members generated: of those that the rehearsal uses for
the snapshot, of the others for texts outside, one each.

Thread: any.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from sanderling.base.pattern import late_pattern
from sanderling.js.compact import compact
from sanderling.js.web_order import BUILD, WEB, SourceError, listed

SCRIPT = "sanderling:web"
"""The name of the one script; a family's is this, a slash, and its own."""

PLANNER = f"{SCRIPT}/plan"
"""The name of the script that makes the plan."""

_IMPORT = late_pattern(r"^import\s*\{([^}]*)\}\s*from\s*'([^']+)';[ \t]*$", re.MULTILINE)
_EXPORT = late_pattern(r"^export (?=(?:async )?(?:const|let|function|class)\b)", re.MULTILINE)
_DECLARED = late_pattern(
    r"^(?:export )?(?:async )?(?:function\*?|class|const|let|var) ([A-Za-z_$][\w$]*)", re.MULTILINE
)
_COMMENT_LINE = late_pattern(r"^[ \t]*//[^\n]*$", re.MULTILINE)
_EXPORTED = late_pattern(
    r"^export (?:async )?(const|let|function\*?|class)\s+(?:\{([^}]*)\}|([A-Za-z_$][\w$]*))", re.MULTILINE
)
_BAD = late_pattern(r"^(?:export\s*\{|export\s+default|import\s+[^{])", re.MULTILINE)
_ENTRY = late_pattern(r"^onHost\('([^']+)'", re.MULTILINE)

# WebIDL as the first argument of a call: only the plan reads it.
_IDL = late_pattern(
    r"(?<=\()`(\s*(?:\[[^`]*?\]\s*)?(?:(?:partial )?(?:interface|namespace|dictionary|enum|typedef|callback)\b|\w+ includes )[^`]*)`"
)

_BASE_CLASS = late_pattern(r"^class ([A-Za-z_$][\w$]*) \{(?:\}|.*?\n\})", re.MULTILINE | re.DOTALL)
"""A top-level class that extends none, to its end."""

_BARE_CLASS = "bareClass"
"""What takes `Object.prototype` away from a class that extends none: accessors that a page puts there would see, and divert, what is set on instances."""

_BARE = (
    f"const {_BARE_CLASS} = ((set) => (made) => {{ set(made.prototype, null); }})(globalThis.Object.setPrototypeOf); "
)

_LOADER = ("loadFamily", "lazyFunction")
"""What the made texts call; `web/families.js` has them."""


class SourceMap(NamedTuple):
    """Which lines of the scripts come from which file."""

    starts: tuple[tuple[int, str], ...]
    """Of the one script: first line (1-based) of each file and its path below `web/`."""
    families: tuple[tuple[str, tuple[tuple[int, str], ...]], ...] = ()
    """The same of the families, by name."""

    def locate(self, line: int, family: str = "") -> str:
        """Give ``path:line`` for a line of the one script, or of a family's."""
        path, start = "?", 1
        for first, name in dict(self.families).get(family, ()) if family else self.starts:
            if first > line:
                break
            path, start = name, first
        return f"{path}:{line - start + 1}"

    def translate(self, text: str) -> str:
        """Replace positions in the scripts by positions in files, as in a stack trace."""
        return re.sub(
            SCRIPT + r"(?:/([a-z][a-z\d-]*))?:(\d+)",
            lambda found: "web/" + self.locate(int(found.group(2)), found.group(1) or ""),
            text,
        )


class Plan(msgspec.Struct, frozen=True):
    """What `web/webidl/plan.js` gives."""

    calls: dict[str, str]
    """By family, the one scope's under the empty name: what each call of defineInterface declares."""
    exposed: str
    """Where interface objects are, a line each."""
    eager: str
    """The body of the function that makes the interfaces of the snapshot."""
    parts: dict[str, str]
    """By name: texts for the others."""


NO_PLAN = Plan({}, "", "return {__proto__: null};", {})


class Sources(NamedTuple):
    """What `web/` is made into."""

    planner: str
    """The script that makes the plan: it leaves JSON in the global variable `sanderlingPlan`. Empty where no file is for that."""
    script: str
    """Evaluated while the snapshot is built, with the plan in that variable."""
    families: dict[str, str]
    """Texts by name: each is an expression whose value is a function."""
    positions: SourceMap

    def planned(self, plan: Plan) -> tuple[str, dict[str, str]]:
        """Give the script of the snapshot, and all texts that stay outside of it."""
        script = self.script.replace(_EAGER, _EAGER + compact(plan.eager), 1)
        texts = {
            name: _FAMILY_HEAD + json.dumps(plan.calls.get(name, "")) + text for name, text in self.families.items()
        }
        return script, texts | {f"interface.{name}": compact(text) for name, text in plan.parts.items()}


_FAMILY_HEAD = "["
_EAGER = "function eagerInterfaceParts(lib, o) {\n"


class _Import(NamedTuple):
    name: str
    target: str
    """A path below `web/`."""
    where: str
    """For messages."""


class _File:
    """One file: what it gives, what it takes, and its text without either word."""

    def __init__(self, web: Path, path: str, family: str) -> None:
        self.path = path
        self.family = family
        try:
            self.text = (web / path).read_text("ascii")
        except UnicodeDecodeError as error:
            raise SourceError(f"web/{path}: not ASCII at byte {error.start}") from error
        except OSError as error:
            raise SourceError(f"web/{path}: {error.strerror}") from error
        self.exports: dict[str, str] = {}
        """Names to the word that declares them."""
        for found in _EXPORTED.finditer(self.text):
            kind, pattern, name = found.groups()
            names = [name] if name else [part.split(":")[-1].strip() for part in pattern.split(",") if part.strip()]
            self.exports.update(dict.fromkeys(names, kind))

    def where(self, at: int) -> str:
        return f"web/{self.path}:{self.text.count(chr(10), 0, at) + 1}"

    def imports(self) -> Iterator[_Import]:
        for found in _IMPORT.finditer(self.text):
            target = os.path.normpath(os.path.join(os.path.dirname(self.path), found.group(2)))
            for name in (part.strip() for part in found.group(1).split(",")):
                if name:
                    yield _Import(name, target, self.where(found.start()))

    def check(self) -> None:
        bad = _BAD.search(self.text)
        if bad is not None and not _IMPORT.match(self.text, bad.start()):
            raise SourceError(
                f"{self.where(bad.start())}: only `import {{ a }} from '…';` and `export` before a declaration"
            )

    def body(self, *, idl: bool = False) -> str:
        body = _IMPORT.sub(lambda found: "\n" * found.group(0).count("\n"), self.text)
        if not idl:
            body = _IDL.sub(lambda found: "''" + "\n" * found.group(0).count("\n"), body)
        body = _EXPORT.sub("", body)
        if self.family != BUILD:
            body = _BASE_CLASS.sub(rf"\g<0>{_BARE_CLASS}(\g<1>);", body)
        body = compact(_COMMENT_LINE.sub("", body))
        return body if body.endswith("\n") else body + "\n"

    def has_base_class(self) -> bool:
        """Tell whether a top-level class extends none."""
        return _BASE_CLASS.search(_EXPORT.sub("", self.text)) is not None


class _Family:
    """What crosses the border of a family."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.takes: dict[str, None] = {}
        """Names of the one scope, in order."""
        self.loads: dict[str, dict[str, None]] = {}
        """Families that must be there before this one, and what it takes from them."""
        self.calls: dict[str, str] = {}
        """Functions of other families, and whose they are."""
        self.gives: dict[str, None] = {}
        self.entries: list[str] = []
        self.files: list[_File] = []

    def parameters(self) -> list[str]:
        needed = [name for name, used in zip(_LOADER, (self.loads, self.calls), strict=True) if used]
        if any(file.has_base_class() for file in self.files):
            needed.append(_BARE_CLASS)
        return list(dict.fromkeys([*self.takes, *needed]))


class _Assembly:
    def __init__(self, web: Path) -> None:
        self.files = [_File(web, path, family) for path, family in listed(web)]
        self.by_path = {file.path: file for file in self.files}
        self.families: dict[str, _Family] = {}
        self.calls: dict[str, str] = {}
        """Functions of families that the one scope calls, and whose they are."""
        for file in self.files:
            if file.family and file.family != BUILD:
                family = self.families.setdefault(file.family, _Family(file.family))
                family.files.append(file)
                family.entries += _ENTRY.findall(file.text)
        _check_unique(self.files)
        for file in self.files:
            file.check()
            for taken in file.imports():
                self._take(file, taken)

    def _take(self, file: _File, taken: _Import) -> None:
        name, target, where = taken
        source = self.by_path.get(target)
        if source is None:
            raise SourceError(f"{where}: imports {target}, which is not in web/order.txt")
        kind = source.exports.get(name)
        if kind is None:
            raise SourceError(f"{where}: web/{target} does not export {name!r}")
        if file.family in (source.family, BUILD):
            return
        if source.family == BUILD:
            raise SourceError(f"{where}: web/{target} is only there when the plan is made")
        if kind == "let" and file.family:
            raise SourceError(f"{where}: {name} may change, and a family takes values: import a function that gives it")
        if not source.family:
            self.families[file.family].takes[name] = None
            return
        self.families[source.family].gives[name] = None
        if kind.startswith("function"):
            calls = self.families[file.family].calls if file.family else self.calls
            calls[name] = source.family
            return
        if not file.family:
            raise SourceError(f"{where}: {name} is of the family {source.family}, which gives others only functions")
        families = list(self.families)
        if families.index(source.family) > families.index(file.family):
            raise SourceError(
                f"{where}: {name} is of the family {source.family}, which comes later and gives only functions to this one"
            )
        self.families[file.family].loads.setdefault(source.family, {})[name] = None

    def planner(self) -> tuple[str, tuple[tuple[int, str], ...]]:
        if not any(file.family == BUILD for file in self.files):
            return "", ()
        head = "(function (web) { web(true); })(function (rehearsal) {'use strict'; "
        head += _BARE + "const familyImports = null, familyEntries = {__proto__: null}, interfacePlan = null;\n"
        body, starts = _join(self.files, idl=True)
        return head + body + "});\n", starts

    def script(self) -> tuple[str, tuple[tuple[int, str], ...]]:
        files = [file for file in self.files if not file.family]
        body, starts = _join(files)
        # Evaluated twice: the first time to be rehearsed and thrown away, so that the second, fresh one finds its functions compiled (web/rehearsal.js).
        head = [
            "(function (web) { web(true); web(false); delete globalThis.sanderlingPlan; })(function (rehearsal) {'use strict';"
        ]
        head += [
            _BARE,
            " const interfacePlan = {__proto__: null, ...globalThis.sanderlingPlan, parts: eagerInterfaceParts}",
        ]
        head += [", familyImports = {__proto__: null"]
        for family in self.families.values():
            head += [f", '{family.name}': (make) => make({', '.join(family.parameters())})"]
        head += ["}, familyEntries = {__proto__: null"]
        for family in self.families.values():
            head += [f", '{kind}': '{family.name}'" for kind in family.entries]
        head += ["}", *(f", {call}" for call in _calls(self.calls)), ";"]
        end = 2 + body.count("\n")
        return "".join(head) + "\n" + body + _EAGER + "}\n});\n", (*starts, (end, "webidl/generate.js made"))

    def family(self, family: _Family) -> tuple[str, tuple[tuple[int, str], ...]]:
        body, starts = _join(family.files)
        head = [f", (function ({', '.join(family.parameters())}) {{'use strict';"]
        for name, names in family.loads.items():
            head += [f" const {{{', '.join(names)}}} = loadFamily('{name}');"]
        head += [f" const {call};" for call in _calls(family.calls)]
        result = ", ".join(["__proto__: null", *family.gives])
        return f"{''.join(head)}\n{body}return {{{result}}};\n}})]\n", starts


def _calls(calls: dict[str, str]) -> list[str]:
    return [f"{name} = lazyFunction('{family}', '{name}')" for name, family in calls.items()]


def _join(files: list[_File], *, idl: bool = False) -> tuple[str, tuple[tuple[int, str], ...]]:
    """Join the bodies of files, whose first is on the second line; with their IDL it is said whose they are."""
    starts = []
    line = 2
    bodies = []
    group = ""
    for file in files:
        body = file.body(idl=idl)
        family = "" if file.family == BUILD else file.family
        if idl and family != group:
            body = f"enterGroup('{family}', null);{body}"
            group = family
        starts.append((line, file.path))
        bodies.append(body)
        line += body.count("\n")
    return "".join(bodies), tuple(starts)


def _check_unique(files: list[_File]) -> None:
    """Refuse a top-level name that two files declare: functions would override each other in silence."""
    owners: dict[str, str] = {}
    clashes = []
    for file in files:
        for found in _DECLARED.finditer(file.text):
            name = found.group(1)
            if owners.setdefault(name, file.path) != file.path:
                clashes.append(f"{name} (web/{owners[name]} and web/{file.path})")
    if clashes:
        raise SourceError("declared twice: " + ", ".join(clashes))


@cache
def sources(web: Path = WEB) -> Sources:
    """Make the script of `web/` and the texts of its families.

    Raises:
        SourceError: a file breaks the rules; the text names file and line.
    """
    assembly = _Assembly(web)
    script, starts = assembly.script()
    made = {family.name: assembly.family(family) for family in assembly.families.values()}
    planner, all_starts = assembly.planner()
    positions = SourceMap(starts, (("plan", all_starts), *((name, places) for name, (_, places) in made.items())))
    return Sources(planner, script, {name: text for name, (text, _) in made.items()}, positions)
