"""Emulation: what a page believes of its screen, place, time, language and user agent.

https://chromedevtools.github.io/devtools-protocol/tot/Emulation/

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from sanderling.base.errors import UsageError
from sanderling.browser.emulation import ClientHints, Geolocation, Metrics, Orientation, Setting
from sanderling.cdp.dispatch import Domain, NoParams, Params, Result
from sanderling.cdp.errors import CdpError, invalid_params, unsupported

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("Emulation")
NETWORK = Domain("Network")
"""What is there for historical reasons."""

NO_PIXELS = "there is no rendering yet"

MAX_SIZE = 10_000_000
"""CSS pixels; Chromium's limit for emulated sizes."""

FEATURES: dict[str, frozenset[str]] = {
    "any-hover": frozenset({"none", "hover"}),
    "any-pointer": frozenset({"none", "coarse", "fine"}),
    "color-gamut": frozenset({"srgb", "p3", "rec2020"}),
    "dynamic-range": frozenset({"standard", "high"}),
    "forced-colors": frozenset({"none", "active"}),
    "hover": frozenset({"none", "hover"}),
    "inverted-colors": frozenset({"none", "inverted"}),
    "pointer": frozenset({"none", "coarse", "fine"}),
    "prefers-color-scheme": frozenset({"light", "dark", "no-preference"}),
    "prefers-contrast": frozenset({"no-preference", "more", "less", "custom"}),
    "prefers-reduced-data": frozenset({"no-preference", "reduce"}),
    "prefers-reduced-motion": frozenset({"no-preference", "reduce"}),
    "prefers-reduced-transparency": frozenset({"no-preference", "reduce"}),
}
"""Media features that can be emulated, with their values (Media Queries 5)."""

_ORIENTATIONS = {
    "portraitPrimary": "portrait-primary",
    "portraitSecondary": "portrait-secondary",
    "landscapePrimary": "landscape-primary",
    "landscapeSecondary": "landscape-secondary",
}


async def emulate(session: Session, values: dict[Setting, Any]) -> None:
    """Set what this session emulates; it ends with the session. None takes a setting back."""
    emulation = session.page.emulation
    if not emulation.knows(session):
        session.closers.append(lambda: emulation.drop(session))
    await emulation.set(session, values)


# -- the screen ------------------------------------------------------------------------------------------------------------


class ScreenOrientation(msgspec.Struct, frozen=True, kw_only=True):
    """CDP's type of that name."""

    type: str
    angle: int


class MetricsParams(Params, frozen=True, kw_only=True):
    """`setDeviceMetricsOverride`."""

    REFUSED: ClassVar[tuple[str, ...]] = (
        "dontSetVisibleSize",
        "scrollbarType",
        "screenOrientationLockEmulation",
        "viewportMeta",
        "textLayoutMode",
    )

    width: int
    height: int
    deviceScaleFactor: float  # noqa: N815 - CDP's name, as all below
    mobile: bool
    scale: float = 1
    screenWidth: int = 0  # noqa: N815
    screenHeight: int = 0  # noqa: N815
    positionX: int = 0  # noqa: N815
    positionY: int = 0  # noqa: N815
    dontSetVisibleSize: bool = False  # noqa: N815
    scrollbarType: str = "default"  # noqa: N815
    screenOrientationLockEmulation: bool = False  # noqa: N815
    viewportMeta: str | None = None  # noqa: N815
    textLayoutMode: str | None = None  # noqa: N815
    screenOrientation: ScreenOrientation | None = None  # noqa: N815
    viewport: dict[str, Any] | None = None
    displayFeature: dict[str, Any] | None = None  # noqa: N815
    devicePosture: dict[str, Any] | None = None  # noqa: N815


