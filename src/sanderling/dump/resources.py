"""Where links and images of a page point: absolute, and only where it makes sense outside the page.

Standards: https://html.spec.whatwg.org/#document-base-url , https://html.spec.whatwg.org/#srcset-attributes

Thread: any.
"""

from __future__ import annotations

import ada_url

from sanderling.base.html_core import Element
from sanderling.base.pattern import late_pattern

MAX_DATA_URL = 1024
"""A `data:` image of more characters is left out: it would drown the text around it."""

_UNUSABLE_SCHEMES = ("javascript:", "vbscript:", "data:")
_LEADING_JUNK = late_pattern(r"^[\x00-\x20]+|[\t\n\r]+|[\x00-\x20]+$")
_SRCSET_START = late_pattern(r"[ \t\n\f\r,]*([^ \t\n\f\r]+)")
_SRCSET_SIZE = late_pattern(r"[ \t\n\f\r]*(\d{1,9}(?:\.\d{1,9})?)[wx](?![^ \t\n\f\r])")
_LAZY_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-url")


class Resolver:
    """Makes the URLs of one page absolute."""

    def __init__(self, document_url: str, base_href: str = "") -> None:
        """Take the document's URL, and what its `<base>` says, which is relative to that."""
        self._base = document_url
        self._known: dict[str, str] = {}
        if base_href and not _strip(base_href).lower().startswith(_UNUSABLE_SCHEMES):
            self._base = self._join(base_href)

    def _join(self, reference: str) -> str:
        try:
            return ada_url.join_url(self._base, reference) if self._base else ada_url.normalize_url(reference)
        except ValueError:
            # Not a URL for the parser, and what the author wrote tells a reader more than nothing.
            return reference.strip()

    def absolute(self, reference: str) -> str:
        """Resolve a reference against the base URL."""
        known = self._known.get(reference)
        if known is None:
            known = self._known[reference] = self._join(reference)
        return known

    def link(self, element: Element) -> str | None:
        """Give the destination of an `a` or `area`, or None when there is none to follow."""
        href = element.attr("href")
        if href is None or _strip(href).lower().startswith(_UNUSABLE_SCHEMES):
            return None
        return self.absolute(href) or None

    def source(self, element: Element, attribute: str = "src") -> str | None:
        """Give the URL in an attribute of an embedding element, or None."""
        reference = element.attr(attribute)
        if not reference or _strip(reference).lower().startswith((*_UNUSABLE_SCHEMES, "about:")):
            return None
        return self.absolute(reference)

    def image(self, element: Element) -> str | None:
        """Give the source of an `img`: `src`, the best of `srcset`, or what lazy loaders keep aside."""
        source = (element.attr("src") or "").strip()
        if source and not source.lower().startswith("data:"):
            return self.absolute(source)
        candidates = [element.attr("srcset"), element.attr("data-srcset")]
        parent = element.parent
        if isinstance(parent, Element) and parent.tag == "picture":
            candidates += [
                child.attr("srcset")
                for child in parent.children
                if isinstance(child, Element) and child.tag == "source"
            ]
        for srcset in candidates:
            if srcset and (best := best_candidate(srcset)):
                return self.absolute(best)
        for name in _LAZY_SOURCES:
            if (lazy := (element.attr(name) or "").strip()) and not lazy.lower().startswith("data:"):
                return self.absolute(lazy)
        return source if source and len(source) <= MAX_DATA_URL else None


def best_candidate(srcset: str) -> str:
    """Give the largest image of a `srcset`, or nothing (HTML, "parse a srcset attribute")."""
    best, best_size = "", -1.0
    position = 0
    while match := _SRCSET_START.match(srcset, position):
        url, position = match[1].rstrip(","), match.end()
        size = 1.0
        if url == match[1]:
            # What follows up to a comma describes the image; a comma inside the URL does not end it.
            end = srcset.find(",", position)
            end = len(srcset) if end < 0 else end
            described = _SRCSET_SIZE.match(srcset[position:end])
            size = float(described[1]) if described else 1.0
            position = end
        if url and size > best_size and not url.lower().startswith("data:"):
            best, best_size = url, size
    return best


def _strip(reference: str) -> str:
    # URL, 4.4: control characters around a URL, and tabs and newlines inside, are removed; `java\nscript:` is a script.
    return _LEADING_JUNK.sub("", reference)
