from __future__ import annotations

import pytest

from sanderling.proto.cookie_scope import PartitionKey, partition_key, same_site_context
from sanderling.proto.url import Url, parse, parse_origin


def url(text: str) -> Url:
    found = parse(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("passed", "initiator", "expected"),
    [
        ((), "https://www.a.test", "strict"),
        (("https://b.test/",), "https://www.a.test", "cross-site"),
        (("https://x.a.test/",), "https://www.a.test", "strict"),
        (("http://a.test/",), "https://www.a.test", "cross-site"),  # schemeful
    ],
)
def test_a_redirect_through_another_site_makes_a_request_cross_site(
    passed: tuple[str, ...], initiator: str, expected: str
) -> None:
    context = same_site_context(
        target=url("https://a.test/"),
        method="GET",
        mode="cors",
        top_level=False,
        initiator=parse_origin(initiator),
        site_for_cookies=url("https://www.a.test/"),
        passed=[url(text) for text in passed],
    )
    assert context == expected


def test_what_a_person_asks_for_may_be_redirected() -> None:
    for initiator, expected in ((None, "strict"), (parse_origin("https://a.test"), "lax")):
        context = same_site_context(
            target=url("https://a.test/"),
            method="GET",
            mode="navigate",
            top_level=True,
            initiator=initiator,
            site_for_cookies=None,
            passed=[url("https://short.test/")],
        )
        assert context == expected


def test_a_foreign_ancestor_makes_it_cross_site() -> None:
    context = same_site_context(
        target=url("https://a.test/"),
        method="GET",
        mode="no-cors",
        top_level=False,
        initiator=parse_origin("https://a.test"),
        site_for_cookies=url("https://a.test/"),
        cross_site_ancestor=True,
    )
    assert context == "cross-site"


@pytest.mark.parametrize(
    ("target", "top", "ancestor", "expected"),
    [
        ("https://x.a.test/", "https://a.test/", False, PartitionKey("https://a.test", False)),
        ("https://b.test/", "https://a.test/", False, PartitionKey("https://a.test", True)),
        ("https://a.test/", "https://a.test/", True, PartitionKey("https://a.test", True)),
        ("http://a.test/", "https://a.test/", False, PartitionKey("https://a.test", True)),
        ("https://a.test/", "data:,x", False, None),
    ],
)
def test_partitions(target: str, top: str, ancestor: bool, expected: PartitionKey | None) -> None:
    found = partition_key(url(target), top_level=False, site_for_cookies=url(top), cross_site_ancestor=ancestor)
    assert found == expected


def test_a_top_level_document_is_its_own_partition() -> None:
    assert partition_key(url("https://x.b.test/"), top_level=True, site_for_cookies=url("https://a.test/")) == (
        "https://b.test",
        False,
    )
