"""Libraries that lean on one part of the platform: transitions, layout, databases, canvases, editing, animations."""

from __future__ import annotations

import pytest

from sanderling import Browser

pytestmark = pytest.mark.slow

RESULTS = {
    "bootstrap": {
        "collapse": "collapse show",
        "modal": "modal fade show",
        "backdrops": 1,
        "closed": "modal fade",
        "dropdown": "dropdown-menu show",
        "tooltip": "what it says",
        "slide": "2",
    },
    "codemirror": {"text": "\nzero\none\ntwo", "lines": ["", "zero", "one", "two"], "focused": True},
    "cytoscape": {
        "places": [{"x": 75, "y": 150}, {"x": 225, "y": 150}],
        "measured": True,
        "image": "data:image/png;base64,",
    },
    "dexie": {
        "counts": [1, 2],
        "birds": [{"name": "gull", "id": 1}, {"name": "teal", "id": 3, "duck": True}, {"name": "tern", "id": 2}],
    },
    "editorjs": {"moved": True, "texts": ["gulls", "terns"]},
    "jointjs": {
        "cells": 3,
        "label": "gull",
        "line": "M 130 64.67 L 200 55.33",
        "place": "translate(50,50)",
    },
    "leaflet": {"size": [512, 256], "tiles": 4, "longitude": 1.76, "popup": "here", "circle": True},
    "notyf": {"shown": "saved"},
    "pikaday": {"days": 30, "weeks": 6, "seen": True, "hit": True, "value": "Fri Jun 14 2024"},
    "quill": {
        "contents": [
            {"insert": "o!ne "},
            {"attributes": {"bold": True}, "insert": "two"},
            {"attributes": {"list": "ordered"}, "insert": "\n"},
        ],
        "markup": "<ol><li>o!ne&nbsp;<strong>two</strong></li></ol>",
        "focused": True,
    },
}


@pytest.mark.parametrize("name", RESULTS)
def test_does_what_it_is_for(name: str, browser: Browser, site: str) -> None:
    errors: list[object] = []
    with browser.new_page() as page:
        page.on("pageerror", errors.append)
        page.set_default_timeout(60_000)
        page.goto(f"{site}/{name}/")
        page.wait_for_function("globalThis.result !== undefined")
        assert page.evaluate("result") == RESULTS[name]
    assert errors == []
