"""What `docs/reference/network-requirements.md` names must exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "network-requirements.md"
IDS = [
    *(f"D{number}" for number in range(1, 10)),
    *(f"R{number}" for number in range(1, 20)),
    *(f"I{number}" for number in range(1, 22)),
]


def rows() -> dict[str, str]:
    """Give each row of the tables by its first cell."""
    lines = PAGE.read_text("utf-8").splitlines()
    return {line.split("|")[1].strip(): line for line in lines if line.startswith("| ") and "---" not in line}


def test_every_requirement_has_a_row_that_names_a_test_or_a_reason() -> None:
    table = rows()
    assert [one for one in IDS if one not in table] == []
    for name, line in table.items():
        if name not in ("Id", "Spot"):
            assert "::" in line or "does not apply" in line or "bench" in line, line


@pytest.mark.parametrize("reference", sorted(set(re.findall(r"`(tests/\S+::\w+)`", PAGE.read_text("utf-8")))))
def test_what_is_named_exists(reference: str) -> None:
    path, name = reference.split("::")
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert name in functions


def test_libcurl_is_imported_in_one_place() -> None:
    source = ROOT / "src" / "sanderling"
    importing = {
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        if re.search(r"^\s*(import|from) pycurl\b", path.read_text("utf-8"), re.MULTILINE)
    }
    assert {path for path in importing if not re.fullmatch(r"network/curl\w*\.py", path)} == set()
