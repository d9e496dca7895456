"""Security: certificate errors, and how safe a page is.

https://chromedevtools.github.io/devtools-protocol/tot/Security/

Thread: worker.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from sanderling.browser import hub as events
from sanderling.cdp.dispatch import Domain, NoParams, Result, decode_params
from sanderling.cdp.domains.network_changes import settings_of
from sanderling.cdp.tls import certificate_state

if TYPE_CHECKING:
    from sanderling.browser.context import Context
    from sanderling.browser.page import Page
    from sanderling.cdp.session import Session

DOMAIN = Domain("Security", events=("securityStateChanged", "visibleSecurityStateChanged"))

IGNORE_ERRORS = "Security.setIgnoreCertificateErrors"

_HEARING: weakref.WeakKeyDictionary[Session, Callable[[], None]] = weakref.WeakKeyDictionary()  # what ends it

_NOTHING_MIXED = {
    "ranMixedContent": False,
    "displayedMixedContent": False,
    "containedMixedForm": False,
    "ranContentWithCertErrors": False,
    "displayedContentWithCertErrors": False,
    "ranInsecureContentStyle": "insecure",
    "displayedInsecureContentStyle": "neutral",
}


class IgnoreParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setIgnoreCertificateErrors`."""

    ignore: bool


@DOMAIN.method("enable", NoParams)
async def enable(session: Session, params: NoParams) -> Result:
    """Tell how safe the page is, now and after each navigation."""
    if "Security" in session.enabled:
        return None
    session.enabled.add("Security")
    page = session.page

    def heard(event: events.AnyEvent) -> None:
        if isinstance(event, events.FrameNavigated) and event.frame == 1 and not event.within_document:
            _tell(session, page)

    _HEARING[session] = page.hub.subscribe(heard)
    session.closers.append(lambda: _deaf(session))
    _tell(session, page)
    return None


@DOMAIN.method("disable", NoParams)
async def disable(session: Session, params: NoParams) -> Result:
    """Tell no more."""
    session.enabled.discard("Security")
    _deaf(session)
    return None


@DOMAIN.method("setIgnoreCertificateErrors", IgnoreParams)
async def set_ignore_certificate_errors(session: Session, params: IgnoreParams) -> Result:
    """Load from servers whose certificate cannot be verified, for this page."""
    settings_of(session).ignore_certificate_errors = params.ignore
    return None


_NOT_HELD = "a failed handshake is over before anybody could be asked about it; `Security.setIgnoreCertificateErrors` lets all pass"

DOMAIN.refuse("setOverrideCertificateErrors", _NOT_HELD)
DOMAIN.refuse("handleCertificateError", _NOT_HELD)


def read_ignoring(params: bytes) -> IgnoreParams:
    """Read the parameters of `IGNORE_ERRORS`.

    Raises:
        CdpError: they are wrong.
    """
    return decode_params(IgnoreParams, params)


def context_command(context: Context, params: bytes) -> Result:
    """Load from servers whose certificate cannot be verified, for all pages of a context.

    Raises:
        CdpError: the parameters are wrong.
    """
    context.tools.of(IGNORE_ERRORS).ignore_certificate_errors = read_ignoring(params).ignore
    return None


def _deaf(session: Session) -> None:
    end = _HEARING.pop(session, None)
    if end is not None:
        end()


def _tell(session: Session, page: Page) -> None:
    url = page.main_frame.url
    response = page.response
    facts = response.tls if response is not None else None
    if url.startswith("https:") and response is not None and response.remote_address:
        state = "insecure" if facts is not None and not facts.verified else "secure"
    else:
        state = "insecure" if url.startswith("http:") else "neutral"
    visible: dict[str, Any] = {"securityState": state, "securityStateIssueIds": []}
    if facts is not None:
        visible["certificateSecurityState"] = certificate_state(facts)
        if not facts.verified:
            visible["securityStateIssueIds"] = ["cert-validation-disabled"]
    elif url.startswith("http:"):
        visible["securityStateIssueIds"] = ["scheme-is-not-cryptographic"]
    session.event("Security.visibleSecurityStateChanged", {"visibleSecurityState": visible})
    session.event(
        "Security.securityStateChanged",
        {
            "securityState": state,
            "schemeIsCryptographic": url.startswith("https:"),
            "explanations": [],
            "insecureContentStatus": _NOTHING_MIXED,
        },
    )
