"""Storage keys: whose localStorage, databases, caches, locks and channels are the same (https://storage.spec.whatwg.org/#storage-keys).

The key of a document is its origin. One that a document of another site embeds has the site of the top-level document in its key, too, as
Chromium writes it (``https://b.test/^0https://a.test``), so that what an origin stores embedded is neither seen by itself as a page nor by itself
embedded elsewhere.

Thread: any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanderling.browser.cookie_access import crosses_sites
from sanderling.proto.url import parse_origin, site

if TYPE_CHECKING:
    from sanderling.browser.page import Page

_TOP_LEVEL_SITE = "/^0"
_BUCKET = "/^b"


def storage_key(page: Page, frame: int, origin: str | None = None) -> str:
    """Give the storage key of a frame's document.

    Args:
        page: with the frame.
        frame: its number.
        origin: of who asks; None for that of the document.
    """
    if origin is None:
        origin = (page.frames.get(frame) or page.main_frame).origin
    if origin == "null" or not crosses_sites(page, frame):
        return origin
    top = page.main_frame.origin
    # The site of a document of an opaque origin is its own alone.
    return f"{origin}{_TOP_LEVEL_SITE}{site(parse_origin(top)) if top != 'null' else page.id}"


def bucket_key(key: str, number: int) -> str:
    """Give the key of what is in a storage bucket (`storage_buckets`) of those who have `key`."""
    return f"{key}{_BUCKET}{number}"


def origin_of_key(key: str) -> str:
    """Give the origin that stores under a key."""
    return key.partition("/^")[0]


def is_partitioned(key: str) -> bool:
    """Whether it is the key of a document that another site embeds, or of a bucket: there is more to it than an origin."""
    return "/^" in key
