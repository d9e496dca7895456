"""Permissions, the place, the clipboard and notifications, as page code sees them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cdp.driver import CdpRefusedError, CdpSession, Driver
from tests.support import Site

PAGE = "<!doctype html><title>x</title><iframe srcdoc='<p>inner'></iframe>"

STATE = "navigator.permissions.query({name: '%s'}).then((status) => status.state)"

PLACE = """new Promise((resolve) => navigator.geolocation.getCurrentPosition(
  ({coords, timestamp}) => resolve([coords.latitude, coords.longitude, coords.accuracy, coords.altitude, Math.abs(Date.now() - timestamp) < 60000]),
  (error) => resolve([error.code, error instanceof GeolocationPositionError, error.PERMISSION_DENIED])))"""

DENIED = [1, True, 1]
UNAVAILABLE = [2, True, 1]

HERE = {"latitude": 53.5, "longitude": 8.25, "accuracy": 10}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/": PAGE}) as site:
        yield site


@pytest.fixture
def page(driver: Driver, site: Site) -> CdpSession:
    page = driver.new_page("Page", "Runtime")
    page.goto(site.url("/"))
    return page


def grant(driver: Driver, *names: str, **more: object) -> None:
    driver.context_command("Browser.grantPermissions", permissions=list(names), **more)


# -- permissions -----------------------------------------------------------------------------------------------------------


def test_what_is_not_granted_is_denied_and_reset_gives_the_defaults_back(driver: Driver, page: CdpSession) -> None:
    assert page.evaluate(STATE % "geolocation") == "prompt"
    grant(driver, "geolocation")
    assert page.evaluate(STATE % "geolocation") == "granted"
    assert page.evaluate(STATE % "notifications") == "denied"
    driver.context_command("Browser.resetPermissions")
    assert page.evaluate(STATE % "geolocation") == "prompt"


def test_the_local_network_is_a_permission_in_all_its_parts(driver: Driver, page: CdpSession) -> None:
    assert page.evaluate(STATE % "local-network-access") == "granted"
    grant(driver, "geolocation")
    assert page.evaluate(STATE % "loopback-network") == "denied"
    grant(driver, "localNetworkAccess")
    names = ("local-network-access", "local-network", "loopback-network")
    assert [page.evaluate(STATE % name) for name in names] == ["granted"] * 3


def test_permissions_belong_to_an_origin(driver: Driver, page: CdpSession, site: Site) -> None:
    grant(driver, "geolocation", origin="https://elsewhere.test/path")
    assert page.evaluate(STATE % "geolocation") == "prompt"
    grant(driver, "geolocation", origin=site.url("/some/path"))
    assert page.evaluate(STATE % "geolocation") == "granted"
    assert page.evaluate('frames[0].eval("' + STATE % "geolocation" + '")') == "granted"


def test_permissions_belong_to_a_context(driver: Driver, page: CdpSession, site: Site) -> None:
    grant(driver, "geolocation")
    other = driver.new_page("Page", "Runtime", context=driver.new_context())
    other.goto(site.url("/"))
    assert other.evaluate(STATE % "geolocation") == "prompt"


def test_one_permission_is_set(driver: Driver, page: CdpSession) -> None:
    driver.context_command("Browser.setPermission", permission={"name": "clipboard-read"}, setting="denied")
    assert page.evaluate(STATE % "clipboard-read") == "denied"
    assert page.evaluate(STATE % "geolocation") == "prompt"


def test_changes_are_told(driver: Driver, page: CdpSession) -> None:
    page.evaluate(
        "navigator.permissions.query({name: 'geolocation'}).then((status) => {"
        " globalThis.changed = new Promise((resolve) => { status.onchange = (event) => resolve([event.target === status, status.state]) }) })"
    )
    grant(driver, "geolocation")
    assert page.evaluate("changed") == [True, "granted"]
    page.evaluate(
        "navigator.permissions.query({name: 'geolocation'}).then((one) => {"
        " globalThis.seen = []; globalThis.kept = one; one.onchange = () => seen.push(one.state) })"
    )
    driver.context_command("Browser.resetPermissions")
    assert page.evaluate("seen") == ["prompt"], "who has the answer finds the handlers called"


def test_unknown_names(driver: Driver, page: CdpSession) -> None:
    with pytest.raises(CdpRefusedError, match="Unknown permission type: teleport") as refused:
        grant(driver, "geolocation", "teleport")
    assert refused.value.code == -32602
    assert page.evaluate(STATE % "geolocation") == "prompt"
    with pytest.raises(CdpRefusedError):
        driver.context_command("Browser.setPermission", permission={"name": "teleport"}, setting="granted")
    with pytest.raises(CdpRefusedError):
        grant(driver, "geolocation", origin="data:text/html,x")
    assert page.evaluate(STATE % "teleport" + ".catch((error) => error.name)") == "TypeError"


# -- the place -------------------------------------------------------------------------------------------------------------


def test_the_place_needs_permission_and_a_place(driver: Driver, page: CdpSession, site: Site) -> None:
    page.call("Emulation.setGeolocationOverride", **HERE)
    assert page.evaluate(PLACE) == DENIED
    assert page.evaluate(STATE % "geolocation") == "denied"
    grant(driver, "geolocation")
    assert page.evaluate(PLACE) == [53.5, 8.25, 10, None, True]
    page.goto(site.url("/"))
    assert page.evaluate(PLACE) == [53.5, 8.25, 10, None, True]
    page.call("Emulation.setGeolocationOverride", **HERE, altitude=4)
    assert page.evaluate(PLACE) == [53.5, 8.25, 10, 4, True]
    page.call("Emulation.setGeolocationOverride")
    assert page.evaluate(PLACE) == UNAVAILABLE
    page.call("Emulation.clearGeolocationOverride")
    assert page.evaluate(PLACE) == UNAVAILABLE


def test_the_place_is_for_secure_contexts(driver: Driver) -> None:
    grant(driver, "geolocation", "clipboardReadWrite")
    page = driver.new_page("Page", "Runtime")
    page.call("Emulation.setGeolocationOverride", **HERE)
    assert page.evaluate("[isSecureContext, 'clipboard' in navigator, typeof ClipboardItem]") == [
        False,
        False,
        "undefined",
    ]
    assert page.evaluate(PLACE) == DENIED


def test_a_watch_follows_the_place_until_it_is_cleared(driver: Driver, page: CdpSession) -> None:
    grant(driver, "geolocation")
    page.call("Emulation.setGeolocationOverride", **HERE)
    page.evaluate(
        "globalThis.seen = []; new Promise((resolve) => {"
        " globalThis.watch = navigator.geolocation.watchPosition(({coords}) => resolve(seen.push(coords.latitude))) })"
    )
    page.call("Emulation.setGeolocationOverride", latitude=1, longitude=2, accuracy=3)
    assert page.evaluate(PLACE + ".then(() => seen)") == [53.5, 1]
    page.evaluate("navigator.geolocation.clearWatch(watch)")
    page.call("Emulation.setGeolocationOverride", latitude=5, longitude=2, accuracy=3)
    assert page.evaluate(PLACE + ".then(() => seen)") == [53.5, 1]


def test_impossible_places(page: CdpSession) -> None:
    with pytest.raises(CdpRefusedError) as refused:
        page.call("Emulation.setGeolocationOverride", latitude=91, longitude=0, accuracy=0)
    assert refused.value.code == -32602


# -- the clipboard ---------------------------------------------------------------------------------------------------------


def test_text_is_copied_between_the_pages_of_a_context(driver: Driver, page: CdpSession, site: Site) -> None:
    read = "navigator.clipboard.readText().catch((error) => error.name)"
    page.evaluate("navigator.clipboard.writeText('h\\u00e9llo')")
    assert page.evaluate(read) == "NotAllowedError"
    grant(driver, "clipboardReadWrite")
    assert page.evaluate(read) == "h\u00e9llo"
    second = driver.new_page("Page", "Runtime")
    second.goto(site.url("/"))
    assert second.evaluate(read) == "h\u00e9llo"
    page.evaluate("navigator.clipboard.writeText('')")
    assert second.evaluate(read) == ""


def test_writing_can_be_denied(driver: Driver, page: CdpSession) -> None:
    grant(driver, "geolocation")
    assert page.evaluate("navigator.clipboard.writeText('x').catch((error) => error.name)") == "NotAllowedError"


def test_items_have_representations(driver: Driver, page: CdpSession) -> None:
    grant(driver, "clipboardReadWrite")
    assert page.evaluate("navigator.clipboard.read()") == []
    page.evaluate(
        "navigator.clipboard.write([new ClipboardItem({'text/plain': 'plain',"
        " 'text/html': Promise.resolve(new Blob(['<b>rich</b>'], {type: 'text/html'}))})])"
    )
    seen = (
        "navigator.clipboard.read().then(async ([item]) =>"
        " [item.types, await (await item.getType('text/html')).text(), (await item.getType('text/plain')).type, await navigator.clipboard.readText()])"
    )
    assert page.evaluate(seen) == [["text/plain", "text/html"], "<b>rich</b>", "text/plain", "plain"]
    failed = "navigator.clipboard.write([new ClipboardItem({'text/strange': 'x'})]).catch((error) => error.name)"
    assert page.evaluate(failed) == "NotAllowedError"
    assert page.evaluate("[ClipboardItem.supports('text/html'), ClipboardItem.supports('text/strange')]") == [
        True,
        False,
    ]


# -- notifications ---------------------------------------------------------------------------------------------------------


def test_notifications_are_asked_for_in_vain(driver: Driver, page: CdpSession) -> None:
    asked = "Notification.requestPermission().then((answer) => [answer, Notification.permission])"
    assert page.evaluate("Notification.permission") == "default"
    assert page.evaluate(asked) == ["denied", "denied"]
    assert page.evaluate(STATE % "notifications") == "denied"
    driver.context_command("Browser.resetPermissions")
    assert page.evaluate("Notification.permission") == "default"
    grant(driver, "geolocation")
    assert page.evaluate(asked) == ["denied", "denied"]
    grant(driver, "notifications")
    assert page.evaluate(asked) == ["granted", "granted"]
    shown = "new Promise((resolve) => { const one = new Notification('hello'); one.onshow = one.onerror = (event) => resolve([event.type, one.title]) })"
    assert page.evaluate(shown) == ["error", "hello"]
