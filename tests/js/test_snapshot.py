"""The startup snapshot: sources, their order, and the cache of the blob."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from sanderling.base.errors import InternalError
from sanderling.js import snapshot
from sanderling.js.snapshot import build, cache_file, cache_folder, load_snapshot
from tests.js.folders import folder


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "cache"
    monkeypatch.setenv("SANDERLING_CACHE_DIR", str(path))
    return path


@pytest.mark.parametrize("given", [None, "", "/elsewhere", "relative"])
def test_the_cache_folder_is_where_users_have_theirs(given: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANDERLING_CACHE_DIR", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if given is not None:
        monkeypatch.setenv("XDG_CACHE_HOME", given)
    assert cache_folder() == Path(platformdirs.user_cache_dir("sanderling"))


def test_a_length_that_is_damaged_is_not_believed(
    cache: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    web = folder(tmp_path, "a.js\n", a="const a = 1;\n")
    load_snapshot(web)
    file = cache_file(web)
    data = bytearray(file.read_bytes())
    data[32:40] = b"\xff" * 8
    file.write_bytes(data)
    load_snapshot(web)
    assert "is damaged; it is built anew" in caplog.text


def test_a_script_that_throws_fails_the_build(tmp_path: Path) -> None:
    web = folder(
        tmp_path, "a.js\nb.js\n", a="const a = 1;\n", b="\nfunction fail() { throw new Error('broken') }\nfail();\n"
    )
    with pytest.raises(InternalError, match=r"(?s)cannot be built \(exit code 1\).*Error: broken"):
        build(web)


def test_a_syntax_error_fails_the_build_with_file_and_line(tmp_path: Path) -> None:
    web = folder(tmp_path, "a.js\nb.js\n", a="const a = 1;\n", b="\nlet = = 3;\n")
    with pytest.raises(InternalError, match=r"(?s)cannot be built.*web/b\.js:2"):
        build(web)


WORK = (
    "function work(n) { let sum = 0;"
    + "".join(f" if (n > {i}) sum += n * {i};" for i in range(2000))
    + " return sum; }\n"
)


def test_what_is_rehearsed_is_in_the_snapshot_as_bytecode(tmp_path: Path) -> None:
    for name in ("idle", "rehearsed"):
        (tmp_path / name).mkdir()
    idle = build(folder(tmp_path / "idle", "a.js\n", a=WORK + "globalThis.work = work;\n"))
    rehearsed = build(
        folder(tmp_path / "rehearsed", "a.js\n", a=WORK + "globalThis.work = work; if (rehearsal) work(1);\n")
    )
    assert len(rehearsed) > len(idle) + 20_000


def test_nothing_else_of_a_rehearsal_is_left(tmp_path: Path) -> None:
    state = "let state = null;\nglobalThis.peek = () => state === null;\n"
    for name in ("idle", "rehearsed"):
        (tmp_path / name).mkdir()
    idle = build(folder(tmp_path / "idle", "a.js\n", a=state))
    rehearsed = build(
        folder(
            tmp_path / "rehearsed", "a.js\n", a=state + "if (rehearsal) state = new Array(100_000).fill({ a: 1.5 });\n"
        )
    )
    assert len(rehearsed) < len(idle) + 20_000


def small(tmp_path: Path) -> Path:
    return folder(tmp_path, "a.js\n", a="globalThis.answer = 42;\n")


def test_the_blob_is_kept_and_used_again(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    web = small(tmp_path)
    blob = load_snapshot(web)
    assert len(blob) > 100_000
    assert [path.name for path in cache.iterdir()] == [cache_file(web).name]

    def no_build(web: Path) -> bytes:
        raise AssertionError("built again")

    monkeypatch.setattr(snapshot, "build", no_build)
    again = load_snapshot(web)
    assert again == blob
    assert again.texts == blob.texts


def test_texts_of_families_are_kept_with_the_blob(tmp_path: Path, cache: Path) -> None:
    web = folder(tmp_path, "a.js\nfamily late\nb.js\nend\n", a="globalThis.answer = 42;\n", b="export const b = 1;\n")
    made = load_snapshot(web)
    assert list(made.texts) == ["late"]
    assert b"const b=1;" in made.texts["late"]
    assert made.find(b"const b=1;") < 0
    assert load_snapshot(web).texts == made.texts
    again = tmp_path / "again"
    again.mkdir()
    other = folder(again, "a.js\nfamily late\nb.js\nend\n", a="globalThis.answer = 42;\n", b="export const b = 2;\n")
    assert cache_file(other) != cache_file(web)


def test_the_cache_file_depends_on_the_sources(tmp_path: Path, cache: Path) -> None:
    first = cache_file(small(tmp_path))
    other = tmp_path / "other"
    other.mkdir()
    second = cache_file(folder(other, "a.js\n", a="globalThis.answer = 43;\n"))
    assert first.parent == second.parent == cache
    assert first != second


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty"])
def test_a_damaged_cache_file_is_built_anew(
    tmp_path: Path, cache: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    web = small(tmp_path)
    load_snapshot(web)
    path = cache_file(web)
    good = path.read_bytes()
    bad = bytearray(good)
    bad[len(bad) // 2] ^= 1
    path.write_bytes({"cut": good[: len(good) // 2], "flipped": bytes(bad), "empty": b""}[damage])
    with caplog.at_level(logging.WARNING, "sanderling.js.snapshot"):
        blob = load_snapshot(web)
    assert f"{path} is damaged" in caplog.text
    assert path.read_bytes().find(blob) > 0
    caplog.clear()
    assert load_snapshot(web) == blob
    assert caplog.text == ""


def test_a_cache_folder_that_cannot_be_written_costs_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # A file where the folder should be: permissions do not stop root, who runs tests in containers.
    occupied = tmp_path / "occupied"
    occupied.write_text("")
    monkeypatch.setenv("SANDERLING_CACHE_DIR", str(occupied))
    with caplog.at_level(logging.WARNING, "sanderling.js.snapshot"):
        blob = load_snapshot(small(tmp_path))
    assert len(blob) > 100_000
    assert f"cannot keep the snapshot in {occupied}" in caplog.text


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_cache_folder_costs_a_warning(
    tmp_path: Path, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache.mkdir()
    cache.chmod(0o555)
    with caplog.at_level(logging.WARNING, "sanderling.js.snapshot"):
        load_snapshot(small(tmp_path))
    assert "Permission denied" in caplog.text


def test_snapshots_of_old_versions_are_dropped(tmp_path: Path, cache: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache.mkdir()
    for number in range(8):
        old = cache / f"web-{number:032x}.snapshot"
        old.write_bytes(b"old")
        os.utime(old, (number, number))
    (cache / "web-gone.snapshot").symlink_to("nowhere")  # as if another process had dropped it since it was listed
    mine = cache / "notes.txt"
    mine.write_text("mine")
    load_snapshot(small(tmp_path))
    left = {path.name for path in cache.glob("web-*")}
    assert left == {cache_file(tmp_path / "web").name, *(f"web-{number:032x}.snapshot" for number in (4, 5, 6, 7))}
    assert mine.exists()
    assert "cannot keep" not in caplog.text


_RANDOM = """
import asyncio
from sanderling.js.engine import Engine
from sanderling.js.snapshot import load_snapshot
async def work():
    engine = Engine(load_snapshot())
    for _ in range(3):
        isolate = await engine.take()
        payload = '{"source": "String(Math.random())", "url": "test:"}'
        print((await isolate.enter("script.bare", payload, deadline_s=9)).result.decode())
        isolate.close()
    engine.close()
asyncio.run(work())
"""


def test_random_numbers_differ_between_isolates_and_processes(blob: bytes) -> None:
    del blob  # the cache is filled
    outputs = [
        subprocess.run([sys.executable, "-c", _RANDOM], capture_output=True, text=True, check=True, timeout=60).stdout
        for _ in range(2)
    ]
    numbers = [line for output in outputs for line in output.split()]
    assert len(numbers) == 6
    assert len(set(numbers)) == 6


_BUILD = """
import sys
from pathlib import Path
from sanderling.js.snapshot import load_snapshot
load_snapshot(Path(sys.argv[1]))
"""


def test_two_builders_at_once_both_end_well(tmp_path: Path, cache: Path) -> None:
    web = small(tmp_path)
    children = [
        subprocess.Popen([sys.executable, "-c", _BUILD, str(web)], stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for child in children:
        _, errors = child.communicate(timeout=60)
        assert (child.returncode, errors) == (0, "")
    assert [path.name for path in cache.iterdir()] == [cache_file(web).name]
