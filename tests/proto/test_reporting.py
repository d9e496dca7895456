"""Where reports go."""

from __future__ import annotations

import pytest

from sanderling.proto import csp, reporting

URL = "https://a.test/dir/page"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((), {}),
        (('main="https://r.test/x"',), {"main": "https://r.test/x"}),
        (('a="/one", b="two"', 'a="three";q=1'), {"a": "https://a.test/dir/three", "b": "https://a.test/dir/two"}),
        (('insecure="http://r.test/", other="data:,x"',), {}),
        (('a="/one", b=2',), {}),
        (('A="/one"',), {}),
        (('a="/on',), {}),
        (('a="/\\"x"',), {"a": "https://a.test/%22x"}),
        (('a="/one";p="x,\\"y";q , b="/two"',), {"a": "https://a.test/one", "b": "https://a.test/two"}),
        (('a="/one";' + " " * 250_000 + '"',), {}),
        (('a="' + '\\"' * 100_000,), {}),
    ],
)
def test_endpoints(values: tuple[str, ...], expected: dict[str, str]) -> None:
    assert reporting.endpoints(values, URL) == expected


def test_report_uris() -> None:
    policy = csp.parse("img-src 'none'; report-uri r https://r.test/ data:,x http://[")
    assert [*reporting.report_uris(policy, URL)] == ["https://a.test/dir/r", "https://r.test/"]
    assert [*reporting.report_uris(csp.parse("report-uri r; report-to main"), URL)] == []
    assert [*reporting.report_uris(csp.parse("img-src 'none'; report-uri r", meta=True), URL)] == []
