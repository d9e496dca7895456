"""What a form control shows, as text.

The page's own serialisation has put the present state into the attributes `value`, `checked` and `selected`.

Thread: any.
"""

from __future__ import annotations

import math

from sanderling.base.html_core import Element, Text
from sanderling.dump.tree import collapse

MASK = "•" * 8
"""A password is shown by its presence, not by its length."""

CONTROLS = frozenset({"input", "select", "textarea", "meter", "progress"})

_BUTTON_LABELS = {"submit": "Submit", "reset": "Reset", "button": ""}
_BARE_TYPES = frozenset({"hidden", "file", "image"})


def control_type(element: Element) -> str:
    """Give an input's type in lower case, `text` by default."""
    return (element.attr("type") or "text").strip().lower()


def is_checkbox(element: Element) -> bool:
    """Whether an element is a checkbox."""
    return element.tag == "input" and control_type(element) == "checkbox"


def is_checked(element: Element) -> bool:
    """Whether a checkbox or radio button is on."""
    return element.attr("checked") is not None


def control_text(element: Element) -> str:
    """Give what a control shows: its value, else its placeholder; empty when it shows nothing. May hold newlines."""
    tag = element.tag
    if tag == "textarea":
        value = "".join(node.data for node in element.children if isinstance(node, Text))
        return value.strip("\r\n") or element.attr("placeholder") or ""
    if tag == "select":
        return ", ".join(_chosen(element))
    if tag in ("meter", "progress"):
        return _gauge(element)
    kind = control_type(element)
    if kind in _BARE_TYPES:
        return ""
    if kind == "checkbox":
        return "[x]" if is_checked(element) else "[ ]"
    if kind == "radio":
        return "(x)" if is_checked(element) else "( )"
    value = element.attr("value") or ""
    if kind in _BUTTON_LABELS:
        return collapse(value if element.attr("value") is not None else _BUTTON_LABELS[kind])
    if kind == "password" and value:
        return MASK
    return collapse(value) or collapse(element.attr("placeholder") or "")


def _chosen(select: Element) -> list[str]:
    options = [
        option
        for option in select.find_all("option")
        if option.attr("hidden") is None or option.attr("selected") is not None
    ]
    chosen = [option for option in options if option.attr("selected") is not None]
    if not chosen and options and select.attr("multiple") is None:
        # HTML, 4.10.7, "selectedness setting algorithm": a drop-down box shows its first option that is not disabled.
        chosen = [next((option for option in options if option.attr("disabled") is None), options[0])]
    elif len(chosen) > 1 and select.attr("multiple") is None:
        chosen = chosen[-1:]
    return [label for option in chosen if (label := collapse(option.attr("label") or option.text))]


def _gauge(element: Element) -> str:
    value = element.attr("value")
    if value is None:
        return ""
    try:
        low, high = float(element.attr("min") or 0), float(element.attr("max") or 1)
        share = (float(value) - low) / (high - low)
    except (ValueError, ZeroDivisionError):
        return ""
    return "" if math.isnan(share) else f"{min(max(share, 0.0), 1.0):.0%}"
