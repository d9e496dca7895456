"""What the command line imports before it knows that it is needed: a fetch is a whole process, and most of that is imports."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

LATE = (
    "hishel",
    "protego",
    "websockets",
    "cryptography",
    "email",
    "html",
    "importlib.metadata",
    "platformdirs",
    "sanderling.api",
    "sanderling.cdp",
    "sanderling.cli.serve",
    "sanderling.dump",
    "sanderling.http.har",
    "sanderling.http.replay",
    "sanderling.js.web_sources",
    "sanderling.server.template_link",
    "sqlite3",
    "xml",
    "zipfile",
)

AFTER_THE_ENGINE = (
    "ada_url",
    "pycurl",
    "turbohtml",
    "sanderling.browser.browser",
    "sanderling.http.client",
    "sanderling.network",
    "sanderling.server",
)


def imported(program: str, names: Sequence[str]) -> list[str]:
    program += f"; import json, sys; print(json.dumps([name for name in {names!r} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    found: list[str] = json.loads(done.stdout)
    return found


def test_a_fetch_imports_late_what_few_pages_need() -> None:
    assert imported("import sanderling.cli.main, sanderling.cli.fetch, sanderling.app.fetching", LATE) == []


def test_the_thread_of_the_engine_begins_before_the_most_is_imported() -> None:
    assert (
        imported("import sanderling.cli.main, sanderling.cli.fetch, sanderling.js.engine_thread", AFTER_THE_ENGINE)
        == []
    )
