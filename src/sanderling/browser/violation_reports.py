"""Reports of violated policies, sent where the policies say (https://www.w3.org/TR/CSP3/#report-violation).

Each goes out at once: nothing is gained here by gathering them, as browsers do for a minute.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import logging
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from sanderling.base.errors import SanderlingError
from sanderling.browser.agent import Json
from sanderling.http.request import Request
from sanderling.proto import csp, reporting

if TYPE_CHECKING:
    from sanderling.browser.agent_network import AgentNetwork
    from sanderling.browser.page import Page

_LOG = logging.getLogger("sanderling.browser.network")

MAX_REPORTS = 100
"""Under way at once, from one isolate: a page that violates a policy in a loop does not fill the queues (Chromium keeps as many)."""


class ViolationReports:
    """Of one isolate."""

    def __init__(self, page: Page, network: AgentNetwork) -> None:
        self._page = page
        self._network = network
        self._running = 0

    def send(self, payload: Json) -> None:
        """`csp.report`: a policy with somewhere to report to was violated."""
        if self._running >= MAX_REPORTS:
            return
        violation = payload["violation"]
        policy = csp.parse(payload["policy"], meta=payload["meta"])
        body = reporting.csp_report(violation)
        # A policy may list more places than are ever told: those are not even looked at.
        for url in islice(reporting.report_uris(policy, payload["url"]), MAX_REPORTS):
            self._start(payload, url, reporting.CSP_REPORT_TYPE, body)
        if payload["to"]:
            body = reporting.violation_report(violation, self._page.emulation.user_agent)
            self._start(payload, payload["to"], reporting.REPORTS_TYPE, body)

    def _start(self, payload: Json, url: str, content_type: str, body: bytes) -> None:
        if self._running >= MAX_REPORTS:
            return
        self._running += 1
        # CSP 3, 5.5, step 3.5; Reporting, 3.5.3 "attempt to deliver reports to endpoint"
        cors = content_type == reporting.REPORTS_TYPE
        request = Request.script(
            url,
            method="POST",
            headers=[("Content-Type", content_type)],
            body=body,
            mode="cors" if cors else "no-cors",
            redirect="follow" if cors else "error",
            referrer="" if cors else payload["url"],
            destination="report",
            keepalive=True,
            background=True,
            client_url=self._network.client_url,
            initiator_origin=self._network.client_origin,
        )
        request = msgspec.structs.replace(request, upgrades_insecure=payload["upgrade"])
        number = self._page.network.new_number()
        task = self._network.tasks.start("report", number, self._post(request, payload["frame"]), keepalive=True)
        task.add_done_callback(self._ended)

    def _ended(self, _: asyncio.Task[None]) -> None:
        self._running -= 1

    async def _post(self, request: Request, frame: int) -> None:
        try:
            response = await self._network.fetch(request, kind="report", frame=frame)
            async for _ in response.chunks():
                pass  # nobody wants it, however long it is
        except SanderlingError as error:
            _LOG.debug("report to %s: %s", request.url, error)
