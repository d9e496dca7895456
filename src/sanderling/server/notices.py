"""What the workers of a hub say by themselves: targets that open, change and end, downloads, and their own death.

Thread: main.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from sanderling.cdp import wire
from sanderling.network.messages import Notify
from sanderling.server.sessions import CRASHED
from sanderling.server.targets import PageRecord, WorkerRecord, matches
from sanderling.server.workers import WorkerSlot

if TYPE_CHECKING:
    from sanderling.server.hub import Hub

_NOTICE = msgspec.json.Decoder(wire.TargetNotice)


class Notices:
    """Takes what the workers of one hub say."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def take(self, notify: Notify) -> None:
        """See to what a worker said of targets or downloads."""
        notice = _NOTICE.decode(notify.body)
        if isinstance(notice, wire.TargetOpened):
            self._hub.spawn(self._popup(notice))
            return
        if isinstance(notice, wire.DownloadBegan | wire.DownloadProgress):
            self._download(notice)
            return
        if isinstance(notice, wire.HomeOpened):
            self._home_opened(notify.target, notice)
            return
        page = self._hub.pages.get(notify.target) or self._hub.home(notify.target)
        if page is None:
            return
        if isinstance(notice, wire.WorkerOpened):
            worker = page.workers[notice.worker] = WorkerRecord(
                page,
                notice.worker,
                shared=notice.shared,
                parent=notice.parent,
                frame=notice.frame,
                url=notice.url,
                name=notice.name,
            )
            self._hub.sessions.tell_of_worker(worker, "Target.targetCreated")
            self._hub.spawn(self._worker_opened(worker))
        elif isinstance(notice, wire.WorkerClosed):
            if notice.worker in page.workers:
                self._worker_closed(page.workers[notice.worker])
        elif isinstance(notice, wire.TargetChanged):
            page.url, page.title = notice.url, notice.title
            self._hub.changed(page)
        elif isinstance(notice, wire.TargetClosed):
            page.context.homes.pop(page.id, None)
            self._hub.page_gone(page)
        else:
            page.crashed = notice.reason
            self._tell_crashed(page)

    def _home_opened(self, home: str, notice: wire.HomeOpened) -> None:
        context = self._hub.contexts.get(notice.context)
        if context is not None:
            record = context.homes[home] = PageRecord(context, home, "")
            record.made = True

    async def _popup(self, notice: wire.TargetOpened) -> None:
        context = self._hub.contexts.get(notice.context)
        if context is None:
            return
        page = PageRecord(context, notice.page, notice.url)
        page.opener, page.opener_frame = notice.opener, notice.opener_frame
        page.can_access_opener = notice.can_access_opener
        page.made = True
        self._hub.remember(page)
        await self._hub.welcome(page)
        self._hub.go(page)

    def _download(self, notice: wire.DownloadBegan | wire.DownloadProgress) -> None:
        if isinstance(notice, wire.DownloadBegan):
            event = "Browser.downloadWillBegin"
            params: dict[str, Any] = {
                "frameId": notice.frame,
                "guid": notice.guid,
                "url": notice.url,
                "suggestedFilename": notice.suggested_filename,
            }
        else:
            event = "Browser.downloadProgress"
            params = {
                "guid": notice.guid,
                "totalBytes": notice.total_bytes,
                "receivedBytes": notice.received_bytes,
                "state": notice.state,
            }
            if notice.path:
                params["filePath"] = notice.path
        for session in self._hub.sessions.of_browser():
            if notice.context in session.downloads:
                self._hub.sessions.event(session, event, params)

    def worker_died(self, slot: WorkerSlot, reason: str) -> None:
        """Its pages are gone, and everything that waited for them is answered; contexts are made again when they are needed."""
        for context in self._hub.contexts.values():
            if context.slot is not slot:
                continue
            context.made_on = None
            for home in tuple(context.homes.values()):
                for worker in tuple(home.workers.values()):
                    self._worker_closed(worker)
            context.homes.clear()
            for page in tuple(context.pages.values()):
                if page.made and not page.crashed:
                    page.crashed = reason
                    for session in tuple(page.sessions.values()):
                        self._hub.sessions.event(session, "Inspector.targetCrashed", {})
                        self._hub.sessions.fail_pending(session, f"{CRASHED}: {reason}")
                    self._tell_crashed(page)
                    for worker in tuple(page.workers.values()):
                        self._worker_closed(worker)

    def _tell_crashed(self, page: PageRecord) -> None:
        for session in self._hub.sessions.everyone():
            if session.discover is not None and matches(session.discover, "page"):
                params = {"targetId": page.id, "status": page.crashed, "errorCode": 0}
                self._hub.sessions.event(session, "Target.targetCrashed", params)

    async def _worker_opened(self, worker: WorkerRecord) -> None:
        page = worker.page
        above = page.workers.get(worker.parent)
        watchers = page.sessions if above is None else above.sessions
        shared = worker.kind == "shared_worker"
        try:
            for session in self._hub.sessions.of_browser() if shared else tuple(watchers.values()):
                auto = session.auto_attach
                if auto is not None and matches(auto.filter, worker.kind) and not session.closed:
                    await self._hub.sessions.attach_worker(
                        session, worker, auto=True, waiting=auto.wait, flat=auto.flatten
                    )
        finally:
            worker.went = True
            page.context.slot.tell("cdp.worker.go", wire.WorkerRef(page=page.id, worker=worker.id))

    def _worker_closed(self, worker: WorkerRecord) -> None:
        worker.page.workers.pop(worker.id, None)
        if worker.kind == "shared_worker":  # those nested in it end with it
            for nested in tuple(worker.page.workers.values()):
                self._worker_closed(nested)
        for session in tuple(worker.sessions.values()):
            self._hub.sessions.end(session, tell=True)
        self._hub.sessions.tell_of_worker(worker, "Target.targetDestroyed")
