"""Import maps, module specifiers, and the scan for imports."""

from __future__ import annotations

import json

import pytest

from sanderling.base.errors import UsageError
from sanderling.js.modules import ImportMap, ModuleTable, inline_url, resolve_url

BASE = "https://shop.test/app/page.html"


def import_map(value: object, base: str = BASE) -> ImportMap:
    one = ImportMap()
    one.add(json.dumps(value), base)
    return one


@pytest.mark.parametrize(
    ("specifier", "url"),
    [
        ("./a.js", "https://shop.test/app/a.js"),
        ("../a.js", "https://shop.test/a.js"),
        ("/a.js", "https://shop.test/a.js"),
        ("https://other.test/a.js", "https://other.test/a.js"),
        ("data:text/javascript,0", "data:text/javascript,0"),
        ("blob:https://shop.test/1", "blob:https://shop.test/1"),
    ],
)
def test_urls_need_no_map(specifier: str, url: str) -> None:
    assert ImportMap().resolve(specifier, BASE) == url


@pytest.mark.parametrize("specifier", ["lodash", "a/b.js", "", "#x", "?x"])
def test_a_bare_specifier_without_a_map_is_an_error(specifier: str) -> None:
    with pytest.raises(UsageError, match="Failed to resolve module specifier"):
        ImportMap().resolve(specifier, BASE)


def test_bare_names_and_prefixes() -> None:
    one = import_map({"imports": {"lib": "/lib/index.js", "lib/": "/lib/", "lib/deep/": "https://cdn.test/deep/"}})
    assert one.resolve("lib", BASE) == "https://shop.test/lib/index.js"
    assert one.resolve("lib/a.js", BASE) == "https://shop.test/lib/a.js"
    assert one.resolve("lib/deep/a.js", BASE) == "https://cdn.test/deep/a.js"


def test_prefixes_are_not_for_urls_of_other_schemes() -> None:
    one = import_map({"imports": {"data:text/": "/data/", "data:text/a": "/a.js", "https://b.test/": "/b/"}})
    assert one.resolve("data:text/javascript,0", BASE) == "data:text/javascript,0"
    assert one.resolve("data:text/a", BASE) == "https://shop.test/a.js"
    assert one.resolve("https://b.test/x.js", BASE) == "https://shop.test/b/x.js"


def test_an_inline_module_resolves_by_the_base_url_of_its_document() -> None:
    table = ModuleTable()
    table.map.add(json.dumps({"scopes": {"/app/page.html": {"a": "/page.js"}}}), BASE)
    assert table.resolve("a", inline_url(BASE + "#top", 3)) == "https://shop.test/page.js"


def test_urls_can_be_remapped() -> None:
    one = import_map({"imports": {"/a.js": "./b.js", "https://cdn.test/": "/local/"}})
    assert one.resolve("../a.js", BASE) == "https://shop.test/app/b.js"
    assert one.resolve("https://cdn.test/x.js", BASE) == "https://shop.test/local/x.js"


def test_a_map_that_is_nested_too_deep_is_none() -> None:
    with pytest.raises(UsageError, match="Failed to parse import map"):
        ImportMap().add('{"imports":' + "[" * 100_000 + "}", BASE)


def test_scopes_go_before_imports_and_longer_ones_first() -> None:
    one = import_map(
        {
            "imports": {"a": "/top.js"},
            "scopes": {"/app/": {"a": "/app.js"}, "/app/deep/": {"a": "/deep.js"}, "/app/page.html": {"b": "/page.js"}},
        }
    )
    assert one.resolve("a", "https://shop.test/other.js") == "https://shop.test/top.js"
    assert one.resolve("a", "https://shop.test/app/x.js") == "https://shop.test/app.js"
    assert one.resolve("a", "https://shop.test/app/deep/x.js") == "https://shop.test/deep.js"
    assert one.resolve("b", BASE) == "https://shop.test/page.js"


def test_what_is_mapped_to_nothing_is_an_error() -> None:
    one = import_map({"imports": {"a": None, "b": 3, "c/": "/no-slash", "d/": None}})
    for specifier in ("a", "b", "c/x.js", "d/x.js"):
        with pytest.raises(UsageError, match="resolved to null by an import map"):
            one.resolve(specifier, BASE)


def test_a_prefix_cannot_be_left() -> None:
    one = import_map({"imports": {"lib/": "/lib/"}})
    with pytest.raises(UsageError, match="backtracks above its prefix"):
        one.resolve("lib/../secret.js", BASE)


def test_an_earlier_map_wins() -> None:
    one = import_map({"imports": {"a": "/first.js"}})
    one.add('{"imports": {"a": "/second.js", "b": "/b.js"}}', BASE)
    assert one.resolve("a", BASE) == "https://shop.test/first.js"
    assert one.resolve("b", BASE) == "https://shop.test/b.js"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "Failed to parse import map"),
        ("[]", "not an object"),
        ('{"imports": []}', '"imports" is not an object'),
        ('{"scopes": 1}', '"scopes" is not an object'),
        ('{"scopes": {"/a/": []}}', "is not an object"),
    ],
)
def test_a_bad_map_says_why(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ImportMap().add(text, BASE)


def test_unknown_keys_of_a_map_are_nothing() -> None:
    assert import_map({"integrity": {}, "future": 1, "imports": {"": "/x.js"}}).imports == {}


def test_a_table_resolves_by_its_map() -> None:
    table = ModuleTable()
    table.map.add('{"imports": {"a": "./a.js"}}', BASE)
    assert table.resolve("a", BASE) == "https://shop.test/app/a.js"
    assert resolve_url("http://[", BASE) is None


def test_a_later_map_does_not_change_what_was_resolved() -> None:
    one = import_map({"imports": {"a": "/first.js"}})
    assert one.resolve("a", BASE, recorded=True) == resolve_url("/first.js", BASE)
    assert one.resolve("./sub/b.js", BASE, recorded=True) == resolve_url("./sub/b.js", BASE)
    later = {"a": "/second.js", "./sub/": "/moved/", "./sub/c.js": "/c.js"}
    one.add(json.dumps({"imports": later, "scopes": {"/": {"a": "/scoped.js"}, "/other/": {"a": "/scoped.js"}}}), BASE)
    assert one.resolve("a", BASE) == resolve_url("/first.js", BASE)
    assert one.resolve("./sub/b.js", BASE) == resolve_url("./sub/b.js", BASE)
    assert one.resolve("./sub/c.js", BASE) == resolve_url("/c.js", BASE)
    elsewhere = resolve_url("/other/x.js", BASE)
    assert elsewhere is not None
    assert one.resolve("a", elsewhere) == resolve_url("/scoped.js", BASE)
