"""Emulation: each method's effect, as page code sees it or on the wire."""

from __future__ import annotations

import threading

import pytest

from sanderling.cdp import wire
from sanderling.testing.server import Request, Response
from tests.cdp.driver import CdpRefusedError, CdpSession, Driver
from tests.support import Site

PAGE = "<!doctype html><title>x</title><iframe srcdoc='<p>inner'></iframe><p id=p>hi</p>"

METRICS = {"deviceScaleFactor": 2, "mobile": False}

WINTER_NOON = "new Date(Date.UTC(2024, 0, 15, 12))"
SUMMER_NOON = "new Date(Date.UTC(2024, 6, 15, 12))"


@pytest.fixture
def page(driver: Driver) -> CdpSession:
    return driver.new_page("Page", "Runtime")


# -- the screen ------------------------------------------------------------------------------------------------------------


def test_metrics_are_seen_when_answered_and_after_a_navigation(page: CdpSession) -> None:
    page.evaluate(
        "globalThis.seen = []; addEventListener('resize', () => seen.push(innerWidth));"
        "matchMedia('(max-width: 500px)').onchange = (event) => seen.push(event.matches)"
    )
    page.call("Emulation.setDeviceMetricsOverride", width=400, height=700, **METRICS)
    seen = "[innerWidth, innerHeight, devicePixelRatio, outerWidth, visualViewport.width, matchMedia('(resolution: 2dppx)').matches]"
    assert page.evaluate(seen) == [400, 700, 2, 400, 400, True]
    assert page.evaluate("seen") == [400, True]
    with Site({"/": PAGE}) as site:
        page.goto(site.url("/"))
        assert page.evaluate(seen) == [400, 700, 2, 400, 400, True]
        assert page.evaluate("frames[0].devicePixelRatio") == 2
    page.call("Emulation.clearDeviceMetricsOverride")
    assert page.evaluate("[innerWidth, innerHeight, devicePixelRatio]") == [1280, 720, 1]


def test_a_phone_has_its_own_screen_and_orientation(page: CdpSession) -> None:
    page.evaluate("globalThis.turned = 0; screen.orientation.onchange = () => { turned++ }")
    turn = {"type": "portraitPrimary", "angle": 0}
    page.call(
        "Emulation.setDeviceMetricsOverride",
        width=390,
        height=844,
        deviceScaleFactor=3,
        mobile=True,
        screenOrientation=turn,
    )
    shown = "[screen.width, screen.height, screen.orientation.type, screen.orientation.angle, turned, matchMedia('(orientation: portrait)').matches]"
    assert page.evaluate(shown) == [390, 844, "portrait-primary", 0, 1, True]
    page.call(
        "Emulation.setDeviceMetricsOverride",
        width=844,
        height=390,
        deviceScaleFactor=3,
        mobile=True,
        screenWidth=900,
        screenHeight=400,
        screenOrientation={"type": "landscapeSecondary", "angle": 270},
    )
    assert page.evaluate(shown) == [900, 400, "landscape-secondary", 270, 2, False]


def test_window_orientation_is_of_mobile_devices(page: CdpSession) -> None:
    size = {"width": 844, "height": 390, "deviceScaleFactor": 3}
    turn = {"type": "landscapePrimary", "angle": 90}
    other = {"type": "landscapeSecondary", "angle": 270}
    assert page.evaluate("'orientation' in window") is False
    page.call("Emulation.setDeviceMetricsOverride", **size, mobile=True, screenOrientation=turn)
    assert page.evaluate("window.orientation") == 90
    page.evaluate("document.body.append(document.createElement('iframe'))")
    page.call("Emulation.setDeviceMetricsOverride", **size, mobile=True, screenOrientation=other)
    assert page.evaluate("[orientation, frames[0].orientation]") == [-90, -90]
    with Site({"/": PAGE}) as site:
        page.goto(site.url("/"))
        assert page.evaluate("orientation") == -90
    page.call("Emulation.clearDeviceMetricsOverride")
    assert page.evaluate("'orientation' in window") is False


