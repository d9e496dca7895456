"""What entering an isolate can end with, beside the errors that everybody knows (`base.errors`).

::

    ClosedError
    └── NotEnteredError    the isolate took nothing more, before the entry began

Thread: any.
"""

from __future__ import annotations

from sanderling.base.errors import ClosedError


class NotEnteredError(ClosedError):
    """The isolate was closed, or takes nothing more, before the entry began: nothing of it has run."""
