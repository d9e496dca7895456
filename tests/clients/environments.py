"""The clients' packages: Node's from npm, Python's in virtual environments of their own, since what they depend on clashes.

Kept in pytest's cache until a list of packages changes. `python -m tests.clients.environments FOLDER` makes all of them.

Thread: any.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
INSTALL_TIMEOUT = 300  # seconds

PYTHON_CLIENTS = {
    "common": (
        "playwright==1.65.2",
        "cdp-use==1.4.5",
        "nodriver==0.50.99",
        "DrissionPage==4.1.1.4",
        "pychrome==0.2.4",
        "selenium==4.51.0",
    ),
    # It wants websockets below 11.
    "pyppeteer": ("pyppeteer==2.0.0",),
    # It names exact versions of a hundred packages.
    "browser-use": ("browser-use==0.13.14",),
}
"""What is installed in the environment of each name."""


class InstallError(Exception):
    """A package manager failed; the text is what it said."""


def _run(command: list[str], folder: Path) -> None:
    tools = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}"}
    environment.pop("PYTHONPATH", None)
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=INSTALL_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InstallError(f"{command[0]}: {error}") from error
    if done.returncode != 0:
        raise InstallError(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def install_node(folder: Path) -> Path:
    """Install what `package.json` lists; gives the folder that has `node_modules`."""
    folder = folder / "node"
    folder.mkdir(exist_ok=True, parents=True)
    wanted = (HERE / "package.json").read_text("utf-8")
    stamp = folder / "installed.json"
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        shutil.copy(HERE / "package.json", folder)
        npm = str(Path(sys.executable).parent / "npm")
        _run([npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"], folder)
        stamp.write_text(wanted, "utf-8")
    return folder


def install_python(folder: Path, name: str) -> Path:
    """Make an environment of `PYTHON_CLIENTS`; gives its interpreter."""
    folder = folder / name
    wanted = "\n".join([sys.version, *PYTHON_CLIENTS[name]])
    stamp = folder / "installed.txt"
    python = folder / "bin" / "python"
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(exist_ok=True, parents=True)
        _run([sys.executable, "-m", "venv", str(folder)], folder.parent)
        _run([str(python), "-m", "pip", "install", "--quiet", "--prefer-binary", *PYTHON_CLIENTS[name]], folder)
        stamp.write_text(wanted, "utf-8")
    return python


def main() -> int:
    """Install all."""
    folder = Path(sys.argv[1]).resolve()
    with ThreadPoolExecutor(2) as pool:
        works = [pool.submit(install_node, folder)]
        works += [pool.submit(install_python, folder, name) for name in PYTHON_CLIENTS]
        for work in works:
            print(work.result())
    return 0


if __name__ == "__main__":
    sys.exit(main())
