from __future__ import annotations

import json
import os
import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sanderling.app.runtime import Isolation, Runtime
from sanderling.network.files import Grants, open_granted
from sanderling.network.messages import FileMode, OpenFile, Output
from sanderling.network.network import Network
from sanderling.server.uploads import grant_uploads

WAIT_S = 60.0


class Session:
    """One session on one page of a worker, without a hub."""

    def __init__(self, runtime: Runtime, isolation: Isolation) -> None:
        self.outputs: queue.SimpleQueue[Output] = queue.SimpleQueue()
        self.link = runtime.start_worker(lambda _: None, self.outputs.put, cdp=True, isolation=isolation)
        for method, params in (
            ("cdp.context.new", {"context": "C", "options": {}}),
            ("cdp.page.new", {"context": "C", "page": "P"}),
            ("cdp.session.attach", {"session": "S", "page": "P"}),
            ("cdp.page.go", {"page": "P"}),
        ):
            self.link.call(method, msgspec.json.encode(params)).result(WAIT_S)

    def call(self, method: str, **params: Any) -> Any:
        self.link.message("S", msgspec.json.encode({"id": 1, "method": method, "params": params}))
        while "id" not in (answer := json.loads(self.outputs.get(timeout=WAIT_S).data)):
            pass
        return answer.get("result", answer.get("error"))

    def evaluate(self, expression: str) -> Any:
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")


@pytest.fixture
def runtime() -> Iterator[Runtime]:
    network = Network()
    network.start_thread()
    one = Runtime(network)
    yield one
    one.close_workers()
    network.stop()


@pytest.mark.parametrize("isolation", ["thread", "process"])
def test_a_file_that_the_client_names_reaches_the_page(runtime: Runtime, isolation: Isolation, tmp_path: Path) -> None:
    path = tmp_path / "upload.txt"
    path.write_text("content")
    session = Session(runtime, isolation)
    session.evaluate("document.body.innerHTML = '<input type=file id=i>'; 0")
    field = session.call("Runtime.evaluate", expression="i")["result"]["objectId"]
    assert session.call("DOM.setFileInputFiles", objectId=field, files=[str(path)]) == {}
    assert session.evaluate("i.files[0].name + i.files[0].size") == "upload.txt7"


@pytest.mark.parametrize("isolation", ["thread", "process"])
def test_a_folder_that_the_client_names_reaches_the_page(
    runtime: Runtime, isolation: Isolation, tmp_path: Path
) -> None:
    (tmp_path / "up" / "sub").mkdir(parents=True)
    (tmp_path / "up" / "sub" / "b").write_text("content")
    session = Session(runtime, isolation)
    session.evaluate("document.body.innerHTML = '<input type=file id=i webkitdirectory>'; 0")
    field = session.call("Runtime.evaluate", expression="i")["result"]["objectId"]
    assert session.call("DOM.setFileInputFiles", objectId=field, files=[f"{tmp_path}/up/"]) == {}
    assert session.evaluate("i.files[0].webkitRelativePath + i.files[0].size") == "up/sub/b7"


@pytest.mark.parametrize(
    ("path", "mode", "granted"),
    [
        ("upload", "read", True),
        ("other", "read", False),
        ("upload", "write", False),
        ("downloads/new", "write", True),
        ("downloads/upload", "write", True),
        ("downloads/../escape", "write", False),
        ("downloads/link/escape", "write", False),
        ("downloads/new", "read", False),
        ("fifo", "read", False),
        ("downloads", "read", False),
        ("downloads", "list", False),
        ("upload", "list", False),
        ("folder", "list", True),
        ("folder", "read", False),
        ("folder", "write", False),
        ("folder/in", "read", True),
        ("folder/in", "write", False),
        ("folder/sub", "list", True),
        ("folder/out", "read", False),
        ("folder/up", "list", False),
        ("folder/../other", "read", False),
    ],
)
def test_only_what_was_granted_is_opened(tmp_path: Path, path: str, mode: FileMode, granted: bool) -> None:
    (tmp_path / "upload").write_text("x")
    (tmp_path / "other").write_text("x")
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads" / "link").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder" / "sub").mkdir(parents=True)
    (tmp_path / "folder" / "in").write_text("x")
    (tmp_path / "folder" / "out").symlink_to(tmp_path / "other")
    (tmp_path / "folder" / "up").symlink_to(tmp_path)
    grants = Grants()
    grants.allow_reading(str(tmp_path / "upload"))
    grants.allow_reading(str(tmp_path / "folder"))
    grants.allow_reading(str(tmp_path / "fifo"))
    grants.allow_writing(str(tmp_path / "downloads"))
    answer = open_granted(grants, OpenFile(1, f"{tmp_path}/{path}", mode))
    assert bool(answer.error) is not granted
    if granted:
        os.close(answer.descriptor)
    assert not (tmp_path / "escape").exists()


@pytest.mark.parametrize(
    "data",
    [
        b'{"method":"DOM.setFileInputFiles"}',
        b'{"method":"DOM.setFileInputFiles","params":{"files":["\\u0000"]}}',
        b'{"method":"DOM.setFileInputFiles","params":{"files":"/a"}}',
        b'{"method":"Runtime.evaluate","params":{"files":["/a"],"x":"setFileInputFiles"}}',
        b'\xff"setFileInputFiles"',
    ],
)
def test_messages_that_name_no_files_grant_none(data: bytes) -> None:
    grants = Grants()
    grant_uploads(grants, data)
    with pytest.raises(PermissionError):
        grants.check("/a", "read")
