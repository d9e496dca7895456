"""What the tools of a page emulate: the sum of what several owners set, applied to its documents before their code runs.

Each setting belongs to the owner that made it (a session): of several, the one set last counts, and it ends with its owner. Documents get
the whole state by the entry `emulation.apply` (web/emulation/); nothing is entered while nothing is emulated.

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from sanderling.base.errors import ClosedError, SanderlingError, UsageError
from sanderling.browser.agent import Agent
from sanderling.http.request import Overrides

if TYPE_CHECKING:
    from sanderling.browser.page import Page

Setting: TypeAlias = Literal[
    "metrics",
    "touch_points",
    "media",
    "features",
    "time_zone",
    "locale",
    "user_agent",
    "accept_language",
    "platform",
    "client_hints",
    "hardware_concurrency",
    "scripting",
    "cookies_disabled",
    "geolocation",
]
"""Names of what can be set."""


class Orientation(msgspec.Struct, frozen=True):
    """`screen.orientation`."""

    type: str
    angle: int


class Metrics(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes in CSS pixels; 0 for the page's own."""

    width: int = 0
    height: int = 0
    scale: float = 0
    """Device pixels per CSS pixel."""
    mobile: bool = False
    screen_width: int = 0
    screen_height: int = 0
    orientation: Orientation | None = None


class Geolocation(msgspec.Struct, frozen=True, kw_only=True):
    """A place; None in `latitude`: it cannot be found."""

    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None
    altitude: float | None = None
    altitude_accuracy: float | None = None
    heading: float | None = None
    speed: float | None = None


class Brand(msgspec.Struct, frozen=True, kw_only=True):
    """A name of this browser and its version."""

    brand: str
    version: str


