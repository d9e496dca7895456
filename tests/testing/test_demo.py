from __future__ import annotations

import subprocess
import sys
import urllib.request

import pytest

from sanderling.testing import demo


def test_demo_fetches_the_shop_while_it_is_served(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], *, check: bool) -> subprocess.CompletedProcess[bytes]:
        assert not check
        url = next(word for word in command if word.startswith("http://"))
        with urllib.request.urlopen(url, timeout=60) as answer:
            assert b"<title>Shop" in answer.read()
        commands.append(command)
        return subprocess.CompletedProcess(command, 7)

    monkeypatch.setattr(subprocess, "run", run)
    assert demo.main() == 7
    assert commands[0][:4] == [sys.executable, "-m", "sanderling", "fetch"]
    assert commands[0][5:7] == ["--dump", "markdown"]
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
