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
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

import platformdirs

from sanderling.base.errors import InternalError

_LOG = logging.getLogger("sanderling.js.snapshot")

WEB = Path(__file__).resolve().parent.parent / "web"

_IMPORT = re.compile(r"^import\s*\{([^}]*)\}\s*from\s*'([^']+)';[ \t]*$", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|let|function|class)\b)", re.MULTILINE)
_DECLARED = re.compile(r"^(?:export )?(?:async )?(?:function\*?|class|const|let|var) ([A-Za-z_$][\w$]*)", re.MULTILINE)
_COMMENT_LINE = re.compile(r"^[ \t]*//[^\n]*$", re.MULTILINE)
_EXPORTED = re.compile(
    r"^export (?:async )?(?:const|let|function\*?|class)\s+(?:\{([^}]*)\}|([A-Za-z_$][\w$]*))", re.MULTILINE
)
_BAD = re.compile(r"^(?:export\s*\{|export\s+default|import\s+[^{])", re.MULTILINE)

_DIGEST_BYTES = 32  # SHA-256, in front of the blob in the cache file


class SourceError(InternalError):
    """A file of `web/` breaks the rules of its readme."""


class SourceMap(NamedTuple):
    """Which lines of the one script come from which file."""

    starts: tuple[tuple[int, str], ...]
    """First line (1-based) of each file and its path below `web/`."""

    def locate(self, line: int) -> str:
        """Give ``path:line`` for a line of the script."""
        path, start = "?", 1
        for first, name in self.starts:
            if first > line:
                break
            path, start = name, first
        return f"{path}:{line - start + 1}"

    def translate(self, text: str) -> str:
        """Replace positions in the script by positions in files, as in a stack trace."""
        return re.sub(r"sanderling:web:(\d+)", lambda found: "web/" + self.locate(int(found.group(1))), text)


def order(web: Path = WEB) -> list[str]:
    """Read the order of evaluation."""
    lines = (web / "order.txt").read_text("ascii").splitlines()
    return [path for line in lines if (path := line.partition("#")[0].strip())]


@cache
def source(web: Path = WEB) -> tuple[str, SourceMap]:
    """Make the one script of `web/`.

    Raises:
        SourceError: a file breaks the rules; the text names file and line.
    """
    paths = order(web)
    texts: dict[str, str] = {}
    exports: dict[str, set[str]] = {}
    for path in paths:
        if path in texts:
            raise SourceError(f"web/order.txt: {path} stands there twice")
        try:
            text = (web / path).read_text("ascii")
        except UnicodeDecodeError as error:
            raise SourceError(f"web/{path}: not ASCII at byte {error.start}") from error
        except OSError as error:
            raise SourceError(f"web/{path}: {error.strerror}") from error
        texts[path] = text
        names: set[str] = set()
        for found in _EXPORTED.finditer(text):
            if found.group(1):
                names.update(part.split(":")[-1].strip() for part in found.group(1).split(",") if part.strip())
            else:
                names.add(found.group(2))
        exports[path] = names
    _check_unique(texts)
    # Evaluated twice: the first time to be rehearsed and thrown away, so that the second, fresh one finds its functions compiled (web/rehearsal.js).
    chunks = ["(function (web) { web(true); web(false); })(function (rehearsal) {'use strict';"]
    starts = []
    line = 2
    for path in paths:
        text = texts[path]
        _check(path, text, exports)
        body = _IMPORT.sub(lambda found: "\n" * found.group(0).count("\n"), text)
        body = _EXPORT.sub("", body)
        # The engine keeps the source of every isolate for functions that are compiled late: comments are not part of it.
        body = _COMMENT_LINE.sub("", body)
        if not body.endswith("\n"):
            body += "\n"
        starts.append((line, path))
        chunks.append(body[:-1])
        line += body.count("\n")
    chunks.append("});\n")
    return "\n".join(chunks), SourceMap(tuple(starts))


