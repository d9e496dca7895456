from __future__ import annotations

from collections.abc import Iterator

import pytest

from sanderling.app.runtime import Runtime
from sanderling.browser.options import ContextOptions
from sanderling.testing.server import HttpServer, Response
from sanderling.testing.servers import Authority
from tests.cdp.driver import CdpRefusedError, CdpSession, Driver


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def secure(authority: Authority) -> Iterator[str]:
    with HttpServer(lambda _: Response(b"<title>safe</title>"), tls=authority.server_context()) as server:
        yield server.url


@pytest.fixture
def trusting(cdp_runtime: Runtime, authority: Authority) -> Iterator[Driver]:
    one = Driver(cdp_runtime, ContextOptions(ca_file=str(authority.file)))
    yield one
    one.close()
    assert one.undeclared == set()


def load(page: CdpSession, url: str) -> dict[str, object]:
    since = page.mark()
    page.call("Page.navigate", url=url)
    page.wait_event("Page.loadEventFired", since=since)
    response: dict[str, object] = page.wait_event("Network.responseReceived", since=since)["response"]
    return response


def test_responses_say_who_the_server_is(trusting: Driver, secure: str) -> None:
    page = trusting.new_page("Page", "Network")
    response = load(page, secure)
    assert response["securityState"] == "secure"
    details = response["securityDetails"]
    assert isinstance(details, dict)
    assert details["protocol"] == "TLS 1.3"
    assert details["sanList"] == ["localhost", "127.0.0.1"]
    assert details["validFrom"] < details["validTo"]
    assert details["issuer"].startswith("trustme")
    chain = page.call("Network.getCertificate", origin=secure)["tableNames"]
    assert len(chain) >= 1
    assert chain[0].startswith("MII")
    assert page.call("Network.getCertificate", origin="https://never.test") == {"tableNames": []}
    other = trusting.new_page("Page", "Network")
    load(other, secure)  # over a connection that was told of before
    assert other.call("Network.getCertificate", origin=secure)["tableNames"] == chain


def test_the_state_of_a_page(trusting: Driver, secure: str) -> None:
    page = trusting.new_page("Page", "Network")
    load(page, secure)
    page.call("Security.enable")
    visible = page.wait_event("Security.visibleSecurityStateChanged")["visibleSecurityState"]
    assert visible["securityState"] == "secure"
    assert visible["certificateSecurityState"]["modernSSL"] is True
    assert visible["certificateSecurityState"]["certificate"]
    with HttpServer(lambda _: Response(b"plain")) as plain:
        since = page.mark()
        load(page, plain.url)
        state = page.wait_event("Security.securityStateChanged", since=since)
        assert (state["securityState"], state["schemeIsCryptographic"]) == ("insecure", False)
        page.call("Security.disable")
        since = page.mark()
        load(page, plain.url)
        assert page.methods(since, only=("Security.securityStateChanged",)) == []


def test_errors_are_ignored_for_one_page(driver: Driver, secure: str) -> None:
    lax, strict = driver.new_page("Page", "Network", "Security"), driver.new_page("Page")
    lax.call("Security.setIgnoreCertificateErrors", ignore=True)
    since = lax.mark()
    response = load(lax, secure)
    assert response["securityState"] == "insecure"
    assert "securityDetails" in response
    state = lax.wait_event("Security.securityStateChanged", since=since)
    assert state["securityState"] == "insecure"
    assert strict.call("Page.navigate", url=secure)["errorText"] == "net::ERR_CERT_AUTHORITY_INVALID"
    lax.call("Security.setIgnoreCertificateErrors", ignore=False)
    assert lax.call("Page.navigate", url=secure)["errorText"] == "net::ERR_CERT_AUTHORITY_INVALID"
    with pytest.raises(CdpRefusedError):
        lax.call("Security.setIgnoreCertificateErrors")


def test_certificate_errors_are_not_held(driver: Driver) -> None:
    page = driver.new_page("Security")
    for method, params in (
        ("setOverrideCertificateErrors", {"override": True}),
        ("handleCertificateError", {"eventId": 1, "action": "continue"}),
    ):
        with pytest.raises(CdpRefusedError, match=r"Security\.setIgnoreCertificateErrors"):
            page.call(f"Security.{method}", **params)
