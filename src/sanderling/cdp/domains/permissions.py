"""The part of Browser that is about the permissions of one context; the hub passes it on.

https://chromedevtools.github.io/devtools-protocol/tot/Browser/#method-grantPermissions

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import msgspec

from sanderling.browser.permissions import DEFAULTS, PermissionState
from sanderling.cdp.dispatch import NoParams, Params, Result, decode_params
from sanderling.cdp.errors import CdpError
from sanderling.proto.url import parse

if TYPE_CHECKING:
    from sanderling.browser.context import Context

TYPES: dict[str, tuple[str, ...]] = {
    "geolocation": ("geolocation",),
    "notifications": ("notifications",),
    # Chromium grants by this writing of unsanitized data only, which is not a thing of its own here.
    "clipboardReadWrite": ("clipboard-read", "clipboard-write"),
    "clipboardSanitizedWrite": ("clipboard-write",),
    "audioCapture": ("microphone",),
    "videoCapture": ("camera",),
    "midi": ("midi",),
    "midiSysex": ("midi",),
    "backgroundSync": ("background-sync",),
    "durableStorage": ("persistent-storage",),
    "storageAccess": ("storage-access",),
    "wakeLockScreen": ("screen-wake-lock",),
    "sensors": ("accelerometer", "gyroscope", "magnetometer", "ambient-light-sensor"),
    "paymentHandler": ("payment-handler",),
    "idleDetection": ("idle-detection",),
    "localFonts": ("local-fonts",),
    "windowManagement": ("window-management",),
    "displayCapture": ("display-capture",),
    "localNetwork": ("local-network",),
    "localNetworkAccess": ("local-network", "local-network-access", "loopback-network"),
    "loopbackNetwork": ("loopback-network",),
}
"""CDP's `PermissionType`, and the names that pages ask for."""


class GrantParams(msgspec.Struct, frozen=True, kw_only=True):
    """`grantPermissions`."""

    permissions: list[str]
    origin: str = ""


class Descriptor(msgspec.Struct, frozen=True, kw_only=True):
    """`PermissionDescriptor`."""

    name: str


class SetParams(Params, frozen=True, kw_only=True):
    """`setPermission`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"embeddedOrigin": "any other than `origin` is refused"}

    permission: Descriptor
    setting: PermissionState
    origin: str = ""
    embeddedOrigin: str = ""  # noqa: N815 - CDP's name


PARAMS: dict[str, type[msgspec.Struct]] = {
    "Browser.grantPermissions": GrantParams,
    "Browser.setPermission": SetParams,
    "Browser.resetPermissions": NoParams,
}
"""The methods, and what is read of their parameters here; the hub reads the rest."""


class Change(NamedTuple):
    """What one of `PARAMS` asks for."""

    origin: str  # serialised; empty for every one
    granted: set[str] | None = None  # these, and no other
    decided: tuple[str, PermissionState] | None = None  # one of them


def read_change(method: str, params: bytes) -> Change:
    """Read the parameters of one of `PARAMS`; nothing is asked for by the one that takes all back.

    Raises:
        CdpError: they are wrong.
    """
    if method == "Browser.resetPermissions":
        return Change("")
    if method == "Browser.setPermission":
        setting = decode_params(SetParams, params)
        if setting.embeddedOrigin and _origin(setting.embeddedOrigin) != _origin(setting.origin):
            raise CdpError("an 'embeddedOrigin' other than 'origin' is not supported by Sanderling")
        if setting.permission.name not in DEFAULTS:
            raise CdpError(f"Invalid PermissionDescriptor name: {setting.permission.name}", code=-32602)
        return Change(_origin(setting.origin), decided=(setting.permission.name, setting.setting))
    grant = decode_params(GrantParams, params)
    unknown = [name for name in grant.permissions if name not in TYPES]
    if unknown:
        raise CdpError(f"Unknown permission type: {unknown[0]}", code=-32602)
    return Change(_origin(grant.origin), granted={name for one in grant.permissions for name in TYPES[one]})


def context_command(context: Context, method: str, params: bytes) -> Result:
    """Do one of `PARAMS`; pages see it before it is answered.

    Raises:
        CdpError: it was refused.
    """
    change = read_change(method, params)
    if change.decided is not None:
        context.permissions.decide(change.origin, *change.decided)
    elif change.granted is not None:
        context.permissions.grant_only(change.origin, change.granted)
    else:
        context.permissions.reset()
    context.permissions_changed()
    return None


def _origin(text: str) -> str:
    if not text:
        return ""
    url = parse(text)
    if url is None or url.origin.nonce:
        raise CdpError("Permission can't be granted to opaque origins.", code=-32602)
    return str(url.origin)
