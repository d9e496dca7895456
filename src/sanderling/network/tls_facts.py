"""What TLS connections agreed on, and who the servers say they are.

libcurl tells of it only at a handshake, and only when it was asked to before: the certificates as a list, protocol and cipher in its log. So
it is asked when nothing (fresh) is known of an origin, and what it said counts for every connection to that origin, reused and resumed ones
too. The log costs a call for each piece of data, which is why it is not asked always.

Thread: main.
"""

from __future__ import annotations

import base64
import re
import time
from collections import OrderedDict
from collections.abc import Hashable, Sequence

import msgspec

from sanderling.base.pattern import late_pattern
from sanderling.network.curl_log import CurlLog
from sanderling.network.messages import TlsFacts

MAX_ORIGINS = 1000
"""Of which the facts are kept; the oldest goes."""

FRESH_S = 300.0
"""How long facts are taken for true: a server may change its certificate."""

_FIELD = late_pattern(r'\s*([A-Za-z0-9.]+)\s*=\s*("(?:[^"\\]|\\.)*"|(?:[^,+\\]|\\.)*)\s*(?:[,+]|$)')
_ALTERNATIVE = late_pattern(r"\s*(DNS|IP Address):([^,]*)")
_GROUPS = {"x25519": "X25519", "x448": "X448", "prime256v1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
_AEAD = late_pattern(r"(AES)[_-]?(128|256)[_-]((?:GCM|CCM)(?:[_-]?8)?)|(CHACHA20)[_-](POLY1305)")
_LEGACY = late_pattern(r"(AES)(128|256)-(SHA\d*)")


class TlsTable:
    """What is known of origins."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, tuple[float, TlsFacts]] = OrderedDict()  # with the time of the handshake
        self._number = 0

    def wants(self, origin: Hashable, now: float) -> bool:
        """Whether a transfer to `origin` should ask."""
        known = self._known.get(origin)
        return known is None or now - known[0] > FRESH_S

    def find(self, origin: Hashable) -> TlsFacts | None:
        """Give what is known."""
        known = self._known.get(origin)
        return known[1] if known is not None else None

    def learn(
        self,
        origin: Hashable,
        log: CurlLog,
        certificates: Sequence[Sequence[tuple[str, str]]],
        now: float,
        *,
        verified: bool,
    ) -> None:
        """Take what a handshake said.

        Args:
            origin: with all that tells connections apart.
            log: of the transfer that made it.
            certificates: `CURLINFO_CERTINFO`; empty where a session was resumed.
            now: on the loop's clock.
            verified: whether the certificate was looked at.
        """
        if log.agreed is None:
            return
        before = self.find(origin)
        if certificates:
            self._number += 1
            protocol, suite, group = log.agreed
            facts = facts_of(self._number, protocol, suite, group, certificates, verified=verified)
        elif before is not None:
            facts = before
        else:
            return
        self._known[origin] = (now, facts)
        self._known.move_to_end(origin)
        if len(self._known) > MAX_ORIGINS:
            self._known.popitem(last=False)


def facts_of(
    number: int,
    protocol: str,
    suite: str,
    group: str,
    certificates: Sequence[Sequence[tuple[str, str]]],
    *,
    verified: bool,
) -> TlsFacts:
    """Put together what OpenSSL says, in Chromium's words."""
    server = dict(certificates[0])
    key_exchange, cipher, mac = _suite(suite)
    return TlsFacts(
        number=number,
        protocol=_protocol(protocol),
        key_exchange=key_exchange,
        group=_GROUPS.get(group.lower(), "" if group == "UNDEF" else group),
        cipher=cipher,
        mac=mac,
        subject=display_name(server.get("Subject", "")),
        names=tuple(
            match[2].strip() for match in _ALTERNATIVE.finditer(server.get("X509v3 Subject Alternative Name", ""))
        ),
        issuer=display_name(server.get("Issuer", "")),
        valid_from=_seconds(server.get("Start date", "")),
        valid_to=_seconds(server.get("Expire date", "")),
        verified=verified,
        chain=tuple(_der(dict(one).get("Cert", "")) for one in certificates),
    )


def without_chain(facts: TlsFacts) -> TlsFacts:
    """Give them as they are told again."""
    return msgspec.structs.replace(facts, chain=())


def display_name(name: str) -> str:
    """Give what Chromium calls a certificate's holder: the common name, else the organisation, else its unit."""
    fields: dict[str, str] = {}
    for match in _FIELD.finditer(name):
        value = match[2].strip()
        if value.startswith('"'):
            value = value[1:-1]
        fields.setdefault(match[1], re.sub(r"\\(.)", r"\1", value))
    return fields.get("CN") or fields.get("O") or fields.get("OU") or ""


def _protocol(name: str) -> str:
    # OpenSSL calls the first one TLSv1.
    return {"TLSv1": "TLS 1.0"}.get(name, name.replace("TLSv", "TLS "))


def _suite(name: str) -> tuple[str, str, str]:
    """Give key exchange, cipher and MAC of a suite; TLS 1.3 names no key exchange, and AEAD ciphers have no MAC."""
    exchange = ""
    if not name.startswith("TLS_"):
        first = re.match(r"(ECDHE|DHE)-(RSA|ECDSA)", name)
        exchange = f"{first[1]}_{first[2]}" if first is not None else "RSA"
    found = _AEAD.search(name)
    if found is not None:
        cipher = "CHACHA20_POLY1305" if found[4] else f"AES_{found[2]}_{found[3].replace('-', '_')}"
        return exchange, cipher, ""
    legacy = _LEGACY.search(name)
    if legacy is not None:
        mac = {"SHA": "HMAC-SHA1"}.get(legacy[3], f"HMAC-{legacy[3]}")
        return exchange, f"AES_{legacy[2]}_CBC", mac
    return exchange, name, ""


def _seconds(text: str) -> float:
    """Read OpenSSL's form of a moment, which is in GMT; 0 for what is none."""
    import calendar  # late: it takes locales along

    try:
        return float(calendar.timegm(time.strptime(text.removesuffix(" GMT"), "%b %d %H:%M:%S %Y")))
    except ValueError:
        return 0.0


def _der(pem: str) -> bytes:
    lines = [line for line in pem.splitlines() if line and not line.startswith("-----")]
    return base64.b64decode("".join(lines))
