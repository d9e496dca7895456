"""The windows of the Browser domain."""

from __future__ import annotations

from typing import Any

import pytest

from sanderling.server.browsers import Browsers
from tests.server.hub_driver import HubLink, RefusedAnswerError, on_network

INNER = "[innerWidth, innerHeight, outerWidth, outerHeight, window.resized ?? 0]"


async def value(link: HubLink, session: str, expression: str) -> Any:
    outcome = await link.call("Runtime.evaluate", session, expression=expression, returnByValue=True)
    return outcome["result"].get("value")


def test_a_window_is_resized_with_its_page() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        target = (await link.call("Target.createTarget", url="about:blank"))["targetId"]
        session = await link.attach(target)
        known = await link.call("Browser.getWindowForTarget", session)
        assert known == await link.call("Browser.getWindowForTarget", targetId=target)
        window = known["windowId"]
        assert known["bounds"] == {"left": 0, "top": 0, "width": 1280, "height": 720, "windowState": "normal"}
        await value(link, session, "addEventListener('resize', () => window.resized = (window.resized ?? 0) + 1)")
        await link.call("Browser.setWindowBounds", windowId=window, bounds={"width": 700, "height": 500, "left": 9})
        assert await value(link, session, INNER) == [700, 500, 700, 500, 1]
        bounds = (await link.call("Browser.getWindowBounds", windowId=window))["bounds"]
        assert bounds == {"left": 9, "top": 0, "width": 700, "height": 500, "windowState": "normal"}
        await link.call("Browser.setContentsSize", session, windowId=window, width=640)
        assert (await value(link, session, INNER))[:2] == [640, 500]
        await link.call("Browser.setWindowBounds", windowId=window, bounds={"windowState": "maximized"})
        bounds = (await link.call("Browser.getWindowBounds", windowId=window))["bounds"]
        assert (bounds["windowState"], bounds["width"]) == ("maximized", 640)

    on_network(test)


def test_an_emulated_size_holds_on() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        target = (await link.call("Target.createTarget", url="about:blank", width=400, height=300))["targetId"]
        session = await link.attach(target)
        known = await link.call("Browser.getWindowForTarget", session)
        assert (known["bounds"]["width"], known["bounds"]["height"]) == (400, 300)
        emulated = {"width": 500, "height": 600, "deviceScaleFactor": 1, "mobile": False}
        await link.call("Emulation.setDeviceMetricsOverride", session, **emulated)
        await link.call("Browser.setWindowBounds", windowId=known["windowId"], bounds={"width": 900})
        assert await value(link, session, "innerWidth") == 500
        await link.call("Emulation.clearDeviceMetricsOverride", session)
        assert await value(link, session, "innerWidth") == 900

    on_network(test)


def test_what_cannot_be_is_refused() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        with pytest.raises(RefusedAnswerError, match="No web contents in the target"):
            await link.call("Browser.getWindowForTarget")
        with pytest.raises(RefusedAnswerError, match="Browser window not found"):
            await link.call("Browser.getWindowBounds", windowId=0)
        (page,) = (await link.call("Target.getTargets"))["targetInfos"]
        window = (await link.call("Browser.getWindowForTarget", targetId=page["targetId"]))["windowId"]
        with pytest.raises(RefusedAnswerError, match="cannot be combined"):
            await link.call("Browser.setWindowBounds", windowId=window, bounds={"width": 9, "windowState": "minimized"})
        with pytest.raises(RefusedAnswerError, match="-32602"):
            await link.call("Browser.setWindowBounds", windowId=window, bounds={"width": 0})
        with pytest.raises(RefusedAnswerError, match="-32602"):
            await link.call("Browser.setContentsSize", windowId=window)
        assert await link.call("Target.getDevToolsTarget", targetId=page["targetId"]) == {}

    on_network(test)