def _check_unique(texts: dict[str, str]) -> None:
    """Refuse a top-level name that two files declare: functions would override each other in silence."""
    owners: dict[str, str] = {}
    clashes = []
    for path, text in texts.items():
        for found in _DECLARED.finditer(text):
            name = found.group(1)
            if owners.setdefault(name, path) != path:
                clashes.append(f"{name} (web/{owners[name]} and web/{path})")
    if clashes:
        raise SourceError("declared twice: " + ", ".join(clashes))


def _check(path: str, text: str, exports: dict[str, set[str]]) -> None:
    bad = _BAD.search(text)
    if bad is not None and not _IMPORT.match(text, bad.start()):
        raise SourceError(
            f"web/{path}:{text.count(chr(10), 0, bad.start()) + 1}: only `import {{ a }} from '…';` and `export` before a declaration"
        )
    for found in _IMPORT.finditer(text):
        target = os.path.normpath(os.path.join(os.path.dirname(path), found.group(2)))
        where = f"web/{path}:{text.count(chr(10), 0, found.start()) + 1}"
        if target not in exports:
            raise SourceError(f"{where}: imports {target}, which is not in web/order.txt")
        for name in (part.strip() for part in found.group(1).split(",")):
            if name and name not in exports[target]:
                raise SourceError(f"{where}: web/{target} does not export {name!r}")


def _identity() -> str:
    from sanderling.js.engine import engine_identity

    return engine_identity()


def cache_folder() -> Path:
    """Where snapshots are kept; the variable SANDERLING_CACHE_DIR overrides the user's cache folder."""
    chosen = os.environ.get("SANDERLING_CACHE_DIR")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("sanderling"))


def cache_file(web: Path = WEB) -> Path:
    """Name the cache file for this engine and these sources."""
    key = hashlib.sha256()
    key.update(_identity().encode())
    key.update(source(web)[0].encode())
    return cache_folder() / f"web-{key.hexdigest()[:32]}.snapshot"


def load_snapshot(web: Path = WEB) -> bytes:
    """Give the blob: from the cache when it is whole, else built.

    Raises:
        SourceError: a file of `web/` is wrong.
        InternalError: the build failed; the text says where.
    """
    path = cache_file(web)
    blob = _read(path)
    if blob is None:
        blob = build(web)
        _write(path, blob)
    return blob


def _read(path: Path) -> bytes | None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        _LOG.warning("cannot read the snapshot cache %s: %s", path, error.strerror)
        return None
    digest, blob = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
    if hashlib.sha256(blob).digest() != digest:
        _LOG.warning("the snapshot in %s is damaged; it is built anew", path)
        return None
    return blob


def _write(path: Path, blob: bytes) -> None:
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
            temporary = file.name
            file.write(hashlib.sha256(blob).digest() + blob)
        os.replace(temporary, path)
        temporary = None
        _drop_old(path)
    except OSError as error:
        _LOG.warning("cannot keep the snapshot in %s (%s): every start builds it anew", path.parent, error.strerror)
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


KEPT = 4
"""Snapshots of other versions that stay in the cache folder; each has about 3 MB."""


def _drop_old(path: Path) -> None:
    others = sorted(
        (other for other in path.parent.glob("web-*.snapshot") if other != path),
        key=lambda other: other.stat().st_mtime,
    )
    for other in others[: max(0, len(others) - KEPT)]:
        other.unlink(missing_ok=True)


def build(web: Path = WEB) -> bytes:
    """Build the blob in a child process.

    Raises:
        InternalError: the script failed or the engine aborted.
    """
    _, positions = source(web)
    with tempfile.TemporaryDirectory(prefix="sanderling-") as folder:
        target = Path(folder) / "blob"
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own module, paths of ours
            [sys.executable, "-I", "-c", _CHILD, str(Path(__file__).resolve().parents[2]), str(web), str(target)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            text = positions.translate(done.stderr.decode("utf-8", "replace")).strip()
            raise InternalError(f"the startup snapshot cannot be built (exit code {done.returncode}):\n{text}")
        return target.read_bytes()


_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from sanderling.js.snapshot_child import main; main(sys.argv[2], sys.argv[3])"
