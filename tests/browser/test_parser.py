"""Parsing into the flat form, and decoding."""

from __future__ import annotations

import json

import pytest

from sanderling.base.errors import NavigationError
from sanderling.browser.html_encoding import charset_to_use
from sanderling.browser.parser import (
    FUNCTIONS,
    canonical_encoding,
    decode_text,
    known_encoding,
    parse_document,
    parse_fragment,
    parse_input,
    to_utf8,
)


def flat(markup: bytes | str, *, charset: str = "", content_type: str = "text/html") -> list[object]:
    items = json.loads(parse_document(markup, charset=charset, content_type=content_type).data)
    assert isinstance(items, list)
    return items


def fragment(markup: str, context: str = "div") -> list[object]:
    items = json.loads(parse_fragment(markup, context))
    assert isinstance(items, list)
    return items


def test_a_document() -> None:
    assert flat("<!doctype html><title>T</title><p class='a b' hidden>x<!--c--></p>") == [
        3, "html", "", "",
        1, "html", 0, 0,
        1, "head", 0, 0, 1, "title", 0, 0, "T", 0, 0,
        1, "body", 0, 0, 1, "p", 0, 2, "class", "a b", "hidden", "", "x", 2, "c", 0, 0,
        0,
    ]  # fmt: skip


@pytest.mark.parametrize("piece", [b"<meta ", b"<meta charset ", b"<meta charset=" + b" " * 9])
def test_the_search_for_an_encoding_reads_a_document_once(piece: bytes) -> None:
    assert charset_to_use(piece * 100_000 + b"<p>", known_encoding) == ""  # with a search from each piece: hours


@pytest.mark.parametrize(
    "markup",
    [
        "<table><colgroup><col a=1></col><COL/></COL></colgroup><tbody>",
        b"<table><colgroup><col a=1></col><col/></col></colgroup><tbody>",
    ],
)
def test_end_tags_of_columns_are_ignored(markup: bytes | str) -> None:
    columns = [1, "colgroup", 0, 0, 1, "col", 0, 1, "a", "1", 0, 1, "col", 0, 0, 0, 0]
    items = flat(markup)
    start = items.index("colgroup") - 1
    assert items[start : start + len(columns)] == columns
    assert fragment("<col a=1></col><col></col>", "colgroup") == [1, "col", 0, 1, "a", "1", 0, 1, "col", 0, 0, 0]


def test_what_looks_like_the_end_of_a_column_stays_in_scripts_and_comments() -> None:
    items = flat("<script>x = '<col></col>'</script><!--<col></col>--><title><col></col></title><col></col>")
    assert {"x = '<col></col>'", "<col></col>"} <= set(items)
    assert len([item for item in items if item == "<col></col>"]) == 2
    assert "<col></col>" in flat("<p></col><!--<col></col>")


def test_positions_of_scripts_stay_where_ends_of_columns_were() -> None:
    [_, whole, _] = json.loads(parse_input("<table><col></col></table><script>1</script>", "<p>"))
    assert whole[whole.index(7) : whole.index(7) + 4] == [7, 1, 35, 44]


def test_a_doctype_keeps_its_ids() -> None:
    items = flat('<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">')
    assert items[:4] == [3, "html", "-//W3C//DTD HTML 4.01//EN", "http://www.w3.org/TR/html4/strict.dtd"]


def test_foreign_elements_say_their_namespace() -> None:
    assert fragment("<svg viewBox='0 0 1 1'><foreignObject><p></p></foreignObject></svg><math><mi>x</mi></math>") == [
        1, "svg", 1, 1, "viewBox", "0 0 1 1", 1, "foreignObject", 1, 0, 1, "p", 0, 0, 0, 0, 0,
        1, "math", 2, 0, 1, "mi", 2, 0, "x", 0, 0,
    ]  # fmt: skip


def test_a_templates_contents_stand_within_it() -> None:
    assert fragment("<template><b>x</b></template>y") == [1, "template", 0, 0, 1, "b", 0, 0, "x", 0, 0, "y"]


