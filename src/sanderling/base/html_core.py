"""The compiled core of turbohtml, without the rest of its package.

Strategy. `import turbohtml` also makes what its other features need (records of structured data, feeds and dates, options of minifiers and
writers): 25 ms, a twelfth of a fetch. The core and the module that gives it its records of source positions are therefore loaded by
themselves. That is done with the versions it was tried with only; with any other, and where the package is there already, all of it is imported.
A later `import turbohtml` by somebody else finds the core and does the rest.

Thread: any.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from turbohtml import (
        CData,
        Comment,
        Doctype,
        Document,
        DocumentFragment,
        Element,
        Namespace,
        Node,
        ProcessingInstruction,
        Text,
        parse,
        parse_fragment,
    )
    from turbohtml._html import _decode as decode

__all__ = [
    "CData",
    "Comment",
    "Doctype",
    "Document",
    "DocumentFragment",
    "Element",
    "Namespace",
    "Node",
    "ProcessingInstruction",
    "Text",
    "decode",
    "parse",
    "parse_fragment",
]

TRIED = "1.15."
"""How versions begin whose core is known to work by itself."""


def _load(name: str, folders: list[str]) -> ModuleType:
    known = sys.modules.get(name)
    if known is not None:
        return known
    spec = PathFinder.find_spec(name, folders)
    if spec is None or spec.loader is None:
        raise ImportError(f"{name} is not in {folders}")
    module = sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _is_tried(folder: str) -> bool:
    try:
        return any(name.startswith(f"turbohtml-{TRIED}") for name in os.listdir(f"{folder}/.."))
    except OSError:  # it is not in a folder, or that is closed to us
        return False


def _core() -> ModuleType:
    package = None if "turbohtml" in sys.modules else PathFinder.find_spec("turbohtml")
    if package is not None and package.submodule_search_locations is not None:
        folders = list(package.submodule_search_locations)
        if _is_tried(folders[0]):
            try:
                core = _load("turbohtml._html", folders)
                _load("turbohtml._internal._locations", [f"{folder}/_internal" for folder in folders])
            except ImportError:  # a version of the same number keeps them elsewhere
                pass
            else:
                return core
    import_module("turbohtml")
    return import_module("turbohtml._html")


if not TYPE_CHECKING:
    _loaded = _core()
    globals().update((name, getattr(_loaded, name)) for name in __all__ if name != "decode")
    decode = _loaded._decode
