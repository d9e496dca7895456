"""The sources of `web/`: their order, their rules, and what they are made into."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanderling.js.web_order import SourceError, order
from sanderling.js.web_sources import NO_PLAN, Plan, SourceMap, sources
from tests.js.folders import folder


def test_the_order_file_has_comments_and_blank_lines(tmp_path: Path) -> None:
    web = folder(tmp_path, "# first\n\na.js  # why\nb.js\n")
    assert order(web) == ["a.js", "b.js"]


def test_files_become_one_strict_function_in_order(tmp_path: Path) -> None:
    web = folder(
        tmp_path,
        "a.js\nb.js\n",
        a="export const one = 1;\nexport function two() {}\n",
        b="import {\n  one,\n  two,\n} from './a.js';\nexport let three = one;\n",
    )
    _, text, _, positions = sources(web)
    assert text.startswith("(function (web) { web(true); web(false); ")
    assert "import" not in text
    assert "export" not in text
    assert text.index("const one") < text.index("let three")
    assert positions.locate(2) == "a.js:1"
    line = next(number for number, line in enumerate(text.splitlines(), 1) if "three" in line)
    assert positions.locate(line) == "b.js:5"


def test_a_class_without_a_parent_has_a_prototype_without_one(tmp_path: Path) -> None:
    files = {
        "a": "export class A {\n  m() {\n  }\n}\nclass B {}\nclass C extends A {\n}\n",
        "b": "class D {\n}\nexport const d = () => new D();\n",
    }
    made = sources(folder(tmp_path, "a.js\nfamily late\nb.js\nend\n", **files))
    script = made.script.splitlines()
    assert script[1:8] == [
        "class A{",
        "m(){",
        "}",
        "}bareClass(A);",
        "class B{}bareClass(B);",
        "class C extends A{",
        "}",
    ]
    assert "'late': (make) => make(bareClass)" in script[0]
    assert "}bareClass(D);" in made.families["late"].splitlines()


def test_positions_are_translated_in_a_stack() -> None:
    positions = SourceMap(((2, "a.js"), (10, "dom/b.js")))
    assert positions.translate("at f (sanderling:web:12:3), page.js:12:3") == "at f (web/dom/b.js:3:3), page.js:12:3"


def test_positions_in_families_are_translated() -> None:
    positions = SourceMap(((2, "a.js"),), (("late", ((2, "b.js"), (5, "c.js"))),))
    assert positions.translate("at g (sanderling:web/late:6:1)") == "at g (web/c.js:2:1)"


@pytest.mark.parametrize(
    ("order_text", "files", "message"),
    [
        ("a.js\na.js\n", {"a": ""}, r"web/order\.txt: a\.js stands there twice"),
        ("gone.js\n", {}, r"web/gone\.js: No such file"),
        ("a.js\n", {"a": "const x = 'é';\n"}, r"web/a\.js: not ASCII at byte 11"),
        (
            "a.js\n",
            {"a": "\nimport { x } from './b.js';\n", "b": "export const x = 1;\n"},
            r"web/a\.js:2: imports b\.js, which is not in",
        ),
        (
            "b.js\na.js\n",
            {"a": "import { y } from './b.js';\n", "b": "export const x = 1;\n"},
            r"web/a\.js:1: web/b\.js does not export 'y'",
        ),
        (
            "a.js\nb.js\n",
            {"a": "function f() {}\n", "b": "export class f {}\n"},
            r"declared twice: f \(web/a\.js and web/b\.js\)",
        ),
        ("a.js\n", {"a": "let x = 1;\nexport default x;\n"}, r"web/a\.js:2: only `import"),
        ("a.js\n", {"a": "let x = 1;\nexport { x };\n"}, r"web/a\.js:2: only `import"),
        ("family x\n", {}, "family x has not ended"),
        ("a.js\nend\n", {"a": ""}, r"web/order\.txt:2: no family ends here"),
        ("family x\na.js\nfamily y\n", {"a": ""}, r"web/order\.txt:3: family x has not ended"),
        ("family x\nend\nfamily x\nend\n", {}, r"web/order\.txt:3: family x stands there twice"),
        (
            "a.js\nfamily x\nb.js\nend\n",
            {"a": "\nimport { y } from './b.js';\n", "b": "export const y = 1;\n"},
            r"web/a\.js:2: y is of the family x, which gives others only functions",
        ),
        (
            "a.js\nfamily x\nb.js\nend\n",
            {"a": "export let y = 1;\n", "b": "import { y } from './a.js';\n"},
            r"web/b\.js:1: y may change, and a family takes values",
        ),
        (
            "family x\na.js\nend\nfamily z\nb.js\nend\n",
            {"a": "import { y } from './b.js';\n", "b": "export class y {}\n"},
            r"web/a\.js:1: y is of the family z, which comes later",
        ),
        (
            "a.js\nbuild\nb.js\nend\n",
            {"a": "import { y } from './b.js';\n", "b": "export function y() {}\n"},
            r"web/a\.js:1: web/b\.js is only there when the plan is made",
        ),
        ("a.js\n", {"a": "import * as b from './b.js';\n"}, r"web/a\.js:1: only `import"),
    ],
)
def test_a_file_that_breaks_the_rules_is_named(
    tmp_path: Path, order_text: str, files: dict[str, str], message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        sources(folder(tmp_path, order_text, **files))


def test_a_family_is_a_function_of_what_it_imports(tmp_path: Path) -> None:
    made = sources(
        folder(
            tmp_path,
            "a.js\nfamily late\nb.js\nc.js\nend\nfamily later\nd.js\nend\n",
            a="import { two } from './b.js';\nexport const one = 1;\nexport function run() { return two(); }\n",
            b="import { one } from './a.js';\nexport function two() { return one + three; }\nonHost('say', two);\n",
            c="import { four } from './d.js';\nexport const three = 3;\nconst x = () => four();\n",
            d="import { three } from './c.js';\nexport function four() { return three; }\n",
        )
    )
    head = made.script.splitlines()[0]
    assert "'late': (make) => make(one, lazyFunction)" in head
    assert "'later': (make) => make(loadFamily)" in head
    assert "familyEntries = {__proto__: null, 'say': 'late'}" in head
    assert "two = lazyFunction('late', 'two')" in head
    assert "three" not in made.script
    late = made.families["late"].splitlines()
    assert late[0] == ", (function (one, lazyFunction) {'use strict'; const four = lazyFunction('later', 'four');"
    assert late[-2:] == ["return {__proto__: null, two, three};", "})]"]
    assert (
        made.families["later"].splitlines()[0]
        == ", (function (loadFamily) {'use strict'; const {three} = loadFamily('late');"
    )
    assert made.positions.locate(6, "late") == "c.js:2"


def test_the_plan_is_made_of_all_files_and_then_only_its_outcome_counts(tmp_path: Path) -> None:
    made = sources(
        folder(
            tmp_path,
            "a.js\nbuild\nb.js\nend\nfamily late\nc.js\nend\nd.js\n",
            a="const a = defineInterface(`\n[Exposed=Window]\ninterface A {};\n`, {});\n",
            b="import { c } from './c.js';\nconst b = 1;\n",
            c="export const c = defineInterface(`interface C {};`, {});\n",
            d="const d = 1;\n",
        )
    )
    planner = made.planner.splitlines()
    assert "interface A {};" in planner
    assert planner[-4:] == [
        "const b=1;",
        "enterGroup('late', null);const c=defineInterface(`interface C {};`,{});",
        "enterGroup('', null);const d=1;",
        "});",
    ]
    assert made.positions.locate(7, "plan") == "b.js:2"
    script, texts = made.planned(Plan({"": "A,0,0,", "late": "C,1,1,"}, "", "return {eager: 1};", {"C": "(code of C)"}))
    assert "interface A" not in script
    assert "const b=1" not in script
    assert "return{eager:1};" in script
    assert texts["late"].startswith('["C,1,1,", (function ()')
    assert texts["interface.C"] == "(code of C)"


def test_without_a_plan_there_is_none(tmp_path: Path) -> None:
    made = sources(folder(tmp_path, "a.js\n", a="const a = 1;\n"))
    assert made.planner == ""
    assert "const a=1;" in made.planned(NO_PLAN)[0]
