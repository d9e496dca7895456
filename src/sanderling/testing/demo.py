"""The demo: `python -m sanderling.testing.demo` starts the shop and prints what the browser makes of its product list.

The list is empty in the HTML that the server sends; scripts fill it from two requests.

Thread: main.
"""

from __future__ import annotations

import subprocess
import sys

from sanderling.testing.site import serve


def main() -> int:
    """Serve the site, fetch the shop as Markdown through the command line, and give its exit code."""
    with serve() as server:
        command = [
            sys.executable,
            "-m",
            "sanderling",
            "fetch",
            f"{server.url}/shop",
            "--dump",
            "markdown",
            "--wait-until",
            "networkidle",
        ]
        print(f"The product list of {server.url}/shop, made by its scripts, as Markdown:", file=sys.stderr, flush=True)
        done = subprocess.run(command, check=False)  # noqa: S603 - our own command line
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
