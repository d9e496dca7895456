"""Page code that watches every name our code uses, on all prototypes that objects of ours might have, sees nothing of it.

What remains, and why: the engine itself asks a promise that is waited for its `constructor`, and a value that a promise is resolved with its `then`.
Appending to an array of ours asks its prototypes for a setter of the index; what leaves the isolate stands in no array.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sanderling.js.web_order import WEB
from sanderling.js.web_sources import sources
from sanderling.testing.transport import Answer
from tests.browser.world import Document, World, run

HERE = Path(__file__).parent / "accessors"
URL = "https://a.test/"

_NAMES = re.compile(r"\.([A-Za-z_$][\w$]*)|[{,]\s*([A-Za-z_$][\w$]*)\s*(?=[:,}])|\['([\w-]+)'\]")
# Of property descriptors, proxy handlers, iterators, errors and matches of regular expressions: the engine asks for them.
_OF_THE_LANGUAGE = """get set value writable enumerable configurable then next done return throw apply construct has deleteProperty ownKeys
getOwnPropertyDescriptor defineProperty getPrototypeOf setPrototypeOf isExtensible preventExtensions cause raw index groups indices lastIndex"""

# ECMAScript asks it of promises, and of what page code gave us or will get.
_ALLOWED = re.compile(
    r"get (?:then|Promise\.Symbol\.species) at |call Promise\.prototype\.then at runMicrotasks "
    r"|(?:call Array\.prototype\.Symbol\.iterator|call arrayIterator\.next) at .*"
    r"web/(?:webidl/conversions|streams/ReadableStream|streams/support|web-animations/keyframes)\.js"
)


def _kind(content_type: str, body: bytes) -> Answer:
    return Answer(headers=(("Content-Type", content_type),), body=body)


DOCUMENTS: dict[str, Document] = {
    f"{URL}d.json": _kind("application/json", b'{"a":[1,{"b":2}]}'),
    f"{URL}w.js": _kind(
        "text/javascript",
        b"onmessage = (e) => { postMessage(e.data) }; onconnect = (e) => { e.ports[0].postMessage(1) }",
    ),
    f"{URL}m.js": _kind("text/javascript", b"export const x = 1;"),
    f"{URL}f.html": _kind("text/html", b"<p>frame<script>parent.postMessage('hi', '*')</script>"),
    f"{URL}s.css": _kind("text/css", b"p { color: red } @media screen { a { b: c } }"),
    f"{URL}i.png": _kind("image/png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\6\0\0\0"),
}


def names() -> list[str]:
    """Give every name that `web/` uses as that of a property."""
    found = set(_OF_THE_LANGUAGE.split())
    for path in WEB.rglob("*.js"):
        text = re.sub(r"(?m)^\s*//.*$", "", path.read_text())
        found.update(name for match in _NAMES.findall(text) for name in match if name)
    return sorted(name for name in found if not name.startswith("__"))


@pytest.mark.parametrize("driver", ["documents", "platform"])
def test_no_accessor_of_a_page_is_asked(blob: bytes, driver: str) -> None:
    async def test(world: World) -> None:
        page = await world.open(URL)
        assert await world.value(page, "driven") == ""
        noticed = sources().positions.translate(await world.value(page, "noticed.join('\\n')")).splitlines()
        assert noticed, "the watch works: page code is asked for some things"
        left = [line for line in noticed if not _ALLOWED.match(re.sub(r"\s+", " ", line))]
        assert "\n".join(left) == ""

    scripts = [
        f"const NAMES = {json.dumps(names())};",
        (HERE / "watch.js").read_text(),
        (HERE / f"{driver}.js").read_text(),
    ]
    markup = "".join("<script>" + text.replace("</", "<\\/") + "</script>" for text in scripts)
    run(blob, {**DOCUMENTS, URL: f"<!doctype html><title>Watched</title><body>{markup}"}, test)