@pytest.mark.parametrize(
    "wrong", [{"width": -1}, {"deviceScaleFactor": -1}, {"screenOrientation": {"type": "up", "angle": 0}}]
)
def test_impossible_metrics(page: CdpSession, wrong: dict[str, object]) -> None:
    with pytest.raises(CdpRefusedError) as refused:
        page.call("Emulation.setDeviceMetricsOverride", **{"width": 10, "height": 10, **METRICS, **wrong})
    assert refused.value.code == -32602


def test_touch(page: CdpSession) -> None:
    seen = """[navigator.maxTouchPoints, 'ontouchstart' in window, 'ontouchstart' in document.body,
        matchMedia('(pointer: coarse)').matches, matchMedia('(hover)').matches]"""
    assert page.evaluate(seen) == [0, False, False, False, True]
    page.call("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=5)
    with Site({"/": PAGE}) as site:
        page.goto(site.url("/"))
        assert page.evaluate(seen) == [5, True, True, True, False]
        assert page.evaluate("'ontouchstart' in frames[0]") is True
    page.call("Emulation.setTouchEmulationEnabled", enabled=False)
    assert page.evaluate(seen) == [0, False, False, False, True]


def test_media_type_and_features(page: CdpSession) -> None:
    with Site(
        {
            "/": "<style>@media print { p { display: none } } @media (prefers-color-scheme: dark) { p { color: rgb(1, 2, 3) } }</style><p>x"
        }
    ) as site:
        page.goto(site.url("/"))
        page.evaluate(
            "globalThis.changes = []; matchMedia('(prefers-color-scheme: dark)').onchange = (e) => changes.push(e.matches)"
        )
        page.call(
            "Emulation.setEmulatedMedia",
            media="print",
            features=[
                {"name": "prefers-color-scheme", "value": "dark"},
                {"name": "prefers-reduced-motion", "value": ""},
            ],
        )
        style = """[getComputedStyle(document.querySelector('p')).display, getComputedStyle(document.querySelector('p')).color,
            matchMedia('print').matches, matchMedia('(prefers-reduced-motion)').matches]"""
        assert page.evaluate(style) == ["none", "rgb(1, 2, 3)", True, False]
        assert page.evaluate("changes") == [True]
        page.goto(site.url("/"))
        assert page.evaluate(style)[:3] == ["none", "rgb(1, 2, 3)", True]
        page.call("Emulation.setEmulatedMedia", media="", features=[])
        assert page.evaluate(style) == ["block", "rgb(0, 0, 0)", False, False]
    with pytest.raises(CdpRefusedError, match="'no-such'"):
        page.call("Emulation.setEmulatedMedia", features=[{"name": "no-such", "value": "x"}])


def test_wide_gamuts_have_the_narrower_ones(page: CdpSession) -> None:
    gamuts = "['srgb', 'p3', 'rec2020'].filter((name) => matchMedia(`(color-gamut: ${name})`).matches)"
    assert page.evaluate(gamuts) == ["srgb"]
    page.call("Emulation.setEmulatedMedia", features=[{"name": "color-gamut", "value": "p3"}])
    assert page.evaluate(gamuts) == ["srgb", "p3"]


def test_a_session_takes_what_it_set_along(driver: Driver, page: CdpSession) -> None:
    other = driver.attach(page.page)
    page.call("Emulation.setTimezoneOverride", timezoneId="Asia/Tokyo")
    other.call("Emulation.setTimezoneOverride", timezoneId="Europe/Berlin")
    zone = "Intl.DateTimeFormat().resolvedOptions().timeZone"
    assert page.evaluate(zone) == "Europe/Berlin"
    driver.ask("cdp.session.detach", wire.DetachSession(session=other.name))
    assert page.evaluate(zone) == "Asia/Tokyo"


# -- time ------------------------------------------------------------------------------------------------------------------


def test_time_zone_of_date_and_intl_after_a_navigation(page: CdpSession) -> None:
    page.call("Emulation.setTimezoneOverride", timezoneId="America/New_York")
    shown = f"""(() => {{
      const winter = {WINTER_NOON}, summer = {SUMMER_NOON};
      return [winter.getHours(), summer.getHours(), winter.getTimezoneOffset(), summer.getTimezoneOffset(), '' + winter, summer.toTimeString(),
        new Intl.DateTimeFormat('en-US', {{ hour: 'numeric', hourCycle: 'h23' }}).format(winter), Intl.DateTimeFormat().resolvedOptions().timeZone,
        winter.toLocaleTimeString('en-GB'), Temporal.Now.timeZoneId(), new Date(2024, 0, 15, 7).getTime() === winter.getTime(),
        Date.parse('2024-01-15T07:00') === winter.getTime(), Date.parse('Jan 15 2024 07:00') === winter.getTime(), Date.parse('2024-01-15')
        === Date.UTC(2024, 0, 15),
        Date.parse('2024-01-15T07:00Z') === Date.UTC(2024, 0, 15, 7), Date.parse('Mon, 15 Jan 2024 07:00 GMT+0100') === Date.UTC(2024, 0, 15, 6)];
    }})()"""
    expected = [
        7, 8, 300, 240, "Mon Jan 15 2024 07:00:00 GMT-0500 (Eastern Standard Time)", "08:00:00 GMT-0400 (Eastern Daylight Time)",
        "07", "America/New_York", "07:00:00", "America/New_York", True, True, True, True, True, True,
    ]  # fmt: skip
    assert page.evaluate(shown) == expected
    with Site({"/": "<script>early = new Date(0).getHours()</script>" + PAGE}) as site:
        page.goto(site.url("/"))
        assert page.evaluate(shown) == expected
        assert page.evaluate("[early, new frames[0].Date(0).getHours()]") == [19, 19]
    page.call("Emulation.setTimezoneOverride", timezoneId="")
    assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") != "America/New_York"


def test_time_zone_in_isolated_worlds(page: CdpSession) -> None:
    world = page.call("Page.createIsolatedWorld", frameId=page.page, worldName="w")["executionContextId"]
    page.call("Emulation.setTimezoneOverride", timezoneId="Asia/Kathmandu")
    assert page.evaluate("new Date(2024, 0, 1).toISOString()", contextId=world) == "2023-12-31T18:15:00.000Z"


def test_stand_ins_look_like_the_built_in_ones(page: CdpSession) -> None:
    page.call("Emulation.setTimezoneOverride", timezoneId="Europe/Berlin")
    assert page.evaluate(
        """[Date.name, Date.length, '' + Date, '' + Date.prototype.getHours, Date.prototype.setHours.length, '' + Function.prototype.toString,
        new Date().constructor === Date, new Date() instanceof Date, Object.prototype.toString.call(new Date()), (class D extends Date { x()
        { return 1 } }, 1),
        typeof Date(), '' + Intl.DateTimeFormat, new Intl.DateTimeFormat().constructor === Intl.DateTimeFormat, Object.keys(Date.prototype).length,
        'prototype' in Date.prototype.getHours, new (class D extends Date { x() { return this.getHours() } })(0).x()]"""
    ) == [
        "Date", 7, "function Date() { [native code] }", "function getHours() { [native code] }", 4, "function toString() { [native code] }",
        True, True, "[object Date]", 1, "string", "function DateTimeFormat() { [native code] }", True, 0, False, 1,
    ]  # fmt: skip


def test_local_times_that_are_skipped_or_come_twice(page: CdpSession) -> None:
    page.call("Emulation.setTimezoneOverride", timezoneId="Europe/Berlin")
    assert page.evaluate(
        """[new Date(2024, 2, 31, 2, 30).toISOString(), new Date(2024, 9, 27, 2, 30).toISOString(), new Date(1800, 0, 1).getFullYear(),
        new Date(NaN).getHours(), '' + new Date(NaN), new Date(99, 0).getFullYear(),
        (() => { const d = new Date(2024, 0, 31, 12); d.setMonth(6); return d.toISOString() })(), (() => { const d = new Date(0); d.setYear(70);
        return d.getFullYear() })()]"""
    ) == [
        "2024-03-31T01:30:00.000Z", "2024-10-27T00:30:00.000Z", 1800, None, "Invalid Date", 1999, "2024-07-31T10:00:00.000Z", 1970,
    ]  # fmt: skip


def test_date_and_intl_agree_in_every_zone(page: CdpSession) -> None:
    zones = page.evaluate("Intl.supportedValuesOf('timeZone')")
    assert len(zones) > 300
    for zone in zones[::12]:
        page.call("Emulation.setTimezoneOverride", timezoneId=zone)
        wrong = page.evaluate(
            """(() => {
              const format = new Intl.DateTimeFormat('en-US', { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric',
              minute: 'numeric', hourCycle: 'h23' });
              const wrong = [];
              for (let time = Date.UTC(1990), i = 0; i < 300; i++, time += 1000 * 3607 * 1021) {
                const date = new Date(time);
                const day = `${date.getMonth() + 1}/${date.getDate()}/${date.getFullYear()}`;
                const text = `${day}, ${('0' + date.getHours()).slice(-2)}:${('0' + date.getMinutes()).slice(-2)}`;
                if (format.format(date) !== text) wrong.push([format.format(date), text]);
                if (new Date(date.getFullYear(), date.getMonth(), date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds(),
                date.getMilliseconds()).getHours() !== date.getHours()) wrong.push(text);
              }
              return wrong;
            })()"""
        )
        assert wrong == [], zone


@pytest.mark.parametrize("zone", ["Foo/Bar", "+02:00", "x"])
def test_an_unknown_time_zone(page: CdpSession, zone: str) -> None:
    with pytest.raises(CdpRefusedError, match="Invalid timezone id"):
        page.call("Emulation.setTimezoneOverride", timezoneId=zone)


def test_locale(page: CdpSession) -> None:
    page.call("Emulation.setLocaleOverride", locale="de_DE")
    shown = """[(1234.5).toLocaleString(), new Intl.NumberFormat().resolvedOptions().locale, new Date(0).toLocaleDateString(undefined,
    { month: 'long', timeZone: 'UTC' }),
      new Intl.PluralRules().resolvedOptions().locale, ['z', '\\u00e4'].sort((a, b) => a.localeCompare(b))[0], 12345n.toLocaleString(),
      (1234.5).toLocaleString('en-US'),
      [1234.5].toLocaleString(), new Date(0).toLocaleDateString('fr', { month: 'long', timeZone: 'UTC' })]"""
    expected = ["1.234,5", "de-DE", "Januar", "de", "\u00e4", "12.345", "1,234.5", "1.234,5", "janvier"]
    assert page.evaluate(shown) == expected
    with Site({"/": PAGE}) as site:
        page.goto(site.url("/"))
        assert page.evaluate(shown) == expected
    page.call("Emulation.setLocaleOverride")
    assert page.evaluate("(1234.5).toLocaleString()") != "1.234,5"
    with pytest.raises(CdpRefusedError, match="Invalid locale name"):
        page.call("Emulation.setLocaleOverride", locale="no such locale")


def test_what_is_emulated_while_a_document_is_left_is_for_the_next_one(driver: Driver, page: CdpSession) -> None:
    asked, going = threading.Event(), threading.Event()

    def gate(request: Request) -> Response:
        asked.set()
        assert going.wait(60)
        return Response(b"")

    # A document that is left asks for nothing itself; another window may.
    ask = "const request = new XMLHttpRequest(); request.open('GET', '/gate', false); request.send()"
    leave = f"""<script>other = open('about:blank'); onpagehide = () => other.eval("{ask}")</script>"""
    with Site({"/": leave, "/gate": gate, "/next": PAGE}) as site:
        page.goto(site.url("/"))
        driver.ask("cdp.page.go", wire.PageRef(page=driver.notice("opened")["page"]))
        page.send("Page.navigate", url=site.url("/next"))
        assert asked.wait(60)
        zone = page.send("Emulation.setTimezoneOverride", timezoneId="Asia/Tokyo")
        locale = page.send("Emulation.setLocaleOverride", locale="de-AT")
        scale = page.send("Emulation.setDeviceMetricsOverride", width=500, height=500, **METRICS)
        going.set()
        for number in (zone, locale, scale):
            page.answer(number)
        page.wait_event("Page.loadEventFired")
        shown = "(({timeZone, locale}) => [timeZone, locale, innerWidth])(Intl.DateTimeFormat().resolvedOptions())"
        assert page.evaluate(shown) == ["Asia/Tokyo", "de-AT", 500]


# -- identity and scripts --------------------------------------------------------------------------------------------------


def test_user_agent_in_script_and_headers(page: CdpSession) -> None:
    with Site({"/": PAGE}) as site:
        page.call(
            "Emulation.setUserAgentOverride", userAgent="Robot/7", acceptLanguage="fr-CH, fr;q=0.9", platform="Mars"
        )
        page.goto(site.url("/"))
        assert page.evaluate("[navigator.userAgent, navigator.language, navigator.languages, navigator.platform]") == [
            "Robot/7", "fr-CH", ["fr-CH", "fr"], "Mars",
        ]  # fmt: skip
        headers = {name.lower(): value for name, value in site.requests[-1].headers}
        assert (headers["user-agent"], headers["accept-language"]) == ("Robot/7", "fr-CH, fr;q=0.9")


BRANDS = [{"brand": 'Quote"d', "version": "8"}, {"brand": "Robot", "version": "7"}]

HINTS = {
    "platform": "Mars", "platformVersion": "1.2", "architecture": "arm", "model": "Rover", "mobile": True, "brands": BRANDS,
    "fullVersionList": [{"brand": "Robot", "version": "7.1.2"}], "bitness": "64",
}  # fmt: skip


def test_client_hints_are_there_while_they_are_set(page: CdpSession) -> None:
    there = "['userAgentData' in navigator, typeof navigator.userAgentData]"
    with Site({"/": PAGE}) as site:
        page.goto(site.url("/"))
        assert page.evaluate(there) == [False, "undefined"]
        assert not [name for name, _ in site.requests[-1].headers if name.lower().startswith("sec-ch-ua")]
        page.call("Emulation.setUserAgentOverride", userAgent="Robot/7", userAgentMetadata=HINTS)
        seen = "[navigator.userAgentData.brands, navigator.userAgentData.mobile, JSON.parse(JSON.stringify(navigator.userAgentData)).platform]"
        assert page.evaluate(seen) == [BRANDS, True, "Mars"]
        page.goto(site.url("/"))
        assert page.evaluate(seen) == [BRANDS, True, "Mars"]
        headers = {name.lower(): value for name, value in site.requests[-1].headers}
        assert headers["sec-ch-ua"] == '"Quote\\"d";v="8", "Robot";v="7"'
        assert (headers["sec-ch-ua-mobile"], headers["sec-ch-ua-platform"]) == ("?1", '"Mars"')
        assert page.evaluate(
            "navigator.userAgentData.getHighEntropyValues(['model', 'bitness', 'fullVersionList', 'unknown'])"
        ) == {
            "brands": BRANDS, "mobile": True, "platform": "Mars", "model": "Rover", "bitness": "64",
            "fullVersionList": [{"brand": "Robot", "version": "7.1.2"}],
        }  # fmt: skip
        page.call("Emulation.setUserAgentOverride", userAgent="Robot/7")
        assert page.evaluate(there) == [False, "undefined"]
        page.goto(site.url("/"))
        assert not [name for name, _ in site.requests[-1].headers if name.lower().startswith("sec-ch-ua")]


def test_client_hints_are_for_secure_contexts_and_can_be_sent(page: CdpSession) -> None:
    page.call("Emulation.setUserAgentOverride", userAgent="Robot/7", userAgentMetadata=HINTS)
    assert page.evaluate("[isSecureContext, typeof navigator.userAgentData]") == [False, "undefined"]
    for wrong in ({"platform": "Mars\r\nX: y"}, {"brands": [{"brand": "\u00e9", "version": "1"}]}):
        with pytest.raises(CdpRefusedError) as refused:
            page.call("Emulation.setUserAgentOverride", userAgent="Robot/7", userAgentMetadata={**HINTS, **wrong})
        assert refused.value.code == -32602


def test_scripts_do_not_run(page: CdpSession) -> None:
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    with Site(
        {
            "/": "<script>ran = 1</script><noscript><b id=n>no</b></noscript><p onclick='clicked = 1'>x</p>"
            "<iframe srcdoc='<script>parent.inner = 1</script>'></iframe>"
        }
    ) as site:
        page.goto(site.url("/"))
        page.evaluate("document.querySelector('p').click(); location.href = 'javascript:void(jumped = 1)'")
        assert page.evaluate(
            "[typeof ran, typeof clicked, typeof inner, typeof jumped, document.querySelector('#n')?.textContent]"
        ) == ["undefined"] * 4 + ["no"]
        page.call("Emulation.setScriptExecutionDisabled", value=False)
        page.goto(site.url("/"))
        assert page.evaluate("[ran, inner]") == [1, 1]


def test_document_cookie_disabled(page: CdpSession) -> None:
    with Site({"/": PAGE}) as site:
        page.goto(site.url("/"))
        page.evaluate("document.cookie = 'a=1'")
        page.call("Emulation.setDocumentCookieDisabled", disabled=True)
        assert page.evaluate("document.cookie = 'b=2'; [document.cookie, navigator.cookieEnabled]") == ["", False]
        page.call("Emulation.setDocumentCookieDisabled", disabled=False)
        assert page.evaluate("document.cookie") == "a=1"


def test_hardware_concurrency(page: CdpSession) -> None:
    page.call("Emulation.setHardwareConcurrencyOverride", hardwareConcurrency=64)
    assert page.evaluate("navigator.hardwareConcurrency") == 64


def test_focus_is_what_every_page_has(page: CdpSession) -> None:
    page.call("Emulation.setFocusEmulationEnabled", enabled=True)
    assert page.evaluate("[document.hasFocus(), document.visibilityState]") == [True, "visible"]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("setCPUThrottlingRate", {"rate": 4}),
        ("setEmulatedVisionDeficiency", {"type": "blurredVision"}),
        ("setVirtualTimePolicy", {"policy": "pause"}),
        ("setIdleOverride", {"isUserActive": True, "isScreenUnlocked": True}),
        ("setAutoDarkModeOverride", {"enabled": True}),
        ("setEmitTouchEventsForMouse", {"enabled": True}),
        ("setDisabledImageTypes", {"imageTypes": ["webp"]}),
        ("setPageScaleFactor", {"pageScaleFactor": 2}),
        ("setDeviceMetricsOverride", {"width": 1, "height": 1, "scale": 2, **METRICS}),
    ],
)
def test_what_cannot_be_done_is_refused(page: CdpSession, method: str, params: dict[str, object]) -> None:
    with pytest.raises(CdpRefusedError, match="is not supported by Sanderling"):
        page.call(f"Emulation.{method}", **params)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("setCPUThrottlingRate", {"rate": 1}),
        ("setEmulatedVisionDeficiency", {"type": "none"}),
        ("setDefaultBackgroundColorOverride", {}),
        ("setScrollbarsHidden", {"hidden": True}),
        ("setAutoDarkModeOverride", {}),
    ],
)
def test_what_is_so_anyway_is_answered(page: CdpSession, method: str, params: dict[str, object]) -> None:
    assert page.call(f"Emulation.{method}", **params) == {}