class ClientHints(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What `navigator.userAgentData` and `Sec-CH-UA*` say; https://wicg.github.io/ua-client-hints/. Names outside are CDP's."""

    platform: str
    platform_version: str
    architecture: str
    model: str
    mobile: bool
    brands: list[Brand] = []
    full_version_list: list[Brand] = []
    full_version: str = ""
    bitness: str = ""
    wow64: bool = False
    form_factors: list[str] = []

    def headers(self) -> tuple[tuple[str, str], ...]:
        """Give the headers that go with every request (the specification's low-entropy hints)."""
        return (
            ("Sec-CH-UA", ", ".join(f"{_sh_string(one.brand)};v={_sh_string(one.version)}" for one in self.brands)),
            ("Sec-CH-UA-Mobile", "?1" if self.mobile else "?0"),
            ("Sec-CH-UA-Platform", _sh_string(self.platform)),
        )


def _sh_string(text: str) -> str:
    # RFC 8941, 4.1.6
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Emulation:
    """The state of one page.

    Args:
        page: whose documents it is applied to.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._values: dict[Setting, dict[object, Any]] = {}  # by owner, in the order of setting
        self._owners: set[object] = set()

    # -- what counts -------------------------------------------------------------------------------------------------------

    def get(self, name: Setting) -> Any:
        """Give the value that counts, or None."""
        values = self._values.get(name)
        return next(reversed(values.values())) if values else None

    @property
    def metrics(self) -> Metrics:
        """The sizes that count."""
        return self.get("metrics") or Metrics()

    @property
    def user_agent(self) -> str:
        """What `navigator.userAgent` and the header say."""
        return self.get("user_agent") or self._page.context.user_agent

    @property
    def languages(self) -> list[str]:
        """`navigator.languages`."""
        chosen = self.get("accept_language")
        if not chosen:
            return self._page.context.languages
        return [part.split(";")[0].strip() for part in chosen.split(",") if part.strip()]

    @property
    def scripting(self) -> bool:
        """Whether scripts of pages run."""
        return self.get("scripting") is not False

    def overrides(self, old: Overrides) -> Overrides:
        """Give what the page's tools change about a request, with the headers that are emulated."""
        user_agent, accept_language = self.get("user_agent") or "", self.get("accept_language") or ""
        hints: ClientHints | None = self.get("client_hints")
        if not user_agent and not accept_language and hints is None:
            return old
        return msgspec.structs.replace(
            old,
            user_agent=user_agent or old.user_agent,
            accept_language=accept_language or old.accept_language,
            client_hints=old.client_hints if hints is None else hints.headers(),
        )

    # -- changing it -------------------------------------------------------------------------------------------------------

    async def set(self, owner: object, values: dict[Setting, Any]) -> None:
        """Set several things at once and apply them; None takes a setting of that owner back.

        Returns when every document of the page shows it.
        """
        self._owners.add(owner)
        for name, value in values.items():
            mine = self._values.setdefault(name, {})
            mine.pop(owner, None)
            if value is not None:
                mine[owner] = value
        await self._apply_everywhere()

    def knows(self, owner: object) -> bool:
        """Whether `owner` has set something before: what it set has to be dropped at its end."""
        return owner in self._owners

    def drop(self, owner: object) -> None:
        """Take back all that `owner` set."""
        self._owners.discard(owner)
        gone = [values.pop(owner, None) is not None for values in self._values.values()]
        if not any(gone) or self._page.closed:
            return
        for agent in self._page.agents():
            agent.post("emulation.apply", self._payload(agent, quiet=False))

    async def known_time_zone(self, name: str) -> str:
        """Give a time zone's name as the engine writes it.

        Raises:
            UsageError: there is none of that name.
        """
        known = (await self._names({"timeZone": name}))["timeZone"]
        if not known:
            raise UsageError("Invalid timezone id")
        return str(known)

    async def known_locale(self, name: str) -> str:
        """Give a locale's name as the engine writes it.

        Raises:
            UsageError: it is none.
        """
        known = (await self._names({"locale": name.replace("_", "-")}))["locale"]
        if not known:
            raise UsageError("Invalid locale name")
        return str(known)

    async def _names(self, names: dict[str, str]) -> dict[str, Any]:
        page = self._page
        while True:
            try:
                answer: dict[str, Any] = await page.call("emulation.names", names)
            except ClosedError:  # its document went meanwhile: every engine gives the same answer
                if page.closed:
                    raise
                if page.agent is None or page.agent.leaving or page.agent.closed:
                    await page.calls.next_document()
            else:
                return answer

    # -- documents ---------------------------------------------------------------------------------------------------------

    async def prepare(self, agent: Agent) -> None:
        """Apply the state to a new document, before any page code (`Page.preparers`)."""
        if any(self._values.values()):
            await agent.enter("emulation.apply", self._payload(agent, quiet=True))

    async def window_resized(self) -> None:
        """Tell documents that the page's window has another size; where a size is emulated, that holds on."""
        await self._apply_everywhere()

    async def _apply_everywhere(self) -> None:
        page = self._page
        for agent in page.agents():
            while True:
                try:
                    await agent.enter("emulation.apply", self._payload(agent, quiet=False))
                except SanderlingError as error:
                    # Its document is replaced: the next one gets the state at its beginning.
                    if agent in page.agents() and not agent.closed:
                        if page.closed or not agent.leaving or not isinstance(error, ClosedError):
                            raise
                        await page.calls.next_document()  # it may be that it stays
                        continue
                break

    def _payload(self, agent: Agent, *, quiet: bool) -> dict[str, Any]:
        metrics = self.metrics
        width, height = self._page.window_size
        return {
            "quiet": quiet,
            "top": agent is self._page.agent,
            "width": metrics.width or width,
            "height": metrics.height or height,
            "scale": metrics.scale or 1,
            "mobile": metrics.mobile,
            "screenWidth": metrics.screen_width,
            "screenHeight": metrics.screen_height,
            "orientation": metrics.orientation,
            "touchPoints": self.get("touch_points") or 0,
            "media": self.get("media") or "",
            "features": self.get("features") or {},
            "timeZone": self.get("time_zone") or "",
            "locale": self.get("locale") or "",
            "userAgent": self.user_agent,
            "languages": self.languages,
            "platform": self.get("platform") or "",
            "clientHints": self.get("client_hints"),
            "hardwareConcurrency": self.get("hardware_concurrency") or 0,
            "scripting": self.scripting,
            "cookiesDisabled": bool(self.get("cookies_disabled")),
            "geolocation": self.get("geolocation"),
        }
