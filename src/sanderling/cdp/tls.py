"""What CDP says of TLS: `Network.SecurityDetails`, certificates, and the state of a page.

Thread: worker.
"""

from __future__ import annotations

import base64
from typing import Any

from sanderling.network.messages import ResponseHead, TlsFacts


def security_state(url: str, head: ResponseHead) -> str:
    """Give CDP's `SecurityState` of a response."""
    if not head.remote_address:
        return "unknown"
    if not url.startswith("https:") or (head.tls is not None and not head.tls.verified):
        return "insecure"
    return "secure"


def security_details(facts: TlsFacts) -> dict[str, Any]:
    """Give CDP's `SecurityDetails`."""
    out: dict[str, Any] = {
        "protocol": facts.protocol,
        "keyExchange": facts.key_exchange,
        "cipher": facts.cipher,
        "certificateId": 0,
        "subjectName": facts.subject,
        "sanList": list(facts.names),
        "issuer": facts.issuer,
        "validFrom": facts.valid_from,
        "validTo": facts.valid_to,
        "signedCertificateTimestampList": [],
        "certificateTransparencyCompliance": "unknown",
        "encryptedClientHello": False,
    }
    if facts.group:
        out["keyExchangeGroup"] = facts.group
    if facts.mac:
        out["mac"] = facts.mac
    return out


def certificate_chain(facts: TlsFacts) -> list[str]:
    """Give the certificates as CDP does: DER in base64, the server's own first."""
    return [base64.b64encode(one).decode() for one in facts.chain]


def certificate_state(facts: TlsFacts) -> dict[str, Any]:
    """Give CDP's `CertificateSecurityState`."""
    obsolete = facts.protocol not in ("TLS 1.2", "TLS 1.3")
    static_key = facts.key_exchange == "RSA"  # no forward secrecy
    legacy_cipher = bool(facts.mac)
    out: dict[str, Any] = {
        "protocol": facts.protocol,
        "keyExchange": facts.key_exchange,
        "cipher": facts.cipher,
        "certificate": certificate_chain(facts),
        "subjectName": facts.subject,
        "issuer": facts.issuer,
        "validFrom": facts.valid_from,
        "validTo": facts.valid_to,
        "certificateHasWeakSignature": False,
        "certificateHasSha1Signature": False,
        "modernSSL": not (obsolete or static_key or legacy_cipher),
        "obsoleteSslProtocol": obsolete,
        "obsoleteSslKeyExchange": static_key,
        "obsoleteSslCipher": legacy_cipher,
        "obsoleteSslSignature": False,
    }
    if facts.group:
        out["keyExchangeGroup"] = facts.group
    if facts.mac:
        out["mac"] = facts.mac
    return out
