"""The startup snapshot: `web/` as one V8 heap image, built once by a child process and kept in the user's cache folder.

Guarantees. The blob is built in a child (building in this process would make its `Math.random` predictable, and a bad script aborts the
process); it is verified by digest before every load (the engine accepts flipped bits); the cache file is replaced atomically, so two
builders at once both end well; a damaged file is rebuilt; a folder that cannot be written costs a warning and a build.

Thread: any.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from sanderling.base.errors import InternalError
from sanderling.base.version import VERSION
from sanderling.js.web_order import WEB, SourceError, order

if TYPE_CHECKING:
    from sanderling.js.web_sources import SourceMap

_LOG = logging.getLogger("sanderling.js.snapshot")

_DIGEST_BYTES = 32  # SHA-256, in front of the rest of the cache file
_LENGTH_BYTES = 8  # of the blob, before it; the texts come behind


class Snapshot(bytes):
    """The blob, with the texts that isolates made from it may ask for."""

    texts: dict[str, bytes]
    """By name: what is evaluated when something of a lazy family or interface is first used (`web_sources.py`)."""

    @classmethod
    def of(cls, blob: bytes, texts: dict[str, bytes]) -> Snapshot:
        """Join what belongs together."""
        made = cls(blob)
        made.texts = texts
        return made


_MAKERS = tuple(
    str(Path(__file__).with_name(name))
    for name in ("compact.py", "snapshot.py", "snapshot_child.py", "web_order.py", "web_sources.py")
)
"""What else a snapshot depends on."""


def _identity() -> str:
    from sanderling.js.engine import engine_identity

    return engine_identity()


def cache_folder() -> Path:
    """Where snapshots are kept; the variable SANDERLING_CACHE_DIR overrides the user's cache folder."""
    chosen = os.environ.get("SANDERLING_CACHE_DIR")
    if chosen:
        return Path(chosen)
    if sys.platform != "linux":
        import platformdirs

        return Path(platformdirs.user_cache_dir("sanderling"))
    # What platformdirs would say (XDG Base Directory Specification): it and what it imports take 4 ms of each start.
    given = os.environ.get("XDG_CACHE_HOME", "")
    return Path(given if os.path.isabs(given) else os.path.expanduser("~/.cache"), "sanderling")


def cache_file(web: Path = WEB) -> Path:
    """Name the cache file for this engine, these sources and what makes a snapshot of them.

    A file is known by its size and the time of its last change, as Python knows what it has compiled, and by this package's version where
    installers give all files the same time: to read them all takes longer than to read the snapshot.

    Raises:
        SourceError: a file is not there, or `order.txt` is wrong.
    """
    key = hashlib.sha256()
    key.update(f"{VERSION}\0{_identity()}\0{web}\0".encode())
    for path in (f"{web}/order.txt", *(f"{web}/{name}" for name in order(web)), *_MAKERS):
        try:
            facts = os.stat(path)
        except OSError as error:
            raise SourceError(f"{path}: {error.strerror}") from error
        key.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\0".encode())
    return cache_folder() / f"web-{key.hexdigest()[:32]}.snapshot"


def load_snapshot(web: Path = WEB) -> Snapshot:
    """Give the snapshot: from the cache when it is whole, else built.

    Raises:
        SourceError: a file of `web/` is wrong.
        InternalError: the build failed; the text says where.
    """
    path = cache_file(web)
    made = _read(path)
    if made is None:
        made = build(web)
        _write(path, made)
    return made


def _read(path: Path) -> Snapshot | None:
    try:
        with path.open("rb") as file:
            # In pieces: to copy the blob out of the whole takes as long as to read it.
            digest = file.read(_DIGEST_BYTES)
            length = file.read(_LENGTH_BYTES)
            # A damaged one may be any number.
            blob = file.read(min(int.from_bytes(length, "big"), os.fstat(file.fileno()).st_size))
            texts = file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        _LOG.warning("cannot read the snapshot cache %s: %s", path, error.strerror)
        return None
    found = hashlib.sha256(length)
    found.update(blob)
    found.update(texts)
    if found.digest() != digest:
        _LOG.warning("the snapshot in %s is damaged; it is built anew", path)
        return None
    return Snapshot.of(blob, msgspec.msgpack.decode(texts, type=dict[str, bytes]))


def _write(path: Path, made: Snapshot) -> None:
    import tempfile

    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
            temporary = file.name
            data = len(made).to_bytes(_LENGTH_BYTES, "big") + made + msgspec.msgpack.encode(made.texts)
            file.write(hashlib.sha256(data).digest() + data)
        os.replace(temporary, path)
        temporary = None
        _drop_old(path)
    except OSError as error:
        _LOG.warning("cannot keep the snapshot in %s (%s): every start builds it anew", path.parent, error.strerror)
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


KEPT = 4
"""Snapshots of other versions that stay in the cache folder; each has some MB."""


def _drop_old(path: Path) -> None:
    others = sorted((other for other in path.parent.glob("web-*.snapshot") if other != path), key=_written)
    for other in others[: max(0, len(others) - KEPT)]:
        other.unlink(missing_ok=True)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0  # another process, which drops them too, was faster


def build(web: Path = WEB) -> Snapshot:
    """Build the snapshot in child processes.

    Raises:
        InternalError: a script failed or the engine aborted.
    """
    import tempfile

    from sanderling.js.web_sources import sources

    made = sources(web)
    with tempfile.TemporaryDirectory(prefix="sanderling-") as folder:
        target = Path(folder) / "snapshot.blob"
        for step in ("plan", "blob") if made.planner else ("blob",):
            _run_child(step, web, target, made.positions)
        texts = msgspec.json.decode(target.with_suffix(".texts").read_bytes(), type=dict[str, str])
        return Snapshot.of(target.read_bytes(), {name: text.encode() for name, text in texts.items()})


def _run_child(step: str, web: Path, target: Path, positions: SourceMap) -> None:
    import subprocess

    package = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own module, paths of ours
        [sys.executable, "-I", "-c", _CHILD, package, step, str(web), str(target)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        text = positions.translate(done.stderr.decode("utf-8", "replace")).strip()
        raise InternalError(f"the startup snapshot cannot be built (exit code {done.returncode}):\n{text}")


_CHILD = (
    "import sys; sys.path.insert(0, sys.argv[1]); from sanderling.js.snapshot_child import main; main(*sys.argv[2:])"
)
