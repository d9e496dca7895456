"""The site of the frameworks' pages: /NAME/ is the page of one of them, with all paths below it, and some data."""

from __future__ import annotations

from pathlib import Path

from sanderling.testing.server import Request, Response, Site
from tests.frameworks.builds import APPS

_SHELL = """<!doctype html>
<html>
<head>
<title>{name}</title>
<base href="/{name}/">
</head>
<body data-base="/{name}">
<div id="root"></div>
<script type="module" src="/{name}/app.js"></script>
</body>
</html>
"""
"""What a page has whose bundle makes the rest."""

_TYPES = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}

_DATA = {
    "/data.json": '{"name": "sanderling"}',
    "/songs/gull.json": '{"song": "kyow"}',
    "/counts/gull.csv": "month,birds\nMay,4\nJune,8\nJuly,2\n",
    "/fragments/name": "sanderling",
    "/fragments/list": "<li>knot</li><li>tern</li><li>gull</li>",
    "/fragments/song": "kyow",
    "/fragments/turbo-song": '<turbo-frame id="song">kyow</turbo-frame>',
}


def _fragment(request: Request) -> Response:
    """Answer htmx, which asks for HTML in place of data."""
    match request.path.removeprefix("/fragments/"):
        case "echo":
            text = request.query["q"]
        case "count":
            count = int(request.query["n"])
            text = f'<button id="count" hx-get="/fragments/count?n={count + 1}">clicked {count}</button>'
            if count > 1:
                text += '<p id="many">many</p>'
        case _:
            return Response(b"", status=404)
    return Response(text.encode())


def _file(path: Path) -> Response:
    return Response(path.read_bytes(), content_type=_TYPES.get(path.suffix, "application/octet-stream"))


def site_of(packages: Path) -> Site:
    """Make the site; `packages` is the folder with node_modules, the bundles and the exported sites."""
    roots = (packages / "built", packages / "exported", APPS)

    def answer(request: Request) -> Response:
        path = request.path
        if path in _DATA:
            suffix = Path(path).suffix or ".html"
            return Response(_DATA[path].encode(), content_type=_TYPES.get(suffix, "text/plain"))
        if path.startswith("/fragments/"):
            return _fragment(request)
        name = path.removeprefix("/").partition("/")[0]
        if name == "node_modules":
            file = packages / path.removeprefix("/")
            return _file(file) if file.is_file() else Response(b"", status=404)
        for root in roots:
            named = root / path.strip("/")
            for file in (named, named.with_name(f"{named.name}.html"), named / "index.html"):
                if file.is_file():
                    return _file(file)
        if Path(path).suffix or not name:
            return Response(b"not found", status=404, content_type="text/plain")
        # All other paths of a page are routes that its own script knows.
        own = [root / name / "index.html" for root in roots if (root / name / "index.html").is_file()]
        return _file(own[0]) if own else Response(_SHELL.format(name=name).encode())

    return answer
