from __future__ import annotations

import pytest

from sanderling.proto.challenge import parse_challenges


@pytest.mark.parametrize(
    ("value", "realms"),
    [
        ('Basic realm="a b"', ["a b"]),
        ("basic realm=plain", ["plain"]),
        ("Basic", [""]),
        ('Digest realm="x, Basic realm=no", nonce="1", Basic realm="yes", charset="UTF-8"', ["yes"]),
        ('Basic realm="quote \\" in it", Basic realm=second', ['quote " in it', "second"]),
        ("Negotiate", []),
        ("Negotiate YII=, Basic realm=x", ["x"]),
        ("", []),
        (",,,", []),
        ('Basic realm="never closed', [""]),
    ],
)
def test_basic_challenges(value: str, realms: list[str]) -> None:
    found = parse_challenges([value], "Server", "https://a.test")
    assert [challenge.realm for challenge in found if challenge.scheme == "basic"] == realms
    assert all((challenge.source, challenge.origin) == ("Server", "https://a.test") for challenge in found)


def test_the_strongest_comes_first() -> None:
    value = "Basic realm=b, Digest realm=m, nonce=1, Digest realm=s, nonce=2, algorithm=SHA-256, Digest realm=x"
    found = parse_challenges([value], "Proxy", "http://p.test")
    assert [(one.scheme, one.realm) for one in found] == [("digest", "s"), ("digest", "m"), ("basic", "b")]
    assert found[0].parameters == {"realm": "s", "nonce": "2", "algorithm": "SHA-256"}
