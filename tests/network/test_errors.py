from __future__ import annotations

import errno

import pycurl
import pytest

from sanderling.network import errors
from sanderling.network.errors import Evidence, fault_of


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        (Evidence(pycurl.E_COULDNT_RESOLVE_HOST, ""), "net::ERR_NAME_NOT_RESOLVED"),
        (Evidence(pycurl.E_COULDNT_CONNECT, "", errno.ECONNREFUSED), "net::ERR_CONNECTION_REFUSED"),
        (Evidence(pycurl.E_COULDNT_CONNECT, "", errno.EHOSTUNREACH), "net::ERR_ADDRESS_UNREACHABLE"),
        (Evidence(pycurl.E_COULDNT_CONNECT, ""), "net::ERR_CONNECTION_FAILED"),
        (Evidence(pycurl.E_COULDNT_CONNECT, "", errno.ECONNREFUSED, proxied=True), "net::ERR_PROXY_CONNECTION_FAILED"),
        (Evidence(pycurl.E_COULDNT_CONNECT, "", proxied=True, connect_status=407), "net::ERR_PROXY_AUTH_REQUESTED"),
        (Evidence(pycurl.E_COULDNT_CONNECT, "", proxied=True, connect_status=403), "net::ERR_TUNNEL_CONNECTION_FAILED"),
        (Evidence(pycurl.E_OPERATION_TIMEDOUT, ""), "net::ERR_CONNECTION_TIMED_OUT"),
        (Evidence(pycurl.E_OPERATION_TIMEDOUT, "", connected=True), "net::ERR_TIMED_OUT"),
        (Evidence(pycurl.E_PARTIAL_FILE, ""), "net::ERR_CONTENT_LENGTH_MISMATCH"),
        (Evidence(pycurl.E_PARTIAL_FILE, "", chunked=True), "net::ERR_INCOMPLETE_CHUNKED_ENCODING"),
        (Evidence(pycurl.E_RECV_ERROR, "", errno.ECONNRESET, connected=True), "net::ERR_CONNECTION_RESET"),
        (Evidence(pycurl.E_RECV_ERROR, "", connected=True), "net::ERR_CONNECTION_CLOSED"),
        (Evidence(pycurl.E_RECV_ERROR, "bad chunk", connected=True), "net::ERR_INVALID_CHUNKED_ENCODING"),
        (Evidence(pycurl.E_SEND_ERROR, ""), "net::ERR_CONNECTION_FAILED"),
        (Evidence(pycurl.E_GOT_NOTHING, "", connected=True), "net::ERR_EMPTY_RESPONSE"),
        (Evidence(pycurl.E_PEER_FAILED_VERIFICATION, "", verify_result=20), "net::ERR_CERT_AUTHORITY_INVALID"),
        (Evidence(pycurl.E_PEER_FAILED_VERIFICATION, "", verify_result=10), "net::ERR_CERT_DATE_INVALID"),
        (Evidence(pycurl.E_PEER_FAILED_VERIFICATION, "", verify_result=23), "net::ERR_CERT_REVOKED"),
        (Evidence(pycurl.E_PEER_FAILED_VERIFICATION, "", verify_result=99), "net::ERR_CERT_INVALID"),
        (
            Evidence(
                pycurl.E_PEER_FAILED_VERIFICATION, "no alternative certificate subject name matches", verify_result=1
            ),
            "net::ERR_CERT_COMMON_NAME_INVALID",
        ),
        (Evidence(pycurl.E_PEER_FAILED_VERIFICATION, "", verify_result=1), "net::ERR_CERT_INVALID"),
        (Evidence(pycurl.E_RECV_ERROR, "", errno.ECONNREFUSED, connected=True), "net::ERR_CONNECTION_CLOSED"),
        (Evidence(pycurl.E_RECV_ERROR, "SSL: bad record", connected=True), "net::ERR_SSL_PROTOCOL_ERROR"),
        (Evidence(pycurl.E_SSL_CONNECT_ERROR, ""), "net::ERR_SSL_PROTOCOL_ERROR"),
        (Evidence(pycurl.E_SSL_CONNECT_ERROR, "", errno.ECONNRESET), "net::ERR_CONNECTION_RESET"),
        (Evidence(pycurl.E_BAD_CONTENT_ENCODING, ""), "net::ERR_CONTENT_DECODING_FAILED"),
        (Evidence(pycurl.E_HTTP2, ""), "net::ERR_HTTP2_PROTOCOL_ERROR"),
        (Evidence(92, ""), "net::ERR_HTTP2_PROTOCOL_ERROR"),
        (
            Evidence(pycurl.E_UNSUPPORTED_PROTOCOL, "Received HTTP/0.9 when not allowed"),
            "net::ERR_INVALID_HTTP_RESPONSE",
        ),
        (Evidence(pycurl.E_UNSUPPORTED_PROTOCOL, 'Protocol "ftp" disabled'), "net::ERR_UNKNOWN_URL_SCHEME"),
        (Evidence(pycurl.E_URL_MALFORMAT, ""), "net::ERR_INVALID_URL"),
        (Evidence(100, ""), "net::ERR_RESPONSE_HEADERS_TOO_BIG"),
        (Evidence(pycurl.E_SSL_CERTPROBLEM, ""), "net::ERR_BAD_SSL_CLIENT_AUTH_CERT"),
        (Evidence(pycurl.E_ABORTED_BY_CALLBACK, ""), "net::ERR_ABORTED"),
        (Evidence(pycurl.E_SEND_FAIL_REWIND, ""), "net::ERR_CONNECTION_RESET"),
        (Evidence(pycurl.E_COULDNT_RESOLVE_PROXY, ""), "net::ERR_PROXY_CONNECTION_FAILED"),
        (Evidence(9999, ""), "net::ERR_FAILED"),
    ],
)
def test_a_failure_gets_chromiums_name(evidence: Evidence, code: str) -> None:
    assert fault_of(evidence).code == code


def test_the_words_for_people_are_libcurls() -> None:
    assert fault_of(Evidence(6, "Could not resolve host: a.test")).message == "Could not resolve host: a.test"


def test_every_name_has_the_form_that_clients_parse() -> None:
    names = {name: value for name, value in vars(errors).items() if name.isupper() and isinstance(value, str)}
    assert len(names) > 40
    assert {value for name, value in names.items() if value != f"net::ERR_{name}"} == set()


def test_what_a_server_sent_can_be_quoted() -> None:
    """pycurl gives surrogates for bytes that are no UTF-8; no process could be told of these."""
    fault = fault_of(Evidence(pycurl.E_RECV_ERROR, b"name: [\x98\xc3\xbc]".decode("utf-8", "surrogateescape")))
    assert fault.message == "name: [\ufffd\xfc]"
