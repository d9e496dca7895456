"""The demo site: a small shop, Wader & Sons, and pages that misbehave in the ways that pages do.

`serve()` starts it; `python -m sanderling.testing.demo` shows it. What every page holds is documented at its route.

Thread: any.
"""

from __future__ import annotations

import functools
import gzip
import html
import json
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from sanderling.testing.catalogue import PRODUCTS, REVIEWS, catalogue_page
from sanderling.testing.server import HttpServer, Request, Response

USER, PASSWORD = "wader", "tide"
SESSION = "c5a1f0"
BOMB_BYTES = 1024 * 1024 * 1024
MAX_DELAY_MS = 60_000
MAX_REDIRECTS = 1_000

_PAGES = Path(__file__).parent / "pages"
_TYPES = {
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}

Route = Callable[[Request], Response]


def serve(*, host: str = "127.0.0.1", port: int = 0) -> HttpServer:
    """Make a server of the demo site; use it in a `with` statement."""
    return HttpServer(site, host=host, port=port)


def site(request: Request) -> Response:
    """Answer a request to the demo site."""
    path = request.path
    route = _ROUTES.get(path)
    if route is not None:
        return route(request)
    for prefix, prefixed in _PREFIXES.items():
        if path.startswith(prefix):
            return prefixed(request)
    return _missing(request)


def _file(name: str, /, **replace: str) -> Response:
    path = _PAGES / name
    text = path.read_text("utf-8")
    for key, value in replace.items():
        text = text.replace("{{" + key + "}}", value)
    return Response(text.encode(), content_type=_TYPES[path.suffix])


def _page(name: str) -> Route:
    return lambda _request: _file(name)


def _static(request: Request) -> Response:
    """Scripts and styles, by name; nothing outside the folder."""
    name = request.path.lstrip("/")
    if re.fullmatch(r"(?:static|modules)/[a-z-]+\.(?:js|css|svg)", name):
        path = name.removeprefix("static/")
        if (_PAGES / path).is_file():
            return _file(path)
    return _missing(request)


def _missing(request: Request) -> Response:
    text = f"<!doctype html><title>Not found</title><h1>Not found</h1><p>{html.escape(request.path)}</p>"
    return Response(text.encode(), 404)


def _json(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value).encode(), status, "application/json")


