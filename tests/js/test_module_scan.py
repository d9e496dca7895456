"""What a module imports, found without parsing it."""

from __future__ import annotations

import pytest

from sanderling.js.module_scan import imports_of, types_of


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import './a.js';", ["./a.js"]),
        ('import "./a.js"', ["./a.js"]),
        ("import a from './a.js'", ["./a.js"]),
        ("import{a}from'./a.js'", ["./a.js"]),
        ("import a,{b as c}from'./a.js'", ["./a.js"]),
        ("import * as a from './a.js'", ["./a.js"]),
        ("import*as a from'./a.js'", ["./a.js"]),
        ("import {\n  a,\n  b,\n} from './a.js';", ["./a.js"]),
        ("export * from './a.js'", ["./a.js"]),
        ("export * as n from './a.js'", ["./a.js"]),
        ("export { a, b as default } from './a.js'", ["./a.js"]),
        ("export{a}from'./a.js'", ["./a.js"]),
        ("import './a.js'; import './b.js'\nimport './a.js'", ["./a.js", "./b.js"]),
        ("import a from 'a';import b from 'b';import'c'", ["a", "b", "c"]),
        ("import $, { _x } from 'a'", ["a"]),
        ("import data from './d.json' with { type: 'json' }", ["./d.json"]),
        ("const a = 1;\nexport { a };\nexport default a;", []),
        ("import('./later.js')", []),
        ("import { important, exporter as from } from './a.js'", ["./a.js"]),
        ("import from from './a.js'", ["./a.js"]),
        ("Array.from('abc')", []),
        ("say(`it is from 'here'`)", []),
        ("important from './a.js'", []),
        ("import.meta.url", []),
        ("", []),
        ("// import './a.js'", []),
        ("/* import './a.js' */ import './b.js'", ["./b.js"]),
        ("/*\n * import x from './a.js'\n */\nimport x from './b.js'", ["./b.js"]),
        ("import { a, // the first\n  /* and */ b } from './a.js'", ["./a.js"]),
        ("import/**/a/**/from/**/'./a.js'", ["./a.js"]),
        ("export * /* from './b.js' */ from './a.js'", ["./a.js"]),
        ("say(\"\\n import './a.js'; \")\nimport './b.js'", ["./b.js"]),
        ("say('it\\'s; import \"./a.js\"')\nimport './b.js'", ["./b.js"]),
        ("const t = `\nimport './a.js'\n`\nimport './b.js'", ["./b.js"]),
        ("const t = `${f({a: `\nimport './a.js'`})}\nimport './c.js'`\nimport './b.js'", ["./b.js"]),
        ("const t = `\\`\nimport './a.js'`\nimport './b.js'", ["./b.js"]),
        ("const q = /['\"`]/g\nimport './a.js'", ["./a.js"]),
        ("const q = a / b; const t = '/'; import './a.js'", ["./a.js"]),
        ("f(/[/`]/, x => `a`)\nimport './a.js'", ["./a.js"]),
        ("return /`/\nimport './a.js'", ["./a.js"]),
        ("a++ / b[0\nf(/[`]/)\nimport './a.js'", ["./a.js"]),
        ("#! import './a.js'\nimport './b.js'", ["./b.js"]),
        ("const a = `never ends\nimport './a.js'", []),
        ("import './a.js'; const t = `goes on \\\nhere`", ["./a.js"]),
        ("import './a.js'; const t = `${a}goes on \\\n${here}`", ["./a.js"]),
        ("import './a.js'; const t = '\\\n'", ["./a.js"]),
        ("import './a.js'\n//# sourceMappingURL=a.js.map", ["./a.js"]),
    ],
)
def test_static_imports_are_found(source: str, found: list[str]) -> None:
    assert imports_of(source) == found


def test_the_scan_of_a_long_source_is_quick() -> None:
    """A regular expression that backtracks without bound would never end here (the test's own timeout)."""
    assert imports_of("import " + "a, " * 50_000) == []
    assert imports_of("import a, " * 20_000) == []
    assert imports_of("import a, " * 20_000 + "from 'a'") == ["a"]
    assert imports_of("import a from " * 20_000) == []
    assert imports_of("export const x = {" + "a: 'b', " * 50_000 + "}") == []
    assert imports_of("`${" * 20_000 + "import 'a'") == []
    assert imports_of("x = /" + "[" * 50_000 + "\nimport 'a'") == ["a"]
    assert imports_of("/* " * 50_000 + "*/import 'a'") == ["a"]
    assert imports_of("'" + "\\'" * 50_000 + "\nimport 'a'") == ["a"]
    assert imports_of("/[" * 200_000 + "\nimport 'a'") == ["a"]
    assert imports_of("(/[a" * 200_000 + "\nimport 'a'") == ["a"]
    assert imports_of("from'" * 500_000 + "\nimport 'a'") == ["a"]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import d from './d.json' with { type: 'json' }", {"./d.json": "json"}),
        ("import d from './d.css' with {'type': \"css\"}", {"./d.css": "css"}),
        ("import('./d.json', { with: { type: 'json' } })", {"./d.json": "json"}),
        ("// import d from './d.json' with { type: 'json' }", {}),
        ("import d from './d.json' /* with { type: 'css' } */ with { type: 'json' }", {"./d.json": "json"}),
        ("say(\"import d from './d.json' with { type: 'json' }\")", {}),
    ],
)
def test_types_are_found(source: str, found: dict[str, str]) -> None:
    assert types_of(source) == found
