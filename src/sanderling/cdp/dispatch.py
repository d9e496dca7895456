"""From a method's name to the function that does it, with parameters typed by msgspec.

Each file of `domains` has a `Domain` with its methods. Parameters that nobody declared are ignored, as Chromium does; declared ones of
another type are refused by name, and so are those that Chromium knows and that cannot be obeyed here (`Params`).

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar

import msgspec

from sanderling.cdp.errors import CdpError, invalid_params, unsupported

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

Result: TypeAlias = "Mapping[str, Any] | None"
"""What a method gives; None is an empty object."""

P = TypeVar("P")


class NoParams(msgspec.Struct, frozen=True):
    """A method without parameters, or none that matter here."""


class Params(msgspec.Struct, frozen=True, kw_only=True):
    """Parameters of a method of which not all are read: the others are refused, or cannot matter and say why.

    A method that has only parameters that it reads needs no such class.
    """

    REFUSED: ClassVar[tuple[str, ...]] = ()
    """Fields that may only have their default value."""
    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {}
    """Fields that change nothing that a client or a page could see, and why."""


_REFUSED: dict[type[Any], tuple[tuple[str, Any], ...]] = {}  # by the kind of parameters: names and defaults


def _check_refused(params: Any) -> None:
    kind = type(params)
    known = _REFUSED.get(kind)
    if known is None:
        names = kind.REFUSED if isinstance(params, Params) else ()
        fields = msgspec.structs.fields(kind)
        known = _REFUSED[kind] = tuple((field.name, field.default) for field in fields if field.name in names)
    for name, default in known:
        if getattr(params, name) != default:
            raise unsupported(f"the parameter {name!r}")


def _decode(decoder: msgspec.json.Decoder[P], params: bytes | msgspec.Raw) -> P:
    # Old clients send null, or an empty list where there are none.
    text = bytes(params).strip()
    if text in (b"", b"null", b"[]"):
        text = b"{}"
    try:
        decoded = decoder.decode(text)
    except msgspec.ValidationError as error:
        raise invalid_params(str(error)) from None
    _check_refused(decoded)
    return decoded


def decode_params(kind: type[P], params: bytes | msgspec.Raw) -> P:
    """Decode the parameters of a method.

    Raises:
        CdpError: they are wrong; the text names what is.
    """
    return _decode(msgspec.json.Decoder(kind), params)


class Method:
    """A method: its parameters and what it does."""

    def __init__(self, params: type[Any], run: Callable[[Session, Any], Awaitable[Result]]) -> None:
        self.params = params
        self._decoder = msgspec.json.Decoder(params)
        self.run = run

    def call(self, session: Session, params: bytes) -> Awaitable[Result]:
        """Decode the parameters and start.

        Raises:
            CdpError: the parameters are wrong.
        """
        return self.run(session, _decode(self._decoder, params))


class Domain:
    """The methods of one domain.

    Args:
        name: in front of the dot.
        events: those that it sends.
    """

    def __init__(self, name: str, *, events: tuple[str, ...] = ()) -> None:
        self.name = name
        self.events = events
        self.methods: dict[str, Method] = {}
        self.refused: dict[
            str, str
        ] = {}  # why, by the full names of those that say what is not supported, and do nothing
        self.with_debugger: set[str] = (
            set()
        )  # full names of methods and events that are there with `serve --debugger` only

    def refuse(self, name: str, why: str) -> None:
        """Declare a method that clients know and that cannot be done here: it fails at once and says why."""
        full = f"{self.name}.{name}"

        async def refused(session: Session, params: NoParams) -> Result:
            raise CdpError(f"{full} is not supported by Sanderling: {why}")

        self.refused[full] = why
        self.methods[full] = Method(NoParams, refused)

    def method(
        self, name: str, params: type[P]
    ) -> Callable[[Callable[[Session, P], Awaitable[Result]]], Callable[[Session, P], Awaitable[Result]]]:
        """Declare a method of this domain."""

        def declare(run: Callable[[Session, P], Awaitable[Result]]) -> Callable[[Session, P], Awaitable[Result]]:
            self.methods[f"{self.name}.{name}"] = Method(params, run)
            return run

        return declare

    def switches(self, *, enable: str = "enable", disable: str = "disable") -> None:
        """Declare `enable` and `disable` of a domain that needs nothing more than to be on or off."""
        domain = self.name

        async def on(session: Session, params: NoParams) -> Result:
            session.enabled.add(domain)
            return None

        async def off(session: Session, params: NoParams) -> Result:
            session.enabled.discard(domain)
            return None

        self.methods[f"{domain}.{enable}"] = Method(NoParams, on)
        self.methods[f"{domain}.{disable}"] = Method(NoParams, off)


def table(*domains: Domain) -> dict[str, Method]:
    """Put the methods of several domains into one table."""
    return {name: method for domain in domains for name, method in domain.methods.items()}
