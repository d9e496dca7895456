from __future__ import annotations

import logging
from pathlib import Path

import msgspec
import pytest

from sanderling.network.hsts_service import FILE, HstsService, IsKnown, Known, Note


class Clock:
    now = 1000.0

    def wall(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now


def knows(service: HstsService, host: str) -> bool:
    answers: list[bytes] = []
    service.ask(None, msgspec.json.encode(IsKnown(host)), answers.append)
    return msgspec.json.decode(answers[0], type=Known).upgrade


def note(service: HstsService, host: str, value: str) -> None:
    service.ask(None, msgspec.json.encode(Note(host, value)), lambda _: None)


def begun(folder: Path, clock: Clock) -> HstsService:
    service = HstsService(clock)
    service.keep_in(str(folder))
    return service


def test_hosts_are_known_to_the_next_run_for_as_long_as_they_said(tmp_path: Path) -> None:
    clock = Clock()
    first = begun(tmp_path, clock)
    note(first, "all.test", "max-age=100; includeSubDomains")
    note(first, "one.test", "max-age=50")
    first.close()
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    clock.now += 60
    second = begun(tmp_path, clock)
    assert [knows(second, host) for host in ("a.all.test", "one.test", "other.test")] == [True, False, False]
    note(second, "all.test", "max-age=0")
    second.close()
    assert not knows(begun(tmp_path, clock), "all.test")


@pytest.mark.parametrize("content", [b"", b"{}", b'[["a.test", 9999999999, tr', b'[["a.test", "soon", true]]', b"\xff"])
def test_a_damaged_file_is_set_aside(tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / FILE).write_bytes(content)
    with caplog.at_level(logging.WARNING):
        service = begun(tmp_path, Clock())
    assert "is damaged" in caplog.text
    caplog.clear()
    assert (tmp_path / "hsts.damaged").read_bytes() == content
    note(service, "a.test", "max-age=100")
    service.close()
    assert knows(begun(tmp_path, Clock()), "a.test")


def test_every_folder_gets_all_that_is_known(tmp_path: Path) -> None:
    clock = Clock()
    folders = [tmp_path / name for name in ("a", "b")]
    for folder in folders:
        folder.mkdir()
    service = begun(folders[0], clock)
    note(service, "a.test", "max-age=100")
    service.keep_in(str(folders[1]))
    service.save()
    written = [(folder / FILE).stat().st_mtime_ns for folder in folders]
    assert [knows(begun(folder, clock), "a.test") for folder in folders] == [True, True]
    service.keep_in(str(folders[0]))
    service.close()  # nothing changed since
    assert [(folder / FILE).stat().st_mtime_ns for folder in folders] == written
