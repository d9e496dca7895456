"""From a living page to the formats of `sanderling.dump`.

The page serialises itself, with marks on what is not rendered and with the state of its controls; the dump layer does the rest.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import functools

import msgspec

from sanderling.base.errors import UsageError
from sanderling.browser.page import Page


async def dump_page(page: Page, name: str, *, main_content: bool = False) -> str:
    """Dump a page as `html`, `markdown`, `text` or `links` (JSON).

    Raises:
        UsageError: there is no such format.
    """
    if name == "html":
        result: str = (await page.call("document.html", {"frame": 1}))["html"]
        return result
    from sanderling import dump  # late: HTML needs none of it

    marked = await page.call("document.marked", {"frame": 1})
    if name == "markdown":
        render = functools.partial(dump.to_markdown, marked["html"], marked["base"], main_content=main_content)
    elif name == "text":
        render = functools.partial(dump.to_text, marked["html"], main_content=main_content)
    elif name == "links":
        return msgspec.json.encode(dump.to_links(marked["html"], marked["base"])).decode()
    else:
        raise UsageError(f"there is no dump format {name!r}")
    # Large pages take a while: other pages of this worker go on meanwhile.
    if len(marked["html"]) > 200_000:
        return await asyncio.to_thread(render)
    return render()
