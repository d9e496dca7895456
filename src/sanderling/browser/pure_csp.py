"""What documents ask of their Content Security Policies: a pure host function of `web/html/csp.js`.

`csp.check` takes the policies and one question, and gives the policies that answer it with no.

Thread: any.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sanderling.proto import csp, reporting
from sanderling.proto import url as urls


def policies_of(headers: Iterable[tuple[str, str]], url: str = "") -> list[dict[str, Any]]:
    """Give the policies that a response's headers carry, as `page.start` takes them; `url` is the response's."""
    out: list[dict[str, Any]] = []
    pairs = tuple(headers)
    endpoints: dict[str, str] | None = None
    for name, report in (("content-security-policy", False), ("content-security-policy-report-only", True)):
        for text in csp.split_header(value for key, value in pairs if key.lower() == name):
            to = csp.parse(text).directives.get("report-to")
            if to and endpoints is None:
                said = [value for key, value in pairs if key.lower() == "reporting-endpoints"]
                endpoints = reporting.endpoints(said, url)
            target = endpoints.get(to[0], "") if to and endpoints else ""
            out.append({"text": text, "report": report, "meta": False, "to": target})
    return out


def forbids_ancestors(headers: Iterable[tuple[str, str]], ancestors: Iterable[str], url: str) -> bool | None:
    """Tell whether `frame-ancestors` forbids a response to be in a frame; None when it says nothing (X-Frame-Options counts then)."""
    origins = tuple(ancestors)
    known = [csp.parse(one["text"]) for one in policies_of(headers) if not one["report"]]
    said = [policy for policy in known if "frame-ancestors" in policy.directives]
    return any(csp.blocked_ancestors(policy, origins, self_url=url) for policy in said) if said else None


def ancestor_violations(
    headers: Iterable[tuple[str, str]], ancestors: Iterable[str], url: str, status: int
) -> Iterator[dict[str, Any]]:
    """Give what is reported where `frame-ancestors` does not allow a response to be in a frame, as `csp.report` says it."""
    origins = tuple(ancestors)
    parsed = urls.parse(url)
    told = url if parsed is None or not parsed.is_network else parsed.for_wire  # 5.4 "strip URL for use in reports"
    for one in policies_of(headers, url):
        policy = csp.parse(one["text"])
        if not csp.blocked_ancestors(policy, origins, self_url=url):
            continue
        violation = {
            "documentURI": told,
            "referrer": "",
            "blockedURI": told,
            "effectiveDirective": "frame-ancestors",
            "originalPolicy": one["text"],
            "disposition": "report" if one["report"] else "enforce",
            "statusCode": status,
            "sample": "",
            "sourceFile": "",
            "lineNumber": 0,
            "columnNumber": 0,
        }
        yield {
            "policy": one["text"],
            "meta": False,
            "to": one["to"],
            "url": url,
            "upgrade": False,
            "violation": violation,
        }


def redirect_rules(
    policies: Iterable[Mapping[str, Any]],
    destination: str,
    *,
    nonce: str = "",
    integrity: str = "",
    parser_inserted: bool = True,
    hint: bool = False,
) -> csp.RedirectRules | None:
    """Give what redirects of a request are asked of, by policies as `csp.check` takes them; those that only report are asked of responses."""
    known = tuple((csp.parse(one["text"], meta=one["meta"]), one["self"]) for one in policies if not one["report"])
    if not known:
        return None
    return csp.RedirectRules(
        policies=known,
        destination=destination,
        nonce=nonce,
        integrity=integrity,
        parser_inserted=parser_inserted,
        hint=hint,
    )


def sandbox_of(headers: Iterable[tuple[str, str]]) -> dict[str, bool] | None:
    """Give what the `sandbox` directives of a response leave its document (6.3.2), or None where there is none."""
    found = [
        {flag.lower() for flag in csp.parse(one["text"]).directives["sandbox"]}
        for one in policies_of(headers)
        if not one["report"] and "sandbox" in csp.parse(one["text"]).directives
    ]
    if not found:
        return None
    allowed = {name: all(keyword in flags for flags in found) for keyword, name in _SANDBOX_KEYWORDS.items()}
    return {"opaque": not all("allow-same-origin" in flags for flags in found), **allowed}


_SANDBOX_KEYWORDS = {
    "allow-scripts": "scripts",
    "allow-forms": "forms",
    "allow-modals": "modals",
    "allow-popups": "popups",
    "allow-popups-to-escape-sandbox": "escape",
    "allow-top-navigation": "top",
    "allow-top-navigation-by-user-activation": "topActivated",
    "allow-downloads": "downloads",
}
"""HTML, "parse a sandboxing directive", as far as `web/html/sandbox.js` asks."""


def both_sandboxes(one: dict[str, bool] | None, other: dict[str, bool] | None) -> dict[str, bool] | None:
    """Give what two sandboxes around the same document leave it; None is no sandbox."""
    if one is None or other is None:
        return one if other is None else other
    return {name: one[name] or other[name] if name == "opaque" else one[name] and other[name] for name in one}


def _violated(policy: csp.Policy, question: Mapping[str, Any], self_url: str) -> str | None:
    kind = question["kind"]
    if kind == "inline":
        return csp.blocked_inline(policy, question["type"], question["source"], nonce=question["nonce"])
    if kind == "eval":
        return csp.blocked_eval(policy)
    if kind == "wasm":
        return csp.blocked_wasm(policy)
    if kind == "target":
        return csp.blocked_target(policy, question["directive"], question["url"], self_url=self_url)
    return csp.blocked_request(
        policy,
        question["destination"],
        question["url"],
        self_url=self_url,
        nonce=question["nonce"],
        integrity=question["integrity"],
        parser_inserted=question["parserInserted"],
        redirected=question["redirected"],
        hint=question.get("hint", False),
    )


def violations_of(question: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the policies that answer a question with no, as `csp.check` tells them."""
    violations: list[dict[str, Any]] = []
    for index, one in enumerate(question["policies"]):
        policy = csp.parse(one["text"], meta=one["meta"])
        effective = _violated(policy, question, one["self"])
        if effective is None:
            continue
        name = policy.governing(effective) or effective
        digest = ""
        if question["kind"] == "inline":
            digest = base64.b64encode(hashlib.sha256(question["source"].encode("utf-8", "replace")).digest()).decode()
        violations.append(
            {
                "index": index,
                "effective": effective,
                "directive": name,
                "value": policy.text(name),
                "sample": any(word.lower() == "'report-sample'" for word in policy.directives[name]),
                "hash": digest,
            }
        )
    return violations


def _check(question: Mapping[str, Any], data: bytes | None) -> tuple[str, bytes | None]:
    return json.dumps(violations_of(question)), None


FUNCTIONS: Mapping[str, Callable[[Any, bytes | None], tuple[str, bytes | None]]] = {"csp.check": _check}
