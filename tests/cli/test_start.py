"""What the command line imports before it knows that it is needed: a fetch is a whole process, and most of that is imports."""

from __future__ import annotations

import json
import subprocess
import sys

LATE = (
    "hishel",
    "protego",
    "websockets",
    "cryptography",
    "sanderling.api",
    "sanderling.cdp",
    "sanderling.server.template_link",
)


def test_a_fetch_imports_late_what_few_pages_need() -> None:
    program = (
        "import json, sys; import sanderling.cli.main, sanderling.cli.fetch, sanderling.app.fetching; "
        f"print(json.dumps([name for name in {LATE!r} if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout) == []