@DOMAIN.method("setDeviceMetricsOverride", MetricsParams)
async def set_device_metrics_override(session: Session, params: MetricsParams) -> Result:
    """Choose the sizes of window and screen; answered when scripts see them."""
    sizes = (params.width, params.height, params.screenWidth, params.screenHeight)
    if not all(0 <= size <= MAX_SIZE for size in sizes):
        raise CdpError(f"Width and height values must be positive, not greater than {MAX_SIZE}", code=-32602)
    if params.deviceScaleFactor < 0:
        raise CdpError("deviceScaleFactor must be non-negative", code=-32602)
    for name, given in (
        ("scale", params.scale not in (0, 1)),
        ("positionX", params.positionX),
        ("positionY", params.positionY),
        ("viewport", params.viewport),
        ("displayFeature", params.displayFeature),
        ("devicePosture", params.devicePosture not in (None, {"type": "continuous"})),
    ):
        if given:
            raise unsupported(f"Emulation.setDeviceMetricsOverride with {name}")
    orientation = None
    if params.screenOrientation is not None:
        kind = _ORIENTATIONS.get(params.screenOrientation.type)
        if kind is None:
            raise CdpError("Invalid screen orientation type value", code=-32602)
        if not 0 <= params.screenOrientation.angle < 360:
            raise CdpError("Screen orientation angle must be non-negative, less than 360", code=-32602)
        orientation = Orientation(kind, params.screenOrientation.angle)
    metrics = Metrics(
        width=params.width,
        height=params.height,
        scale=params.deviceScaleFactor,
        mobile=params.mobile,
        screen_width=params.screenWidth,
        screen_height=params.screenHeight,
        orientation=orientation,
    )
    await emulate(session, {"metrics": metrics})
    return None


@DOMAIN.method("clearDeviceMetricsOverride", NoParams)
async def clear_device_metrics_override(session: Session, params: NoParams) -> Result:
    """Give the page its own sizes back."""
    await emulate(session, {"metrics": None})
    return None


class TouchParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setTouchEmulationEnabled`."""

    enabled: bool
    maxTouchPoints: int = 1  # noqa: N815


MAX_TOUCH_POINTS = 16
"""Chromium's limit."""


@DOMAIN.method("setTouchEmulationEnabled", TouchParams)
async def set_touch_emulation_enabled(session: Session, params: TouchParams) -> Result:
    """Let the page have a touch screen."""
    if not 1 <= params.maxTouchPoints <= MAX_TOUCH_POINTS:
        raise CdpError(f"Touch points must be between 1 and {MAX_TOUCH_POINTS}", code=-32602)
    await emulate(session, {"touch_points": params.maxTouchPoints if params.enabled else None})
    return None


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """`MediaFeature`."""

    name: str
    value: str


class MediaParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setEmulatedMedia`."""

    media: str | None = None
    features: list[Feature] | None = None


@DOMAIN.method("setEmulatedMedia", MediaParams)
async def set_emulated_media(session: Session, params: MediaParams) -> Result:
    """Choose media type and features; empty values take them back, as do features that are not named."""
    features = {}
    for feature in params.features or ():
        known = FEATURES.get(feature.name)
        if known is None:
            raise unsupported(f"emulating the media feature {feature.name!r}")
        if feature.value and feature.value not in known:
            raise invalid_params(f"{feature.name} is none of {', '.join(sorted(known))}: {feature.value!r}")
        if feature.value:
            features[feature.name] = feature.value
    await emulate(session, {"media": params.media or None, "features": features or None})
    return None


class ColorParams(Params, frozen=True, kw_only=True):
    """`setDefaultBackgroundColorOverride`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"color": "only pixels have a background"}

    color: dict[str, Any] | None = None


@DOMAIN.method("setDefaultBackgroundColorOverride", ColorParams)
async def set_default_background_color_override(session: Session, params: ColorParams) -> Result:
    """Nothing to do: only pixels have a background, and what makes pixels is refused."""
    return None


class HiddenParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setScrollbarsHidden`."""

    hidden: bool


@DOMAIN.method("setScrollbarsHidden", HiddenParams)
async def set_scrollbars_hidden(session: Session, params: HiddenParams) -> Result:
    """Scrollbars take no room here, ever."""
    if not params.hidden:
        raise unsupported("Emulation.setScrollbarsHidden: showing scrollbars")
    return None


class EnabledParams(Params, frozen=True, kw_only=True):
    """`setFocusEmulationEnabled`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {
        "enabled": "every page behaves as focused, and no window could take the focus"
    }

    enabled: bool


@DOMAIN.method("setFocusEmulationEnabled", EnabledParams)
async def set_focus_emulation_enabled(session: Session, params: EnabledParams) -> Result:
    """Every page behaves as focused and visible, which is what this asks for; there is no other window that could take the focus."""
    return None


# -- place, time, language -------------------------------------------------------------------------------------------------


class TimezoneParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setTimezoneOverride`."""

    timezoneId: str  # noqa: N815


@DOMAIN.method("setTimezoneOverride", TimezoneParams)
async def set_timezone_override(session: Session, params: TimezoneParams) -> Result:
    """Choose the time zone of Date, Intl and Temporal; empty for the process's."""
    known = None
    if params.timezoneId:
        try:
            known = await session.page.emulation.known_time_zone(params.timezoneId)
        except UsageError as error:
            raise CdpError(str(error), code=-32602) from None
    await emulate(session, {"time_zone": known})
    return None


class LocaleParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setLocaleOverride`."""

    locale: str = ""


@DOMAIN.method("setLocaleOverride", LocaleParams)
async def set_locale_override(session: Session, params: LocaleParams) -> Result:
    """Choose the default locale of Intl and of `toLocaleString`; empty for the process's."""
    known = None  # navigator.languages has a method of its own, as in Chromium
    if params.locale:
        try:
            known = await session.page.emulation.known_locale(params.locale)
        except UsageError as error:
            raise CdpError(str(error), code=-32602) from None
    await emulate(session, {"locale": known})
    return None


class GeolocationParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setGeolocationOverride`."""

    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None
    altitude: float | None = None
    altitudeAccuracy: float | None = None  # noqa: N815
    heading: float | None = None
    speed: float | None = None


@DOMAIN.method("setGeolocationOverride", GeolocationParams)
async def set_geolocation_override(session: Session, params: GeolocationParams) -> Result:
    """Choose the place; without coordinates none can be found."""
    place = Geolocation()
    if params.latitude is not None and params.longitude is not None and params.accuracy is not None:
        if not (-90 <= params.latitude <= 90 and -180 <= params.longitude <= 180 and params.accuracy >= 0):
            raise CdpError("Invalid geolocation", code=-32602, data="latitude, longitude or accuracy is out of range")
        place = Geolocation(
            latitude=params.latitude,
            longitude=params.longitude,
            accuracy=params.accuracy,
            altitude=params.altitude,
            altitude_accuracy=params.altitudeAccuracy,
            heading=params.heading,
            speed=params.speed,
        )
    await emulate(session, {"geolocation": place})
    return None


@DOMAIN.method("clearGeolocationOverride", NoParams)
async def clear_geolocation_override(session: Session, params: NoParams) -> Result:
    """Take the place back."""
    await emulate(session, {"geolocation": None})
    return None


# -- identity --------------------------------------------------------------------------------------------------------------


class UserAgentParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setUserAgentOverride`, here and in Network."""

    userAgent: str  # noqa: N815
    acceptLanguage: str = ""  # noqa: N815
    platform: str = ""
    userAgentMetadata: ClientHints | None = None  # noqa: N815


async def set_user_agent(session: Session, params: UserAgentParams) -> None:
    """Choose what the page says of its browser, in `navigator` and in headers; empty values are the browser's own.

    Raises:
        CdpError: a value cannot be sent.
    """
    for text in (params.userAgent, params.acceptLanguage):
        if any(character < " " or character == "\x7f" for character in text):
            raise invalid_params("a header cannot have control characters")
    hints = params.userAgentMetadata
    if hints is not None and not all(" " <= character <= "~" for _, text in hints.headers() for character in text):
        raise invalid_params("userAgentMetadata: brands and platform must be printable ASCII")
    if not params.userAgent and hints is not None:
        raise CdpError("Empty userAgent invalid with userAgentMetadata provided", code=-32602)
    await emulate(
        session,
        {
            "user_agent": params.userAgent or None,
            "accept_language": params.acceptLanguage or None,
            "platform": params.platform or None,
            "client_hints": hints,
        },
    )


@NETWORK.method("setUserAgentOverride", UserAgentParams)
@DOMAIN.method("setUserAgentOverride", UserAgentParams)
async def set_user_agent_override(session: Session, params: UserAgentParams) -> Result:
    """See `set_user_agent`."""
    await set_user_agent(session, params)
    return None


class ConcurrencyParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setHardwareConcurrencyOverride`."""

    hardwareConcurrency: int  # noqa: N815


@DOMAIN.method("setHardwareConcurrencyOverride", ConcurrencyParams)
async def set_hardware_concurrency_override(session: Session, params: ConcurrencyParams) -> Result:
    """Choose `navigator.hardwareConcurrency`."""
    if params.hardwareConcurrency <= 0:
        raise CdpError("HardwareConcurrency must be a positive number", code=-32602)
    await emulate(session, {"hardware_concurrency": params.hardwareConcurrency})
    return None


# -- what runs -------------------------------------------------------------------------------------------------------------


class ValueParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setScriptExecutionDisabled`."""

    value: bool


@DOMAIN.method("setScriptExecutionDisabled", ValueParams)
async def set_script_execution_disabled(session: Session, params: ValueParams) -> Result:
    """Let scripts, inline handlers and javascript: URLs of pages not run; evaluation goes on."""
    await emulate(session, {"scripting": False if params.value else None})
    return None


class DisabledParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setDocumentCookieDisabled`."""

    disabled: bool