def _redirect(target: str, *, status: int = 302, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    return Response(b"", status, headers=(("Location", target), *headers))


def _integer(text: str, default: int, most: int) -> int:
    return min(int(text), most) if text.isascii() and text.isdecimal() else default


def _product(request: Request) -> Response:
    """`/product/N`: the same data as in the list, but written by the server."""
    number = request.path.removeprefix("/product/")
    product = next((one for one in PRODUCTS if str(one["id"]) == number), None)
    if product is None:
        return _missing(request)
    return _file("product.html", **{key: html.escape(str(value)) for key, value in product.items()})


def _reviews(request: Request) -> Response:
    number = _integer(request.query.get("product", ""), 0, 10**6)
    return _json(REVIEWS.get(number, []))


def _login(request: Request) -> Response:
    """`/login`: a form; a right answer sets a cookie and leads to the account."""
    if request.method != "POST":
        return _file("login.html", message="")
    form = request.form
    if (form.get("user"), form.get("password")) != (USER, PASSWORD):
        response = _file("login.html", message="Wrong name or password.")
        response.status = 401
        return response
    cookie = f"session={SESSION}; Path=/; HttpOnly; SameSite=Lax"
    return _redirect("/account", status=303, headers=(("Set-Cookie", cookie),))


def _account(request: Request) -> Response:
    """`/account`: for those who have the cookie."""
    if request.cookies.get("session") != SESSION:
        return Response(b"<!doctype html><title>Denied</title><h1>Denied</h1><p><a href=/login>Log in</a></p>", 403)
    return _file("account.html", user=USER)


def _logout(_request: Request) -> Response:
    return _redirect("/", headers=(("Set-Cookie", "session=; Path=/; Max-Age=0"),))


def _slow(request: Request) -> Response:
    """`/slow?ms=`: answers after so many milliseconds."""
    milliseconds = _integer(request.query.get("ms", ""), 1_000, MAX_DELAY_MS)
    text = f"<!doctype html><title>Slow</title><p>after {milliseconds} ms</p>"
    return Response(text.encode(), delay=milliseconds / 1000)


def _redirects(request: Request) -> Response:
    """`/redirect?n=`: so many redirects, then the index."""
    left = _integer(request.query.get("n", ""), 1, MAX_REDIRECTS)
    return _redirect(f"/redirect?n={left - 1}" if left > 1 else "/")


def _status(request: Request) -> Response:
    code = _integer(request.path.removeprefix("/status/"), 0, 1_000)
    if not 200 <= code <= 599:
        return _missing(request)
    return Response(f"<!doctype html><title>{code}</title><h1>Status {code}</h1>".encode(), code)


def _echo(request: Request) -> Response:
    """`/echo`: the request as JSON."""
    headers = [list(header) for header in request.headers]
    body = request.body.decode("utf-8", "backslashreplace")
    return _json({"method": request.method, "target": request.target, "headers": headers, "body": body})


def _set_cookie(request: Request) -> Response:
    """`/set-cookie?a=1&b=2`: sets these cookies, and says which were sent."""
    pairs = request.query.items()
    cookies = tuple(("Set-Cookie", f"{name}={value}; Path=/") for name, value in pairs if re.fullmatch(r"[\w-]+", name))
    response = _json({"sent": request.cookies})
    response.headers = cookies
    return response


def _gzip(request: Request) -> Response:
    text = b"<!doctype html><title>Compressed</title><p>" + b"compressed " * 200 + b"</p>"
    if "gzip" not in request.header("accept-encoding"):
        return Response(text)
    return Response(gzip.compress(text, mtime=0), headers=(("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")))


@functools.cache
def bomb() -> bytes:
    """Give a megabyte of gzip that inflates to a gibibyte of spaces."""
    # One flushed block ends on a byte and refers to nothing before it, so it may be repeated.
    block = b" " * (16 * 1024 * 1024)
    times = BOMB_BYTES // len(block)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    repeated = deflate.compress(block) + deflate.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(times):
        checksum = zlib.crc32(block, checksum)
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    return head + repeated * times + deflate.flush() + struct.pack("<II", checksum, BOMB_BYTES & 0xFFFFFFFF)


def _bomb(_request: Request) -> Response:
    """`/bomb`: a small answer that inflates until somebody stops it."""
    return Response(bomb(), headers=(("Content-Encoding", "gzip"),))


def _cut(_request: Request) -> Response:
    """`/cut`: a body that ends before its announced length."""
    return Response(b"<!doctype html><title>Cut</title><p>This sentence ends in the mid", missing=1_000)


_ROUTES: dict[str, Route] = {
    "/": _page("index.html"),
    "/shop": _page("shop.html"),
    "/api/products": lambda _request: _json(PRODUCTS),
    "/api/reviews": _reviews,
    "/api/poll": lambda _request: _json({"waiting": True}),
    "/login": _login,
    "/logout": _logout,
    "/account": _account,
    "/modules": _page("modules.html"),
    "/article": _page("article.html"),
    "/catalogue": lambda _request: Response(catalogue_page()),
    "/broken": _page("broken.html"),
    "/poll": _page("poll.html"),
    "/spin": _page("spin.html"),
    "/frames": _page("frames.html"),
    "/slow": _slow,
    "/redirect": _redirects,
    "/loop": lambda _request: _redirect("/loop"),
    "/echo": _echo,
    "/set-cookie": _set_cookie,
    "/gzip": _gzip,
    "/bomb": _bomb,
    "/cut": _cut,
    "/robots.txt": lambda _request: Response(b"User-agent: *\nDisallow: /account\n", content_type="text/plain"),
}
_PREFIXES: dict[str, Route] = {
    "/product/": _product,
    "/status/": _status,
    "/static/": _static,
    "/modules/": _static,
}
