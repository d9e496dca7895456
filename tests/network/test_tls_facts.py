from __future__ import annotations

import datetime
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from sanderling.network.curl_log import CurlLog
from sanderling.network.messages import TlsFacts
from sanderling.network.tls_facts import MAX_ORIGINS, TlsTable, display_name, facts_of
from tests.network.peers import Client, answer, client, serving

CERTIFICATE = [("Subject", "CN = a.test"), ("Issuer", "CN = Root"), ("Cert", "")]


@pytest.fixture(name="worker")
def _worker() -> Iterator[Client]:
    with client() as one:
        yield one


@pytest.fixture(name="authority", scope="module")
def _authority() -> trustme.CA:
    return trustme.CA()


def server(authority: trustme.CA, version: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = version
    issued = authority.issue_cert(
        "localhost",
        "127.0.0.1",
        common_name="sanderling.test",
        not_before=datetime.datetime(2020, 1, 2, tzinfo=datetime.UTC),
        not_after=datetime.datetime(2040, 1, 2, tzinfo=datetime.UTC),
    )
    issued.configure_cert(context)
    return context


@pytest.mark.parametrize(
    ("version", "protocol", "key_exchange"),
    [(ssl.TLSVersion.TLSv1_3, "TLS 1.3", ""), (ssl.TLSVersion.TLSv1_2, "TLS 1.2", "ECDHE_ECDSA")],
)
def test_every_response_says_what_its_connection_agreed_on(
    worker: Client, authority: trustme.CA, tmp_path: Path, version: ssl.TLSVersion, protocol: str, key_exchange: str
) -> None:
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    with serving(lambda _: answer(b"safe"), tls=server(authority, version)) as peer:
        first = worker.fetch(peer.url, ca_file=str(ca_file)).head.tls
        again = worker.fetch(peer.url, ca_file=str(ca_file)).head.tls
    assert first is not None
    assert again is not None
    assert (first.protocol, first.key_exchange) == (protocol, key_exchange)
    assert (first.cipher, first.mac) == ("AES_256_GCM", "")
    assert (first.subject, first.names) == ("sanderling.test", ("localhost", "127.0.0.1"))
    assert first.issuer == "trustme v" + first.issuer.removeprefix("trustme v")
    assert first.valid_from == datetime.datetime(2020, 1, 2, tzinfo=datetime.UTC).timestamp()
    assert first.valid_to == datetime.datetime(2040, 1, 2, tzinfo=datetime.UTC).timestamp()
    assert first.verified
    assert first.chain[0][:2] == b"\x30\x82"  # DER
    assert (again.number, again.chain) == (first.number, ())  # told once


def test_connections_that_nobody_verified_say_so(worker: Client, authority: trustme.CA) -> None:
    with serving(lambda _: answer(b"x"), tls=server(authority, ssl.TLSVersion.TLSv1_3)) as peer:
        facts = worker.fetch(peer.url, verify_tls=False).head.tls
    assert facts is not None
    assert not facts.verified


def test_plain_http_has_none(worker: Client) -> None:
    with serving(lambda _: answer(b"x")) as peer:
        assert worker.fetch(peer.url).head.tls is None


def log(text: bytes) -> CurlLog:
    one = CurlLog()
    one.take(2, b"SSL connection using a header / of somebody")
    one.take(0, text)
    one.take(0, b"ALPN: server accepted h2")
    return one


GOOD = b"SSL connection using TLSv1.3 / TLS_AES_128_GCM_SHA256 / x25519 / RSASSA-PSS"


def learned(table: TlsTable, origin: str, now: float = 0.0) -> None:
    table.learn(origin, log(GOOD), [CERTIFICATE], now, verified=True)


def test_facts_age_and_a_resumed_session_keeps_them() -> None:
    table = TlsTable()
    assert table.wants("a", 0.0)
    learned(table, "a")
    facts = table.find("a")
    assert not table.wants("a", 299.0)
    assert table.wants("a", 301.0)
    table.learn("a", log(GOOD), [], 301.0, verified=True)  # resumed: no certificate is sent
    assert table.find("a") is facts
    assert not table.wants("a", 302.0)
    table.learn("b", log(GOOD), [], 301.0, verified=True)
    assert table.find("b") is None
    table.learn("c", CurlLog(), [CERTIFICATE], 0.0, verified=True)  # there was no handshake
    assert table.find("c") is None


def test_the_table_is_bounded() -> None:
    table = TlsTable()
    for number in range(MAX_ORIGINS + 1):
        learned(table, str(number))
    assert table.find("0") is None
    assert table.find("1") is not None


@pytest.mark.parametrize(
    ("suite", "key_exchange", "cipher", "mac"),
    [
        ("TLS_CHACHA20_POLY1305_SHA256", "", "CHACHA20_POLY1305", ""),
        ("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE_RSA", "AES_128_GCM", ""),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE_ECDSA", "CHACHA20_POLY1305", ""),
        ("ECDHE-RSA-AES256-SHA384", "ECDHE_RSA", "AES_256_CBC", "HMAC-SHA384"),
        ("AES128-SHA", "RSA", "AES_128_CBC", "HMAC-SHA1"),
    ],
)
def test_suites_in_chromiums_words(suite: str, key_exchange: str, cipher: str, mac: str) -> None:
    facts = facts_of(1, "TLSv1.2", suite, "prime256v1", [CERTIFICATE], verified=True)
    assert isinstance(facts, TlsFacts)
    assert (facts.key_exchange, facts.cipher, facts.mac, facts.group) == (key_exchange, cipher, mac, "P-256")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ('C = US, O = "Acme, Inc.", CN = www.acme.test', "www.acme.test"),
        ('C = US, O = "Acme, Inc."', "Acme, Inc."),
        ("CN=a.test,O=b", "a.test"),
        ("OU = only", "only"),
        ("", ""),
    ],
)
def test_names_of_holders(name: str, shown: str) -> None:
    assert display_name(name) == shown
