from __future__ import annotations

import pytest

from sanderling.proto.frame_options import forbids
from sanderling.proto.headers import Headers

HERE = "https://a.test"
OTHER = "https://b.test"


@pytest.mark.parametrize(
    ("values", "ancestors", "forbidden"),
    [
        ([], [OTHER], False),
        (["DENY"], [HERE], True),
        ([" denY "], [HERE], True),
        (["SAMEORIGIN"], [HERE, HERE], False),
        (["SAMEORIGIN"], [HERE, OTHER], True),
        (["SAMEORIGIN"], ["null"], True),
        (["SAMEORIGIN", "sameorigin"], [OTHER], True),
        (["SAMEORIGIN, DENY"], [HERE], True),
        (["ALLOWALL"], [OTHER], False),
        (["ALLOWALL, nonsense"], [OTHER], True),
        (["nonsense"], [OTHER], False),
        (["one, two"], [OTHER], False),
        ([""], [OTHER], False),
    ],
)
def test_who_may_frame(values: list[str], ancestors: list[str], forbidden: bool) -> None:
    headers = Headers([("X-Frame-Options", value) for value in values])
    assert forbids(headers, origin=HERE, ancestors=ancestors) is forbidden
