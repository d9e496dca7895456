"""The target, the site, and the drivers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clients import environments, pages, targets
from tests.clients.drivers import CLIENTS, HERE, Driver, Outcome


class Served:
    """The target of a session; started again when a flow has ended it."""

    def __init__(self, folder: Path) -> None:
        """Keep the folder for its logs."""
        self._folder = folder
        self._target: targets.Chromium | targets.Sanderling | None = None
        self.all: list[targets.Chromium | targets.Sanderling] = []

    def get(self) -> targets.Chromium | targets.Sanderling:
        """Give the target that runs."""
        if self._target is None or not self._target.alive():
            self._target = targets.start(self._folder)
            self.all.append(self._target)
        return self._target

    def close(self) -> None:
        """End it."""
        for one in self.all:
            one.close()


@pytest.fixture(scope="package", autouse=True)
def a_snapshot_is_there(blob: bytes) -> None:
    """The first program of a checkout builds the startup snapshot; that is no part of the time that a server has to start."""


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """What the clients drive."""
    one = Served(tmp_path_factory.mktemp("target"))
    yield one
    one.close()


@pytest.fixture(scope="session")
def origins() -> Iterator[pages.Origins]:
    """Where the pages are."""
    with pages.serve() as served_:
        yield served_


@pytest.fixture(scope="session")
def installed(request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """Give the folder or the interpreter of an environment; installed once, until its list of packages changes."""
    assert request.config.cache is not None, "the packages are kept in pytest's cache"
    folder = request.config.cache.mkdir("clients")

    def install(name: str) -> Path:
        try:
            return environments.install_node(folder) if name == "node" else environments.install_python(folder, name)
        except environments.InstallError as error:
            pytest.fail(str(error), pytrace=False)

    return install


@pytest.fixture(scope="session")
def run_flow(
    served: Served,
    origins: pages.Origins,
    installed: Callable[[str], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str, str, int], Outcome]]:
    """Run a flow of a client."""
    drivers: dict[str, Driver] = {}
    clients = {client.name: client for client in CLIENTS}
    folder = tmp_path_factory.mktemp("drivers")

    def run(name: str, flow: str, limit_ms: int) -> Outcome:
        if name not in drivers:
            client = clients[name]
            place = installed(client.environment)
            if client.environment == "node":
                # Node looks for packages beside the importing file, so the sources are linked beside the packages.
                link = place / "flows"
                link.unlink(missing_ok=True)
                link.symlink_to(HERE / "node", target_is_directory=True)
                program = link / Path(client.main).relative_to("node")
                command = [str(Path(sys.executable).parent / "node"), "--preserve-symlinks", "--preserve-symlinks-main"]
                command += [str(program)]
            else:
                command = [str(place), str(HERE / client.main)]
            drivers[name] = Driver(command, folder, folder / f"{name}.log")
        target = served.get()
        scratch = tmp_path_factory.mktemp("flow")
        world: dict[str, object] = {
            "target": target.name,
            "http": f"http://127.0.0.1:{target.port}",
            "port": target.port,
            "site": origins.site,
            "other": origins.other,
            "socket": origins.socket,
            "folder": str(scratch),
        }
        return drivers[name].run(flow, world, limit_ms)

    yield run
    for driver in drivers.values():
        driver.close()
