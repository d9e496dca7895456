from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import msgspec
import pytest

from sanderling.base.errors import UsageError
from sanderling.proto import har
from sanderling.server.recordings import Recordings, check_replay

LINE = msgspec.json.encode(
    har.Began(1, har.Entry(started_date_time=har.iso(0), request=har.HarRequest(method="GET", url="https://a.test/")))
)


def entries(path: Path) -> int:
    return len(json.loads(path.read_text("utf-8"))["log"]["entries"])


def hidden(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir() if one.name.startswith(".")]


def test_journals_become_one_document(tmp_path: Path) -> None:
    target = tmp_path / "a.har"
    recordings = Recordings(str(target))
    for _ in range(2):
        Path(recordings.journal("")).write_bytes(LINE + b"\n")
    recordings.journal("")  # its worker ended before it began
    recordings.finish("")
    assert not target.exists()
    recordings.close()
    assert entries(target) == 2
    assert hidden(tmp_path) == []
    recordings.close()
    assert entries(target) == 2


def test_each_context_has_a_document(tmp_path: Path) -> None:
    recordings = Recordings(str(tmp_path / "new" / "folder"), per_context=True)
    folder = tmp_path / "new" / "folder"
    for context in ("A", "B", "A"):
        Path(recordings.journal(context)).write_bytes(LINE + b"\n")
    recordings.finish("A")
    assert entries(folder / "A.har") == 2
    assert not (folder / "B.har").exists()
    recordings.close()
    assert entries(folder / "B.har") == 1
    assert hidden(folder) == []


def test_a_document_that_is_there_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.har"
    target.write_text("old", "utf-8")
    recordings = Recordings(str(target))
    Path(recordings.journal("")).mkdir()  # it cannot be read
    with pytest.raises(UsageError, match="cannot write"):
        recordings.close()
    assert target.read_text("utf-8") == "old"


@pytest.mark.parametrize("place", ["no/such/folder/a.har", "."])
def test_where_nothing_can_be_written(tmp_path: Path, place: str) -> None:
    with pytest.raises(UsageError, match="cannot record to"):
        Recordings(str(tmp_path / place))


def test_what_a_replay_takes(tmp_path: Path) -> None:
    document = tmp_path / "a.har"
    content = [{"_file": name} for name in ("b.html", "../secret", "/etc/passwd", "b.html")]
    log = {
        "entries": [
            {"request": {"method": "GET", "url": "https://a.test/"}, "response": {"content": one}} for one in content
        ]
    }
    document.write_text(json.dumps({"log": log}), "utf-8")
    assert check_replay(str(document)) == (str(document), str(tmp_path / "b.html"))


def test_what_cannot_be_replayed(tmp_path: Path) -> None:
    (tmp_path / "a.har").write_text("{}", "utf-8")
    (tmp_path / "a.zip").write_text("{}", "utf-8")
    for name, why in (
        ("a.har", "no HAR document"),
        ("none.har", "No such file"),
        ("a.zip", "not a zip file"),
        ("none.zip", "No such file"),
    ):
        with pytest.raises(UsageError, match=why):
            check_replay(str(tmp_path / name))


def test_a_journal_that_no_worker_of_ours_wrote_costs_nothing_else(tmp_path: Path) -> None:
    recordings = Recordings(str(tmp_path), per_context=True)
    encode = msgspec.json.encode
    nonsense = [
        encode(har.PageReached("nobody", har.PageTimings())),
        encode(har.Piece(9, b"of nothing")),
        b'{"type":"Piece","id":1,"data":17}',
        b'{"type":"Piece","id":' + b"9" * 5000 + b",",
        encode(har.Got(9, 1.0, har.HarResponse(), har.HarTimings())),
        encode(har.Framed(9, har.SocketFrame(type="send", time=0, opcode=1, data=""))),
        encode(har.Got(1, 1.0, har.HarResponse(status=200), har.HarTimings())),
    ]
    Path(recordings.journal("A")).write_bytes(b"\n".join((LINE, *nonsense, b"")))
    Path(recordings.journal("B")).write_bytes(LINE + b"\n")
    recordings.close()
    assert entries(tmp_path / "A.har") == entries(tmp_path / "B.har") == 1


def test_closing_waits_for_a_document_that_is_being_written(tmp_path: Path) -> None:
    recordings = Recordings(str(tmp_path), per_context=True)
    pipe = Path(recordings.journal("A"))
    os.mkfifo(pipe)  # its reader goes on when it is told to
    finishing = threading.Thread(target=recordings.finish, args=("A",))
    finishing.start()
    with pipe.open("wb") as journal:  # both ends are open: the document is being written
        assert recordings._writing.locked()
        closing = threading.Thread(target=recordings.close)
        closing.start()
        journal.write(LINE + b"\n")
    finishing.join()
    closing.join()
    assert entries(tmp_path / "A.har") == 1
    assert hidden(tmp_path) == []