def test_a_declarative_shadow_root() -> None:
    items = flat("<div><template shadowrootmode=open shadowrootdelegatesfocus><b></b></template>z</div>")
    where = items.index("div")
    assert items[where : where + 13] == ["div", 0, 0, 6, "open", 1, 1, "b", 0, 0, 0, 0, "z"]


def test_a_script_says_where_its_text_begins() -> None:
    items = flat("<!doctype html>\n\n  <script>1</script>")
    assert items[items.index(7) : items.index(7) + 3] == [7, 3, 11]


def test_noscript_is_text_while_scripts_run() -> None:
    items = flat("<body><noscript><p>x</noscript>")
    assert items[items.index("noscript") + 3] == "<p>x"
    without = json.loads(parse_fragment("<noscript><p>x</noscript>", "div", scripting=False))
    assert "p" in without


def test_attribute_values_keep_their_white_space() -> None:
    assert fragment("<a class='  x   y ' rel=' a  b' href=' /z '>")[4:10] == [
        "class",
        "  x   y ",
        "rel",
        " a  b",
        "href",
        " /z ",
    ]


@pytest.mark.parametrize(
    "context", ["tr", "select", "template", "my-element", "svg path", "math mi", "title", "script"]
)
def test_any_element_can_be_a_context(context: str) -> None:
    assert fragment("x", context) == ["x"]


def test_a_context_decides() -> None:
    assert fragment("<td>x", "tr") == [1, "td", 0, 0, "x", 0]
    assert fragment("<td>x", "div") == ["x"]


@pytest.mark.parametrize(
    ("markup", "charset", "name", "text"),
    [
        ("é".encode(), "utf-8", "UTF-8", "é"),
        (b"\xe9", "latin1", "windows-1252", "é"),
        (b"\xe9", "", "windows-1252", "é"),
        (b"<meta charset=iso-8859-2>\xb1", "", "ISO-8859-2", "ą"),
        (b"<meta charset=iso-8859-2>\xe9", "windows-1252", "windows-1252", "é"),
        (b"\xef\xbb\xbf\xc3\xa9", "shift_jis", "UTF-8", "é"),
        ("\ufeffé".encode("utf-16-le"), "", "UTF-16LE", "é"),
        ("\ufeffé".encode("utf-16-be"), "utf-8", "UTF-16BE", "é"),
        ("日本".encode("shift_jis"), "Shift_JIS", "Shift_JIS", "日本"),
        ("日本".encode("euc_jp"), "x-euc-jp", "EUC-JP", "日本"),
        ("é".encode(), "no-such-charset", "UTF-8", "é"),
    ],
)
def test_the_encoding_of_a_document(markup: bytes, charset: str, name: str, text: str) -> None:
    tree = parse_document(
        b"<!doctype html>" + markup if not markup.startswith((b"\xef\xbb", b"\xff\xfe", b"\xfe\xff")) else markup,
        charset=charset,
    )
    if charset == "no-such-charset":
        # An unknown label counts as none; what the guess then is, is not fixed by the standard.
        assert tree.encoding
        return
    assert tree.encoding == name
    assert text in json.loads(tree.data)


def test_a_string_is_utf8() -> None:
    assert parse_document("<meta charset=shift_jis>").encoding == "UTF-8"


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("latin1", "windows-1252"),
        ("UTF8", "UTF-8"),
        ("gb2312", "GBK"),
        ("sjis", "Shift_JIS"),
        ("nonsense", "UTF-8"),
        ("", "UTF-8"),
    ],
)
def test_names_of_encodings(label: str, name: str) -> None:
    assert canonical_encoding(label) == name


def test_text_that_is_no_html() -> None:
    assert decode_text(b"\xef\xbb\xbf\xc3\xa9", "latin1") == "é"
    assert decode_text("\ufeffé".encode("utf-16-le"), "") == "é"
    assert decode_text(b"\xe9", "latin1") == "é"
    assert decode_text(b"\xe9", "") == "\ufffd"
    assert decode_text(b"\xe9", "nonsense") == "\ufffd"


