"""What went wrong on the way to a peer, by Chromium's names.

libcurl tells a code, the errno of the last system call, the verdict on the certificate and a text; Chromium's
``net::ERR_*`` names are what clients know. Only faults of the network: the page's and the caller's never come here.

Thread: any.
"""

from __future__ import annotations

import errno
from typing import NamedTuple

ABORTED = "net::ERR_ABORTED"
ADDRESS_INVALID = "net::ERR_ADDRESS_INVALID"
ADDRESS_UNREACHABLE = "net::ERR_ADDRESS_UNREACHABLE"
BAD_SSL_CLIENT_AUTH_CERT = "net::ERR_BAD_SSL_CLIENT_AUTH_CERT"
BLOCKED_BY_ADMINISTRATOR = "net::ERR_BLOCKED_BY_ADMINISTRATOR"
BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS = "net::ERR_BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS"
CERT_AUTHORITY_INVALID = "net::ERR_CERT_AUTHORITY_INVALID"
CERT_COMMON_NAME_INVALID = "net::ERR_CERT_COMMON_NAME_INVALID"
CERT_DATE_INVALID = "net::ERR_CERT_DATE_INVALID"
CERT_INVALID = "net::ERR_CERT_INVALID"
CERT_REVOKED = "net::ERR_CERT_REVOKED"
CERT_WEAK_KEY = "net::ERR_CERT_WEAK_KEY"
CONNECTION_CLOSED = "net::ERR_CONNECTION_CLOSED"
CONNECTION_FAILED = "net::ERR_CONNECTION_FAILED"
CONNECTION_REFUSED = "net::ERR_CONNECTION_REFUSED"
CONNECTION_RESET = "net::ERR_CONNECTION_RESET"
CONNECTION_TIMED_OUT = "net::ERR_CONNECTION_TIMED_OUT"
CONTENT_DECODING_FAILED = "net::ERR_CONTENT_DECODING_FAILED"
CONTENT_LENGTH_MISMATCH = "net::ERR_CONTENT_LENGTH_MISMATCH"
EMPTY_RESPONSE = "net::ERR_EMPTY_RESPONSE"
FAILED = "net::ERR_FAILED"
FILE_NOT_FOUND = "net::ERR_FILE_NOT_FOUND"
H2_OR_QUIC_REQUIRED = "net::ERR_H2_OR_QUIC_REQUIRED"
HTTP2_PROTOCOL_ERROR = "net::ERR_HTTP2_PROTOCOL_ERROR"
INCOMPLETE_CHUNKED_ENCODING = "net::ERR_INCOMPLETE_CHUNKED_ENCODING"
INSUFFICIENT_RESOURCES = "net::ERR_INSUFFICIENT_RESOURCES"
INVALID_ARGUMENT = "net::ERR_INVALID_ARGUMENT"
INVALID_CHUNKED_ENCODING = "net::ERR_INVALID_CHUNKED_ENCODING"
INVALID_HTTP_RESPONSE = "net::ERR_INVALID_HTTP_RESPONSE"
INVALID_URL = "net::ERR_INVALID_URL"
NAME_NOT_RESOLVED = "net::ERR_NAME_NOT_RESOLVED"
NETWORK_CHANGED = "net::ERR_NETWORK_CHANGED"
NOT_IMPLEMENTED = "net::ERR_NOT_IMPLEMENTED"
OUT_OF_MEMORY = "net::ERR_OUT_OF_MEMORY"
PROXY_CONNECTION_FAILED = "net::ERR_PROXY_CONNECTION_FAILED"
QUIC_PROTOCOL_ERROR = "net::ERR_QUIC_PROTOCOL_ERROR"
RESPONSE_HEADERS_TRUNCATED = "net::ERR_RESPONSE_HEADERS_TRUNCATED"
RESPONSE_HEADERS_TOO_BIG = "net::ERR_RESPONSE_HEADERS_TOO_BIG"
RESPONSE_TOO_LARGE = "net::ERR_RESPONSE_TOO_LARGE"
"""Ours, not Chromium's, which has no such limit."""
SOCKS_CONNECTION_FAILED = "net::ERR_SOCKS_CONNECTION_FAILED"
SSL_PROTOCOL_ERROR = "net::ERR_SSL_PROTOCOL_ERROR"
TIMED_OUT = "net::ERR_TIMED_OUT"
PROXY_AUTH_REQUESTED = "net::ERR_PROXY_AUTH_REQUESTED"
TUNNEL_CONNECTION_FAILED = "net::ERR_TUNNEL_CONNECTION_FAILED"
UNKNOWN_URL_SCHEME = "net::ERR_UNKNOWN_URL_SCHEME"
UNSAFE_PORT = "net::ERR_UNSAFE_PORT"


