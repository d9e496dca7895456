"""What a window is asked for with; the lists are those of Chromium for the same arguments."""

from __future__ import annotations

import pytest

from sanderling.proto.window_features import is_popup, popup_bounds, tokens, window_features

BARS = ["menubar", "toolbar", "status", "scrollbars"]
BARE = "toolbar=no,location=no,directories=no,status=no,menubar=no,scrollbars=yes,resizable=yes,width=600,height=300,top=0,left=0"


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("", [*BARS, "resizable"]),
        ("width=600,height=300,left=1,top=2", ["left=1", "top=2", "width=600", "height=300", "resizable"]),
        (BARE, ["left=0", "top=0", "width=600", "height=300", "resizable"]),
        ("popup", ["resizable"]),
        ("innerWidth=50,height=abc,menubar", ["width=50", "height=0", "resizable"]),
        (f"width={'9' * 5000},height=\u0663,left=-3", ["left=-3", "width=0", "height=0", "resizable"]),
        ("popup=0, width = 5", ["width=5", *BARS, "resizable"]),
        ("noreferrer", [*BARS, "resizable"]),
        ("location,toolbar,menubar,scrollbars,status", [*BARS, "resizable"]),
    ],
)
def test_features(text: str, listed: list[str]) -> None:
    assert window_features(text, noopener=False) == listed
    assert window_features(text, noopener=True) == [*listed, "noopener"]


def test_tokens_are_told_apart_by_separators() -> None:
    assert tokens("=Left == 5,width=\t6 top=7,left=9") == {"left": "5", "width": "6", "top": "7"}


def test_bounds_of_a_popup() -> None:
    features = tokens("width=50,innerHeight=300.5,screenX=7")
    assert is_popup(features)
    assert popup_bounds(features) == {"left": 7, "width": 100, "height": 300}
