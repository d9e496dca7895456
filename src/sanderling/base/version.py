"""The version of this package, as the build reads it too: `importlib.metadata` would take 15 ms of every start to find it.

Thread: any.
"""

from __future__ import annotations

VERSION = "0.1.0"
