"""Folders like `web/`."""

from __future__ import annotations

from pathlib import Path


def folder(tmp_path: Path, order_text: str, **files: str) -> Path:
    """Make a folder like `web/`; a name stands for a file with the ending ``.js``."""
    web = tmp_path / "web"
    web.mkdir()
    (web / "order.txt").write_text(order_text)
    for name, text in files.items():
        (web / f"{name}.js").write_text(text)
    return web
