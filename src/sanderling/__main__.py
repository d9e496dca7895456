"""`python -m sanderling`.

Thread: main.
"""

from __future__ import annotations

from sanderling.cli.main import entry_point

if __name__ == "__main__":
    entry_point()
