"""The examples of RFC 7616, 3.9, and what servers do besides."""

from __future__ import annotations

import re

import pytest

from sanderling.proto.digest import authorization, strength

EXAMPLE = {
    "realm": "http-auth@example.org",
    "qop": "auth, auth-int",
    "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    "opaque": "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
}
CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


def answer(parameters: dict[str, str], *, username: str = "Mufasa", password: str = "Circle of Life") -> str:
    return authorization(
        parameters,
        username=username,
        password=password,
        method="GET",
        uri="/dir/index.html",
        count=1,
        cnonce=CNONCE,
    )


def response(value: str) -> str:
    found = re.search(r'response="([0-9a-f]+)"', value)
    assert found is not None
    return found[1]


def test_the_examples_of_the_standard() -> None:
    assert response(answer({**EXAMPLE, "algorithm": "MD5"})) == "8ca523f5e9506fed4657c9700eebdbec"
    sha = answer({**EXAMPLE, "algorithm": "SHA-256"})
    assert response(sha) == "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    assert sha.startswith('Digest username="Mufasa", realm="http-auth@example.org", ')
    for part in ('uri="/dir/index.html"', "algorithm=SHA-256", "qop=auth", "nc=00000001", f'cnonce="{CNONCE}"'):
        assert part in sha


def test_without_qop_as_in_rfc_2617() -> None:
    parameters = {"realm": "testrealm@host.com", "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093"}
    value = answer(parameters, password="Circle Of Life")
    assert response(value) == "670fd8c2df070c60b045671b8b24ff02"
    assert "qop" not in value
    assert "nc=" not in value


def test_names_beyond_ascii_and_hashed_names() -> None:
    value = answer(EXAMPLE, username="Jäsøn Doe")
    assert "username*=UTF-8''J%C3%A4s%C3%B8n%20Doe" in value
    hashed = answer({**EXAMPLE, "userhash": "true", "algorithm": "SHA-256"}, username="Jäsøn Doe")
    assert "userhash=true" in hashed
    assert re.search(r'username="[0-9a-f]{64}"', hashed)


def test_quotes_are_escaped() -> None:
    assert r'realm="a \"b\" \\c"' in answer({"realm": 'a "b" \\c', "nonce": "1"})


def test_sessions_bind_the_secret_to_the_nonces() -> None:
    plain, session = answer({**EXAMPLE, "algorithm": "MD5"}), answer({**EXAMPLE, "algorithm": "MD5-sess"})
    assert response(plain) != response(session)
    assert "algorithm=MD5-sess" in session


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"nonce": "1"}, 1),
        ({"nonce": "1", "algorithm": "sha-256", "qop": "auth"}, 2),
        ({"nonce": "1", "algorithm": "SHA-256-sess", "qop": "auth-int,auth"}, 2),
        ({"nonce": "1", "qop": "auth-int"}, 0),
        ({"nonce": "1", "algorithm": "unheard-of"}, 0),
        ({"realm": "x"}, 0),
    ],
)
def test_what_can_be_answered(parameters: dict[str, str], expected: int) -> None:
    assert strength(parameters) == expected


def test_names_and_passwords_that_are_no_utf_8() -> None:
    value = answer({**EXAMPLE, "userhash": "false"}, username="\udcff", password="\udcfe")
    assert "username*=UTF-8''%FF" in value
    assert re.search(r'response="[0-9a-f]{32}"', value) is not None