@DOMAIN.method("setDocumentCookieDisabled", DisabledParams)
async def set_document_cookie_disabled(session: Session, params: DisabledParams) -> Result:
    """Let `document.cookie` be empty and stay so."""
    await emulate(session, {"cookies_disabled": True if params.disabled else None})
    return None


class RateParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setCPUThrottlingRate`."""

    rate: float


@DOMAIN.method("setCPUThrottlingRate", RateParams)
async def set_cpu_throttling_rate(session: Session, params: RateParams) -> Result:
    """Only full speed."""
    if params.rate != 1:
        raise unsupported("Emulation.setCPUThrottlingRate with another rate than 1")
    return None


class TypeParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setEmulatedVisionDeficiency`."""

    type: str


@DOMAIN.method("setEmulatedVisionDeficiency", TypeParams)
async def set_emulated_vision_deficiency(session: Session, params: TypeParams) -> Result:
    """Only `none`."""
    if params.type != "none":
        raise unsupported(f"Emulation.setEmulatedVisionDeficiency: {NO_PIXELS}")
    return None


class AutoDarkParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setAutoDarkModeOverride`."""

    enabled: bool = False


@DOMAIN.method("setAutoDarkModeOverride", AutoDarkParams)
async def set_auto_dark_mode_override(session: Session, params: AutoDarkParams) -> Result:
    """Only off."""
    if params.enabled:
        raise unsupported(f"Emulation.setAutoDarkModeOverride: {NO_PIXELS}")
    return None


class MouseTouchParams(Params, frozen=True, kw_only=True):
    """`setEmitTouchEventsForMouse`."""

    REFUSED: ClassVar[tuple[str, ...]] = ("enabled",)
    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"configuration": "it says how, and enabling is refused"}

    enabled: bool = False
    configuration: str = ""


@DOMAIN.method("setEmitTouchEventsForMouse", MouseTouchParams)
async def set_emit_touch_events_for_mouse(session: Session, params: MouseTouchParams) -> Result:
    """Only off."""
    return None


class ImageTypesParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setDisabledImageTypes`."""

    imageTypes: list[str]  # noqa: N815


@DOMAIN.method("setDisabledImageTypes", ImageTypesParams)
async def set_disabled_image_types(session: Session, params: ImageTypesParams) -> Result:
    """Only none."""
    if params.imageTypes:
        raise unsupported("Emulation.setDisabledImageTypes: images are not decoded")
    return None


@DOMAIN.method("clearIdleOverride", NoParams)
async def clear_idle_override(session: Session, params: NoParams) -> Result:
    """There is none that could be set."""
    return None


@DOMAIN.method("canEmulate", NoParams)
async def can_emulate(session: Session, params: NoParams) -> Result:
    """Say that devices can be emulated."""
    return {"result": True}


DOMAIN.refuse("setIdleOverride", "pages have no IdleDetector")
DOMAIN.refuse("setVirtualTimePolicy", "pages live in real time")
DOMAIN.refuse("setPageScaleFactor", NO_PIXELS)
DOMAIN.refuse("resetPageScaleFactor", NO_PIXELS)
DOMAIN.refuse("setVisibleSize", "use setDeviceMetricsOverride")
DOMAIN.refuse("setNavigatorOverrides", "use setUserAgentOverride")
DOMAIN.refuse("setSafeAreaInsetsOverride", NO_PIXELS)
DOMAIN.refuse("setSmallViewportHeightDifferenceOverride", NO_PIXELS)
DOMAIN.refuse("setDevicePostureOverride", "pages have no device posture")
DOMAIN.refuse("setDisplayFeaturesOverride", "pages have no viewport segments")
DOMAIN.refuse("getOverriddenSensorInformation", "pages have no sensors")
DOMAIN.refuse("setSensorOverrideEnabled", "pages have no sensors")
DOMAIN.refuse("setSensorOverrideReadings", "pages have no sensors")
DOMAIN.refuse("setPressureSourceOverrideEnabled", "pages have no PressureObserver")
DOMAIN.refuse("setPressureStateOverride", "pages have no PressureObserver")
DOMAIN.refuse("setPressureDataOverride", "pages have no PressureObserver")
DOMAIN.refuse("setDataSaverOverride", "pages have no data saver")
