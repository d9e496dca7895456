"""Where a document's reports go, and how they are written (https://www.w3.org/TR/reporting-1/, https://www.w3.org/TR/CSP3/#reporting).

Thread: any.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sanderling.base.pattern import late_pattern
from sanderling.proto import url as urls
from sanderling.proto.csp import Policy

_MEMBER = late_pattern(
    r'[ \t]*+([a-z*][a-z0-9_\-.*]*+)="((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*+)"'
    r'(?:;[^,"]*+(?:"(?:[^"\\]|\\.)*+"[^,"]*+)*+)?+[ \t]*+(,|$)'
)
"""RFC 9651, 3.2: a member of a dictionary, as far as its value is a string. It never goes back: servers choose what it reads."""

CSP_REPORT_TYPE = "application/csp-report"
REPORTS_TYPE = "application/reports+json"

_LEGACY_NAMES = {
    "document-uri": "documentURI",
    "referrer": "referrer",
    "violated-directive": "effectiveDirective",
    "effective-directive": "effectiveDirective",
    "original-policy": "originalPolicy",
    "disposition": "disposition",
    "blocked-uri": "blockedURI",
    "status-code": "statusCode",
    "script-sample": "sample",
    "source-file": "sourceFile",
    "line-number": "lineNumber",
    "column-number": "columnNumber",
}
_BODY_NAMES = {
    "documentURL": "documentURI",
    "referrer": "referrer",
    "blockedURL": "blockedURI",
    "effectiveDirective": "effectiveDirective",
    "originalPolicy": "originalPolicy",
    "sourceFile": "sourceFile",
    "sample": "sample",
    "disposition": "disposition",
    "statusCode": "statusCode",
    "lineNumber": "lineNumber",
    "columnNumber": "columnNumber",
}


def endpoints(values: Sequence[str], url: str) -> dict[str, str]:
    """Reporting, 3.2 "process reporting endpoints for response": give the URLs of Reporting-Endpoints by name.

    Args:
        values: of all headers of that name. What is no dictionary of strings counts for nothing.
        url: of the response, which the URLs are relative to.
    """
    text = ", ".join(values)
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        member = _MEMBER.match(text, at)
        if member is None:
            return {}
        at = member.end()
        target = urls.parse(member[2].replace('\\"', '"').replace("\\\\", "\\"), url)
        if target is not None and target.is_network and target.is_potentially_trustworthy():
            found[member[1]] = target.href
    return found


def report_uris(policy: Policy, url: str) -> Iterator[str]:
    """CSP 3, 5.5, step 3: give where `report-uri` sends reports, which `report-to` supersedes.

    Args:
        policy: that was violated.
        url: of the document.
    """
    if "report-to" in policy.directives:
        return
    for token in policy.directives.get("report-uri", ()):
        target = urls.parse(token, url)
        if target is not None and target.is_network:
            yield target.href


def csp_report(violation: Mapping[str, Any]) -> bytes:
    """CSP 3, 5.3 "obtain the deprecated serialization of violation"; `violation` has the members of SecurityPolicyViolationEventInit."""
    return json.dumps({"csp-report": {name: violation[key] for name, key in _LEGACY_NAMES.items()}}).encode()


def violation_report(violation: Mapping[str, Any], user_agent: str) -> bytes:
    """Reporting, 3.5.2 "serialize a list of reports" of one of the type `csp-violation` (CSP 3, 5.5, step 4)."""
    report = {
        "age": 0,
        "body": {name: violation[key] for name, key in _BODY_NAMES.items()},
        "type": "csp-violation",
        "url": violation["documentURI"],
        "user_agent": user_agent,
    }
    return json.dumps([report]).encode()
