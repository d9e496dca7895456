"""What the engine keeps of the source of `web/`."""

from __future__ import annotations

import pytest

from sanderling.js.compact import compact


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("const a = b + 1;  // why", "const a=b+1;"),
        ("  // all of a line\n  return 'x  // y';", "\nreturn'x  // y';"),
        ("a + +b - -c", "a+ +b- -c"),
        ("a++ + b", "a++ +b"),
        ("a / b / c", "a / b / c"),
        ("x = /[/ ']  \\/ +/g .y", "x= /[/ ']  \\/ +/g.y"),
        ("if (a < !--b) c()", "if(a< !--b)c()"),
        ("static #a = 1; has(o) { return #a in o; }", "static #a=1;has(o){return #a in o;}"),
        ("`  a ${ f({ b: `  c  ` }, '}') }  // d` + e", "`  a ${ f({ b: `  c  ` }, '}') }  // d`+e"),
        ("`\\`  ` + '`'  + a", "`\\`  `+'`'+a"),
        ("get [n]() { /*#*/ return  1; }", "get[n](){ /*#*/ return 1;}"),
        ("a ? .5 : b", "a?.5:b"),
        ('"  \\"  "  in  c', '"  \\"  "in c'),
    ],
)
def test_what_separates_nothing_is_dropped(source: str, made: str) -> None:
    assert compact(source) == made


def test_lines_stay_where_they_are() -> None:
    source = "a = `\n  b\n` ;  \n\n  // c\n\td = 1\n"
    assert compact(source) == "a=`\n  b\n`;\n\n\nd=1\n"
    assert compact(source).count("\n") == source.count("\n")


def test_text_without_an_end_is_left_as_it_is() -> None:
    assert compact("a = `b  ${ c") == "a=`b  ${ c"
