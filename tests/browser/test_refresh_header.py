"""The header `Refresh`, which does what `<meta http-equiv=refresh>` does."""

from __future__ import annotations

from sanderling.testing.transport import Answer
from tests.browser.world import World, run

A = "https://a.test/"


def refreshing(value: str, body: bytes = b"") -> Answer:
    """A document that says it in its header."""
    return Answer(headers=(("Content-Type", "text/html"), ("Refresh", value)), body=body)


def test_of_a_main_document_and_of_frames(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.until(page, "location.pathname === '/second' && document.readyState === 'complete'")
        assert await world.until(page, "frames[0].location.pathname === '/third'")
        assert page.main_frame.url == A + "second"

    run(
        blob,
        {
            A: refreshing("0; url=second"),
            A + "second": "<iframe src=frame></iframe>",
            A + "frame": refreshing("0, third"),
            A + "third": "",
        },
        test,
    )