class Fault(NamedTuple):
    """Why a transfer failed."""

    code: str  # net::ERR_*
    message: str  # for people


class Evidence(NamedTuple):
    """What libcurl tells about a failure."""

    code: int  # CURLE_*
    message: str  # its error buffer, or its text for the code
    os_errno: int = 0  # of the last system call that failed; 0 when none did
    verify_result: int = 0  # OpenSSL's X509_V_ERR_*; 0 when the chain is good or was not looked at
    connected: bool = False  # whether the request was about to be sent
    proxied: bool = False
    connect_status: int = 0  # what the proxy answered to CONNECT; 0 when it did not
    chunked: bool = False  # whether the response said so


# CURLE_* by number: this file must not import pycurl. curl/curl.h promises never to change them.
_BY_CODE = {
    1: UNKNOWN_URL_SCHEME,  # UNSUPPORTED_PROTOCOL
    3: INVALID_URL,  # URL_MALFORMAT
    4: NOT_IMPLEMENTED,  # NOT_BUILT_IN
    5: PROXY_CONNECTION_FAILED,  # COULDNT_RESOLVE_PROXY
    6: NAME_NOT_RESOLVED,  # COULDNT_RESOLVE_HOST
    8: INVALID_HTTP_RESPONSE,  # WEIRD_SERVER_REPLY
    16: HTTP2_PROTOCOL_ERROR,  # HTTP2
    18: CONTENT_LENGTH_MISMATCH,  # PARTIAL_FILE
    27: OUT_OF_MEMORY,  # OUT_OF_MEMORY
    42: ABORTED,  # ABORTED_BY_CALLBACK
    45: ADDRESS_INVALID,  # INTERFACE_FAILED
    52: EMPTY_RESPONSE,  # GOT_NOTHING
    58: BAD_SSL_CLIENT_AUTH_CERT,  # SSL_CERTPROBLEM
    59: SSL_PROTOCOL_ERROR,  # SSL_CIPHER
    61: CONTENT_DECODING_FAILED,  # BAD_CONTENT_ENCODING
    65: CONNECTION_RESET,  # SEND_FAIL_REWIND: the connection went away and the body cannot be sent again
    77: FILE_NOT_FOUND,  # SSL_CACERT_BADFILE
    83: CERT_AUTHORITY_INVALID,  # SSL_ISSUER_ERROR
    90: CERT_INVALID,  # SSL_PINNEDPUBKEYNOTMATCH
    91: CERT_INVALID,  # SSL_INVALIDCERTSTATUS
    92: HTTP2_PROTOCOL_ERROR,  # HTTP2_STREAM
    95: QUIC_PROTOCOL_ERROR,  # HTTP3
    96: QUIC_PROTOCOL_ERROR,  # QUIC_CONNECT_ERROR
    97: SOCKS_CONNECTION_FAILED,  # PROXY: a handshake with a SOCKS proxy
    98: BAD_SSL_CLIENT_AUTH_CERT,  # SSL_CLIENTCERT
    100: RESPONSE_HEADERS_TOO_BIG,  # TOO_LARGE
}

_BY_ERRNO = {
    errno.ECONNREFUSED: CONNECTION_REFUSED,
    errno.ECONNRESET: CONNECTION_RESET,
    errno.EPIPE: CONNECTION_RESET,
    errno.ECONNABORTED: CONNECTION_RESET,
    errno.ETIMEDOUT: CONNECTION_TIMED_OUT,
    errno.ENETUNREACH: ADDRESS_UNREACHABLE,
    errno.EHOSTUNREACH: ADDRESS_UNREACHABLE,
    errno.EADDRNOTAVAIL: ADDRESS_INVALID,
    errno.EMFILE: INSUFFICIENT_RESOURCES,
    errno.ENFILE: INSUFFICIENT_RESOURCES,
    errno.ENOBUFS: INSUFFICIENT_RESOURCES,
}

# What libcurl says where HTTP/2 alone was offered, and the server takes no offer, or does not look at it.
_NO_HTTP2 = ("alert no application protocol", "while we expected SETTINGS frame")

# What ends a connection that was established. Any other errno is older: of an attempt with another address.
_BROKEN = (errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED, errno.ETIMEDOUT)

