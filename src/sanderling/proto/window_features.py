"""The third argument of `window.open`: what window it asks for, and how the event `Page.windowOpen` lists it.

Standards: HTML, 7.2.2.1, "tokenize the features argument" and "check if a popup window is requested"; the list is Chromium's.

Thread: any.
"""

from __future__ import annotations

from sanderling.base.pattern import late_pattern

_TOKEN = late_pattern(r"([^=,\t\n\f\r ]+)(?:[\t\n\f\r ]*=[=\t\n\f\r ]*([^=,\t\n\f\r ]*))?")
_NUMBER = late_pattern(r"[+-]?[0-9]{1,9}(?![0-9])")
"""Longer ones are 0, as all that is no number; Chromium knows those of 32 bits."""

MIN_SIZE = 100
"""Of a popup, either way (HTML, CSSOM View, "set up browsing context features")."""

_LEGACY = {"screenx": "left", "screeny": "top", "innerwidth": "width", "innerheight": "height"}


def tokens(features: str) -> dict[str, str]:
    """Give the features by name, in lower case; the first of a name counts."""
    out: dict[str, str] = {}
    for name, value in _TOKEN.findall(features.lower()):
        out.setdefault(_LEGACY.get(name, name), value)
    return out


def _integer(value: str) -> int:
    number = _NUMBER.match(value)
    return int(number[0]) if number else 0


def _is_on(features: dict[str, str], name: str, *, default: bool = False) -> bool:
    value = features.get(name)
    if value is None:
        return default
    return value in ("", "yes", "true") or _integer(value) != 0


def is_popup(features: dict[str, str]) -> bool:
    """Tell whether a window without the usual bars is asked for."""
    asked = {name: value for name, value in features.items() if name not in ("noopener", "noreferrer")}
    if not asked:
        return False
    if "popup" in asked:
        return _is_on(asked, "popup")
    if not _is_on(asked, "location") and not _is_on(asked, "toolbar"):
        return True
    return not (
        _is_on(asked, "menubar")
        and _is_on(asked, "resizable", default=True)
        and _is_on(asked, "scrollbars")
        and _is_on(asked, "status")
    )


def popup_bounds(features: dict[str, str]) -> dict[str, int]:
    """Give where a popup is to be and how large, in CSS pixels, as far as that is asked for: on the screen, and none smaller than Chromium's smallest."""
    out: dict[str, int] = {name: max(0, _integer(features[name])) for name in ("left", "top") if name in features}
    out |= {name: max(MIN_SIZE, _integer(features[name])) for name in ("width", "height") if name in features}
    return out


def window_features(text: str, *, noopener: bool) -> list[str]:
    """List what a window is opened with.

    Args:
        text: the argument, as page code gave it.
        noopener: whether the window gets no opener, for whatever reason.
    """
    features = tokens(text)
    out = [f"{name}={_integer(features[name])}" for name in ("left", "top", "width", "height") if name in features]
    if not is_popup(features):
        out += ["menubar", "toolbar", "status", "scrollbars"]
    out.append("resizable")
    if noopener:
        out.append("noopener")
    return out
