"""Mixed content: what a secure page may load insecurely (https://w3c.github.io/webappsec-mixed-content/).

Thread: any.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from sanderling.proto.url import Url

MixedContent: TypeAlias = Literal["allow", "upgrade", "block"]

_UPGRADEABLE = frozenset({"audio", "image", "video"})


def decide(
    client: Url | None,
    target: Url,
    destination: str,
    *,
    embedder: Url | None = None,
    embedded_securely: bool = False,
    top_level_navigation: bool = False,
) -> MixedContent:
    """Mixed Content, 4.1 and 4.4.

    Args:
        client: URL of the document that asks; None for no document.
        target: URL of the request.
        destination: Fetch's destination of the request.
        embedder: URL of the top-level document that the client is in: it restricts what frames and workers without a secure
            URL of their own (`data:`) ask for.
        embedded_securely: a document between the two is secure, which restricts as much (4.3, step 2).
        top_level_navigation: it navigates a top-level document.
    """
    # 4.2: only what is embedded by https restricts mixed content.
    restricted = embedded_securely or any(url is not None and url.scheme == "https" for url in (client, embedder))
    if client is None or not restricted or top_level_navigation:
        return "allow"
    if target.scheme not in ("http", "ws") or target.is_potentially_trustworthy():
        return "allow"
    # 4.1 step 2: an IP address has no certificate to be upgraded to, so it is left to be blocked.
    if destination in _UPGRADEABLE and target.scheme == "http" and not target.host.startswith("["):
        return "block" if target.host.rpartition(".")[2].isdigit() else "upgrade"
    return "block"
