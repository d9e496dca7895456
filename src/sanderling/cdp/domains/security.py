"""Security: certificate errors.

https://chromedevtools.github.io/devtools-protocol/tot/Security/

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from sanderling.cdp.dispatch import Domain, Result
from sanderling.cdp.domains.network import settings_of

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("Security")
DOMAIN.switches()


class IgnoreParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setIgnoreCertificateErrors`."""

    ignore: bool


@DOMAIN.method("setIgnoreCertificateErrors", IgnoreParams)
async def set_ignore_certificate_errors(session: Session, params: IgnoreParams) -> Result:
    """Load from servers whose certificate cannot be verified, for this page."""
    settings_of(session).ignore_certificate_errors = params.ignore
    return None
