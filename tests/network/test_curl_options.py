from __future__ import annotations

from sanderling.network import curl_options
from sanderling.network.curl_options import Target
from sanderling.network.messages import Submit, TransferId


def test_long_header_fields_are_not_kept() -> None:
    """Pages choose names as well as values."""
    before = curl_options._known_field.cache_info()
    headers = (("X" * 5000, "v"), ("Y", "v" * 5000))
    target = Target(Submit(TransferId(1), "http://a.test/", headers=headers))
    assert [line for line in target.headers if len(line) > 5000] == [b"X" * 5000 + b": v", b"Y: " + b"v" * 5000]
    assert curl_options._known_field.cache_info() == before
