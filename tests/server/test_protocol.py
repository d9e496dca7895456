"""What `/json/protocol` says."""

from __future__ import annotations

import msgspec

from sanderling.server.protocol import protocol_document


def test_it_lists_what_is_served_and_only_that() -> None:
    document = msgspec.json.decode(protocol_document())
    domains = {entry["domain"]: entry for entry in document["domains"]}
    commands = {name: {one["name"] for one in entry["commands"]} for name, entry in domains.items()}
    assert "navigate" in commands["Page"]
    assert "captureScreenshot" not in commands["Page"]  # it says that there are no pixels
    assert "createTarget" in commands["Target"]
    assert {"name": "attachedToTarget"} in domains["Target"]["events"]
    evaluate = next(one for one in domains["Runtime"]["commands"] if one["name"] == "evaluate")
    assert evaluate["parameters"][0] == {"name": "expression", "type": "string"}
    optional = {one["name"]: one.get("optional", False) for one in evaluate["parameters"]}
    assert optional["contextId"]