def test_resources_become_utf8() -> None:
    assert to_utf8(b"\xe9", "text/javascript; charset=latin1", "utf-8") == "é".encode()
    assert to_utf8(b"\xe9", "text/javascript", "windows-1252") == "é".encode()
    assert to_utf8("é".encode(), "text/javascript; charset=utf-8", "windows-1252") == "é".encode()
    assert to_utf8(b"\xef\xbb\xbfx", "text/javascript; charset=latin1", "latin1") == b"x"
    assert to_utf8("\ufeffé".encode("utf-16-le"), "text/css", "utf-8") == "é".encode()


def test_xml() -> None:
    items = flat(
        b'<?xml version="1.0"?><!DOCTYPE r><r a="1"><![CDATA[<]]><?go x?><!--c--></r>', content_type="text/xml"
    )
    assert items == [3, "r", "", "", 1, "r", "", 1, "a", "1", 5, "<", 4, "go", "x", 2, "c", 0]


def test_xml_namespaces() -> None:
    items = flat(b'<h:p xmlns:h="http://www.w3.org/1999/xhtml"/>', content_type="application/xml")
    assert items[:3] == [1, "h:p", 0]


@pytest.mark.parametrize(
    "markup",
    [b"<a>", b"<a></b>", b"", b"<a b=c/>", b"<a/><b/>", b"&x;", b"<a>&nbsp;</a>", b"\xff<a/>"],
)
def test_xml_that_is_not_well_formed(markup: bytes) -> None:
    with pytest.raises(NavigationError, match="not well-formed XML"):
        parse_document(markup, content_type="application/xhtml+xml")


def test_entities_of_xml_cannot_grow_without_end() -> None:
    lines = ["<!DOCTYPE a [<!ENTITY e0 'xxxxxxxxxx'>"]
    lines += [f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 10)]
    with pytest.raises(NavigationError):
        parse_document("".join([*lines, "]><a>&e9;</a>"]).encode(), content_type="text/xml")


def test_an_external_entity_is_not_read() -> None:
    markup = b"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>"
    try:
        text = parse_document(markup, content_type="text/xml").data
    except NavigationError:
        return
    assert b"root:" not in text


def test_deep_nesting_is_no_recursion() -> None:
    items = flat("<div>" * 100_000)
    assert items.count("div") > 500


def test_questions_of_page_code() -> None:
    payload = {"context": "p", "scripting": True, "shadow": True}
    text, data = FUNCTIONS["parse.fragment"](payload, "<b>é</b>".encode())
    assert (text, json.loads(data or b"")) == ("null", [1, "b", 0, 0, "é", 0])
    text, data = FUNCTIONS["parse.document"]({"xml": True}, b"<a>")
    assert "not well-formed" in json.loads(text)["error"]
    assert data == b"[]"


@pytest.mark.parametrize(
    ("head", "texts"),
    [
        ("<body>ab", ["ab"]),
        ("<body>ab<", ["ab"]),
        ("<body>ab<!-- c > d", ["ab"]),
        ("<body>ab<i title='x", ["ab"]),
        ("<body>ab&am", ["ab"]),
        ("<body><textarea>a<b", ["a"]),
        ("<body><script>if (a<b", ["if (a"]),
    ],
)
def test_what_is_sure_of_an_input_stream_ends_before_open_tokens(head: str, texts: list[str]) -> None:
    sure, whole, _ = json.loads(parse_input(head, "x>--></textarea></script>"))
    strings = [
        item for item in sure if isinstance(item, str) and item not in ("html", "head", "body", "textarea", "script")
    ]
    assert strings == texts
    assert sure[-1] != 0
    assert len(whole) > len(sure)


def test_what_the_end_of_the_input_makes_is_not_sure() -> None:
    sure, _, _ = json.loads(parse_input("<script>1</script>", ""))
    assert sure[-2:] == ["1", 0]
    assert "body" not in sure


def test_a_script_of_which_the_head_holds_only_the_beginning_is_open() -> None:
    sure, _, _ = json.loads(parse_input("<script>run()", ""))
    assert sure[-1] == "run()"
