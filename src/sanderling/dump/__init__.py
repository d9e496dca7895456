"""What a page is turned into: HTML, Markdown, text, links.

Thread: any.
"""

from __future__ import annotations

from sanderling.dump.links import Link, to_links
from sanderling.dump.markdown import to_markdown
from sanderling.dump.text import to_text

__all__ = ["Link", "to_links", "to_markdown", "to_text"]
