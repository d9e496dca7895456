"""Client certificates by origin: which one a server that asks for one is shown.

Thread: any.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from sanderling.base.errors import UsageError

if TYPE_CHECKING:
    from sanderling.network.messages import TransferOptions
    from sanderling.proto.url import Url


class ClientCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """What one origin is shown."""

    origin: str
    """`https:`, serialised or as a URL."""
    certificate: str
    """PEM file with it, and what leads from it to its authority."""
    key: str = ""
    """PEM file with its key; empty where that is in `certificate`."""


class ClientCertificates:
    """The certificates of a client.

    Args:
        given: of two for one origin the later one counts.

    Raises:
        UsageError: an origin is none that a certificate can be shown to.
    """

    def __init__(self, given: Iterable[ClientCertificate]) -> None:
        from sanderling.proto.url import parse  # late: the options of commands have the class above

        self._by_origin: dict[str, ClientCertificate] = {}
        for one in given:
            url = parse(one.origin)
            if url is None or url.scheme != "https":
                raise UsageError(
                    f"{one.origin[:200]!r} is no origin of https:, to which a client certificate could be shown"
                )
            self._by_origin[url.origin.serialise()] = one

    def apply(self, options: TransferOptions, url: Url | None) -> TransferOptions:
        """Give the options with the certificate of a URL's origin; that of a WebSocket is looked for under `https:`."""
        if not self._by_origin or url is None or url.scheme not in ("https", "wss"):
            return options
        found = self._by_origin.get(url.with_scheme("https").origin.serialise())
        if found is None:
            return options
        return msgspec.structs.replace(options, client_cert=found.certificate, client_key=found.key)