# OpenSSL's X509_V_ERR_* (openssl/x509_vfy.h).
_BY_VERIFY_RESULT = {
    9: CERT_DATE_INVALID,  # CERT_NOT_YET_VALID
    10: CERT_DATE_INVALID,  # CERT_HAS_EXPIRED
    13: CERT_DATE_INVALID,  # ERROR_IN_CERT_NOT_BEFORE_FIELD
    14: CERT_DATE_INVALID,  # ERROR_IN_CERT_NOT_AFTER_FIELD
    2: CERT_AUTHORITY_INVALID,  # UNABLE_TO_GET_ISSUER_CERT
    18: CERT_AUTHORITY_INVALID,  # DEPTH_ZERO_SELF_SIGNED_CERT
    19: CERT_AUTHORITY_INVALID,  # SELF_SIGNED_CERT_IN_CHAIN
    20: CERT_AUTHORITY_INVALID,  # UNABLE_TO_GET_ISSUER_CERT_LOCALLY
    21: CERT_AUTHORITY_INVALID,  # UNABLE_TO_VERIFY_LEAF_SIGNATURE
    22: CERT_AUTHORITY_INVALID,  # CERT_CHAIN_TOO_LONG
    27: CERT_AUTHORITY_INVALID,  # CERT_UNTRUSTED
    28: CERT_AUTHORITY_INVALID,  # CERT_REJECTED
    23: CERT_REVOKED,  # CERT_REVOKED
    62: CERT_COMMON_NAME_INVALID,  # HOSTNAME_MISMATCH
    64: CERT_COMMON_NAME_INVALID,  # IP_ADDRESS_MISMATCH
    66: CERT_WEAK_KEY,  # EE_KEY_TOO_SMALL
    67: CERT_WEAK_KEY,  # CA_KEY_TOO_SMALL
    68: CERT_WEAK_KEY,  # CA_MD_TOO_WEAK
}


def fault_of(evidence: Evidence) -> Fault:
    """Name a failure."""
    # libcurl quotes what the server sent, and pycurl has surrogates for bytes that are no UTF-8: these cannot cross to a worker's process.
    message = evidence.message.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return Fault(_code_of(evidence), message)


def _code_of(evidence: Evidence) -> str:
    code = evidence.code
    if evidence.connect_status == 407:
        return PROXY_AUTH_REQUESTED
    if evidence.connect_status >= 300:
        return TUNNEL_CONNECTION_FAILED
    if code == 1 and "HTTP" in evidence.message:
        return INVALID_HTTP_RESPONSE  # "Received HTTP/0.9 when not allowed", "Unsupported HTTP version in response"
    if code in (6, 7) and _BY_ERRNO.get(evidence.os_errno) == INSUFFICIENT_RESOURCES:
        return INSUFFICIENT_RESOURCES  # COULDNT_RESOLVE_HOST and COULDNT_CONNECT need a socket, too
    if any(words in evidence.message for words in _NO_HTTP2):
        return H2_OR_QUIC_REQUIRED
    if code == 7:  # COULDNT_CONNECT
        if evidence.proxied:
            return PROXY_CONNECTION_FAILED
        return _BY_ERRNO.get(evidence.os_errno, CONNECTION_FAILED)
    if code == 18 and evidence.chunked:
        return INCOMPLETE_CHUNKED_ENCODING
    if code == 28:  # OPERATION_TIMEDOUT
        return TIMED_OUT if evidence.connected else CONNECTION_TIMED_OUT
    if code == 35:  # SSL_CONNECT_ERROR: the handshake broke, or the connection did meanwhile
        return _BY_ERRNO[evidence.os_errno] if evidence.os_errno in _BROKEN else SSL_PROTOCOL_ERROR
    if code in (55, 56):  # SEND_ERROR, RECV_ERROR
        if "chunk" in evidence.message.lower():
            return INVALID_CHUNKED_ENCODING
        if evidence.proxied and not evidence.connected:
            return PROXY_CONNECTION_FAILED
        if evidence.os_errno in _BROKEN:
            return _BY_ERRNO[evidence.os_errno]
        if not evidence.connected:
            return CONNECTION_FAILED  # QUIC: nobody listens
        return SSL_PROTOCOL_ERROR if "SSL" in evidence.message else CONNECTION_CLOSED
    if code == 60:  # PEER_FAILED_VERIFICATION
        if "subject name" in evidence.message:
            return CERT_COMMON_NAME_INVALID  # libcurl compares the names itself, before the verdict on the chain
        return _BY_VERIFY_RESULT.get(evidence.verify_result, CERT_INVALID)
    return _BY_CODE.get(code, FAILED)
