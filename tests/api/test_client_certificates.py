"""Client certificates by origin."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme

from sanderling import Browser, NetworkError, UsageError
from tests.network.peers import answer, serving


def test_each_origin_is_shown_its_own(browser: Browser, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    tls.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(tls)
    mine = authority.issue_cert("me@client.test")
    mine.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    mine.private_key_pem.write_to_path(tmp_path / "key.pem")
    page_of = answer(b"<title>known</title>", "Content-Type: text/html")
    with serving(lambda _: page_of, tls=tls) as one, serving(lambda _: page_of, tls=tls) as other:
        shown = {"origin": one.url, "certPath": str(tmp_path / "cert.pem"), "keyPath": str(tmp_path / "key.pem")}
        with browser.new_context(ca_file=str(tmp_path / "ca.pem"), client_certificates=[shown]) as context:
            page = context.new_page()
            page.goto(one.url)
            assert page.title() == "known"
            with pytest.raises(NetworkError):
                page.goto(other.url)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"origin": "https://a.test"}, "origin and certPath are needed"),
        ({"origin": "https://a.test", "pfxPath": "x"}, "not pfxPath"),
        ({"origin": "https://a.test", "certPath": "/none.pem"}, "cannot read /none.pem"),
        ({"origin": "http://a.test", "certPath": __file__}, "'http://a.test' is no origin of https:"),
    ],
)
def test_what_cannot_be_used_is_refused(browser: Browser, given: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        browser.new_context(client_certificates=[given])
