"""Secure contexts: which windows and web workers are some, and that the others have nothing that is for secure contexts only."""

from __future__ import annotations

import re

import pytest

from sanderling.js.web_order import WEB
from sanderling.testing.transport import Answer
from tests.browser.world import Document, World, run

WORKER = Answer(
    headers=(("Content-Type", "text/javascript"),),
    body=b"postMessage([isSecureContext, typeof caches, typeof Cache, 'locks' in navigator, 'subtle' in crypto])",
)
SAYS = "<script>parent.postMessage(isSecureContext, '*')</script>"


def declared() -> set[str]:
    """Give the names on global objects that the IDL has for secure contexts only."""
    found = set()
    for path in WEB.rglob("*.js"):
        for idl in re.findall(r"\(`([^`]*SecureContext[^`]*)`", path.read_text()):
            found.update(re.findall(r"\[[^\]]*SecureContext[^\]]*\]\s*interface (\w+)", idl))
            found.update(re.findall(r"\[SecureContext\]\s*partial interface Window \{[^}]*attribute \w+ (\w+);", idl))
            mixin = re.search(r"partial interface mixin WindowOrWorkerGlobalScope \{([^}]*)\}", idl)
            if mixin is not None:
                found.update(re.findall(r"\[SecureContext[^\]]*\] readonly attribute \w+ (\w+);", mixin.group(1)))
    return found


@pytest.mark.parametrize(
    ("url", "secure"), [("http://a.test/", False), ("https://a.test/", True), ("http://localhost/", True)]
)
def test_members_for_secure_contexts_are_there_or_not(blob: bytes, url: str, secure: bool) -> None:
    names = sorted(declared() - {"NavigatorUAData"})  # shown where a client names a user agent
    assert {"Cache", "CacheStorage", "caches", "CookieStore", "SubtleCrypto", "LockManager", "Clipboard"} <= set(names)

    async def test(world: World) -> None:
        page = await world.open(url)
        assert await world.value(page, "isSecureContext") is secure
        shown = "NAMES.filter((name) => name in window)".replace("NAMES", str(names))
        assert await world.value(page, shown) == (names if secure else [])
        inner = f"(document.body.append(document.createElement('iframe')), {shown.replace('window', 'frames[0]')})"
        assert await world.value(page, inner) == (names if secure else [])
        assert await world.value(page, "frames[0].isSecureContext") is secure
        worker = "new Promise((done) => { new Worker('/w.js').onmessage = (e) => done(e.data) })"
        kind = "object" if secure else "undefined"
        assert await world.value(page, worker) == [secure, kind, "function" if secure else kind, secure, secure]

    run(blob, {url: "<title>x</title><body>", f"{url}w.js": WORKER}, test)


@pytest.mark.parametrize(
    ("frame", "secure"),
    [
        ("<iframe sandbox=allow-scripts src=/says></iframe>", True),
        (f'<iframe srcdoc="{SAYS}"></iframe>', True),
        (f'<iframe sandbox=allow-scripts srcdoc="{SAYS}"></iframe>', True),
        (f'<iframe src="data:text/html,{SAYS}"></iframe>', True),
        ("<iframe src=https://b.test/says></iframe>", True),
    ],
)
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_frame_is_as_secure_as_what_is_above_it(blob: bytes, scheme: str, frame: str, secure: bool) -> None:
    top = f"{scheme}://a.test/"

    async def test(world: World) -> None:
        page = await world.open(top)
        said = await world.value(page, "told")
        assert said is (secure and scheme == "https")

    markup = "<script>globalThis.told = new Promise((done) => { onmessage = (e) => done(e.data) })</script>" + frame
    documents: dict[str, Document] = {top: markup, f"{top}says": SAYS, "https://b.test/says": SAYS}
    run(blob, documents, test)
