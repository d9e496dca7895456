"""Downloads: a navigation or a link that is saved to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sanderling.testing.server import Response
from tests.cdp.driver import CdpRefusedError, Driver
from tests.support import Page, Site

DATA = bytes(range(256)) * 2000


def allow(driver: Driver, folder: Path, behavior: str = "allow") -> None:
    driver.worker.grants.allow_writing(str(folder))
    driver.context_command("Browser.setDownloadBehavior", behavior=behavior, downloadPath=str(folder))


def ended(driver: Driver, guid: str) -> Any:
    return driver.wait(
        lambda: next(
            (
                body
                for _, body in driver.notices
                if body["type"] == "downloadProgress" and body["guid"] == guid and body["state"] != "inProgress"
            ),
            None,
        ),
        "the end of the download",
    )


@pytest.mark.parametrize("behavior", ["allow", "allowAndName"])
def test_a_navigation_that_is_a_download(driver: Driver, tmp_path: Path, behavior: str) -> None:
    headers = (("Content-Disposition", 'attachment; filename="../na\'me.bin"'),)
    with Site({"/": "old", "/file": Response(DATA, headers=headers, content_type="application/octet-stream")}) as site:
        page = driver.new_page("Page", "Network")
        allow(driver, tmp_path, behavior)
        page.goto(site.url("/"))
        outcome = page.call("Page.navigate", url=site.url("/file"))
        assert (outcome["errorText"], outcome["isDownload"]) == ("net::ERR_ABORTED", True)
        failed = page.wait_event("Network.loadingFailed", requestId=outcome["loaderId"])
        assert (failed["errorText"], failed["canceled"]) == ("net::ERR_ABORTED", True)
        began = driver.notice("downloadBegan")
        assert (began["url"], began["frame"], began["suggested_filename"]) == (
            site.url("/file"),
            page.page,
            "na'me.bin",
        )
        end = ended(driver, began["guid"])
    assert (end["state"], end["total_bytes"], end["received_bytes"]) == ("completed", len(DATA), len(DATA))
    name = began["guid"] if behavior == "allowAndName" else "na'me.bin"
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == DATA == Path(end["path"]).read_bytes()
    assert page.call("Page.getFrameTree")["frameTree"]["frame"]["url"] == site.url("/")


@pytest.mark.parametrize("link", ["/small", "/empty"])
def test_a_navigation_that_brings_no_document_has_its_request_aborted(
    driver: Driver, tmp_path: Path, link: str
) -> None:
    # Playwright waits for the end of what a click begins: a document, or an aborted request.
    small = Response(b"little", headers=(("Content-Disposition", "attachment"),))
    with Site({"/": f"<a href={link}>x</a>", "/small": small, "/empty": Response(b"", status=204)}) as site:
        page = driver.new_page("Page", "Network", "Runtime")
        allow(driver, tmp_path, "allow")
        page.goto(site.url("/"))
        since = page.mark()
        page.evaluate("document.querySelector('a').click()")
        failed = page.wait_event("Network.loadingFailed", since=since)
        assert (failed["type"], failed["errorText"], failed["canceled"]) == ("Document", "net::ERR_ABORTED", True)
        assert not [one for one in page.events("Network.loadingFinished") if one["requestId"] == failed["requestId"]]
        page.wait_event("Page.frameStoppedLoading", since=since)


def test_a_link_that_downloads_and_names_are_not_taken_twice(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text("mine")
    with Site({"/": "<a id=a href=/data download=report.txt>get</a>", "/data": "text"}) as site:
        page = driver.new_page("Page", "Runtime")
        allow(driver, tmp_path)
        page.goto(site.url("/"))
        page.evaluate("document.getElementById('a').click()")
        began = driver.notice("downloadBegan")
        assert began["suggested_filename"] == "report.txt"
        assert ended(driver, began["guid"])["state"] == "completed"
    assert (tmp_path / "report.txt").read_text() == "mine"
    assert (tmp_path / "report (1).txt").read_text() == "text"


def test_a_data_url(driver: Driver, tmp_path: Path) -> None:
    page = driver.new_page("Page", "Runtime")
    allow(driver, tmp_path)
    page.evaluate("const a = document.createElement('a'); a.href = 'data:text/csv,1,2'; a.download = 'x'; a.click()")
    assert ended(driver, driver.notice("downloadBegan")["guid"])["state"] == "completed"
    assert (tmp_path / "x.csv").read_text() == "1,2"


def test_a_blob_whose_url_is_revoked_at_once(driver: Driver, tmp_path: Path) -> None:
    with Site({"/": "<body>x"}) as site:
        page = driver.new_page("Page", "Runtime")
        allow(driver, tmp_path)
        page.goto(site.url("/"))
        for text in ("hello", ""):
            driver.notices.clear()
            page.evaluate(
                "{ const a = document.createElement('a'); a.download = 'made.csv';"
                f"a.href = URL.createObjectURL(new Blob(['{text}'], {{type: 'text/csv'}}));"
                "a.click(); URL.revokeObjectURL(a.href); }"
            )
            end = ended(driver, driver.notice("downloadBegan")["guid"])
            assert (end["state"], Path(end["path"]).read_text()) == ("completed", text)
            driver.context_command("Browser.cancelDownload", guid=end["guid"])  # too late, and no error


def test_the_alt_key_saves_what_a_link_leads_to(driver: Driver, tmp_path: Path) -> None:
    with Site({"/": "<a href=/page.html>link</a>", "/page.html": "<p>saved"}) as site:
        page = driver.new_page("Page", "Runtime")
        allow(driver, tmp_path)
        page.goto(site.url("/"))
        for kind in ("mousePressed", "mouseReleased"):
            page.call("Input.dispatchMouseEvent", type=kind, x=12, y=12, button="left", clickCount=1, modifiers=1)
        assert ended(driver, driver.notice("downloadBegan")["guid"])["state"] == "completed"
        assert (tmp_path / "page.html").read_text() == "<p>saved"
        assert page.evaluate("location.pathname") == "/"


@pytest.mark.parametrize("behavior", ["default", "deny"])
def test_what_is_not_allowed_is_canceled(driver: Driver, tmp_path: Path, behavior: str) -> None:
    with Site({"/file": Response(DATA, content_type="application/zip")}) as site:
        page = driver.new_page("Page")
        driver.context_command("Browser.setDownloadBehavior", behavior=behavior)
        assert page.call("Page.navigate", url=site.url("/file"))["isDownload"] is True
        assert ended(driver, driver.notice("downloadBegan")["guid"])["state"] == "canceled"


def test_a_folder_that_was_not_granted(driver: Driver, tmp_path: Path) -> None:
    with Site({"/file": Response(DATA, content_type="application/zip")}) as site:
        page = driver.new_page("Page")
        driver.context_command("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
        page.call("Page.navigate", url=site.url("/file"))
        assert ended(driver, driver.notice("downloadBegan")["guid"])["state"] == "canceled"
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_is_refused(driver: Driver) -> None:
    with pytest.raises(CdpRefusedError, match="downloadPath not provided"):
        driver.context_command("Browser.setDownloadBehavior", behavior="allow")
    with pytest.raises(CdpRefusedError, match="No download item found"):
        driver.context_command("Browser.cancelDownload", guid="x")


def test_a_folder_that_is_not_there_yet_is_made(driver: Driver, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    with Site({"/": "<a id=a href=/data download=report.txt>get</a>", "/data": "text"}) as site:
        page = driver.new_page("Page", "Runtime")
        allow(driver, folder)
        page.goto(site.url("/"))
        page.evaluate("document.getElementById('a').click()")
        assert ended(driver, driver.notice("downloadBegan")["guid"])["state"] == "completed"
    assert (folder / "report.txt").read_text() == "text"


@pytest.mark.parametrize("where", ["127.0.0.1", "localhost"])
def test_a_download_of_a_child_frame(driver: Driver, tmp_path: Path, where: str) -> None:
    pages: dict[str, Page] = {
        "/": "<iframe src=/in></iframe>",
        "/in": "<a href=/file>get</a>",
        "/file": Response(DATA, content_type="application/zip"),
    }
    with Site(pages) as site:
        page = driver.new_page("Page", "Network")
        allow(driver, tmp_path)
        page.goto(site.url("/"))
        frame = page.events("Page.frameAttached")[0]["frameId"]
        inside = site.url("/file").replace("127.0.0.1", where)
        page.evaluate(f"frames[0].location = '{inside}'")
        began = driver.notice("downloadBegan")
        assert (began["url"], began["frame"], began["suggested_filename"]) == (inside, frame, "file.zip")
        assert ended(driver, began["guid"])["state"] == "completed"
        assert page.events("Network.loadingFailed")[-1]["errorText"] == "net::ERR_ABORTED"
        assert page.call("Page.getFrameTree")["frameTree"]["childFrames"][0]["frame"]["url"] == site.url("/in")
    assert (tmp_path / "file.zip").read_bytes() == DATA


def test_a_sandboxed_frame_downloads_nothing(driver: Driver, tmp_path: Path) -> None:
    pages: dict[str, Page] = {
        "/": "<iframe src=/file sandbox='allow-scripts'></iframe>",
        "/file": Response(DATA, content_type="application/zip"),
    }
    with Site(pages) as site:
        page = driver.new_page("Page", "Network")
        allow(driver, tmp_path)
        page.goto(site.url("/"))
        page.wait_event("Network.loadingFailed", errorText="net::ERR_ABORTED")
    assert not any(body["type"] == "downloadBegan" for _, body in driver.notices)
    assert list(tmp_path.iterdir()) == []
