"""A server for the pages of front-end frameworks, and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sanderling import Browser
from sanderling.testing.server import HttpServer
from tests.frameworks import builds
from tests.frameworks.site import site_of


@pytest.fixture(scope="session")
def packages(request: pytest.FixtureRequest) -> Path:
    """The folder with node_modules and the bundles; installed and built once, until their sources change."""
    assert request.config.cache is not None, "the packages are kept in pytest's cache"
    try:
        return builds.bundles(request.config.cache.mkdir("frameworks"))
    except builds.BuildError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def exported(packages: Path) -> None:
    """Static exports of the frameworks that make them, on the site; made at the same time, since most of it is waiting for npm."""
    with ThreadPoolExecutor() as pool:
        errors = [job.exception() for job in [pool.submit(builds.export, name, packages) for name in builds.EXPORTS]]
    failed = [str(error) for error in errors if error is not None]
    if failed:
        pytest.fail("\n".join(failed), pytrace=False)


@pytest.fixture(scope="session")
def site(packages: Path) -> Iterator[str]:
    """The origin that serves the pages."""
    with HttpServer(site_of(packages)) as server:
        yield server.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all pages."""
    with Browser() as browser:
        yield browser
