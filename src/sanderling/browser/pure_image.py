"""The size of an image that page code holds as bytes: `image.size` takes a file and gives its natural size, or null.

A pure host function. SVG is no image here, as nothing says that a file is one: browsers make no bitmaps of it either.

Thread: any.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from sanderling.proto.image_size import image_size


def _size(payload: Any, data: bytes | None) -> tuple[str, bytes | None]:
    size = image_size(data or b"")
    return json.dumps(None if size is None else {"width": size.width, "height": size.height}), None


FUNCTIONS: Mapping[str, Callable[[Any, bytes | None], tuple[str, bytes | None]]] = {"image.size": _size}
"""By the kind that page code's side asks for (`hostCall`)."""
