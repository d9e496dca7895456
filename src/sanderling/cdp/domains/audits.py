"""Audits: issues that a browser finds in pages. None are looked for here, so none are told.

https://chromedevtools.github.io/devtools-protocol/tot/Audits/

Puppeteer enables the domain when it makes a page, and fails when that is refused.

Thread: worker.
"""

from __future__ import annotations

from sanderling.cdp.dispatch import Domain

DOMAIN = Domain("Audits")
DOMAIN.switches()
DOMAIN.refuse("checkContrast", "there is no rendering")
DOMAIN.refuse("getEncodedResponse", "there is no codec for pictures")
