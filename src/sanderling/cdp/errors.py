"""What a CDP command is refused with. Texts are Chromium's where clients match them.

Thread: any.
"""

from __future__ import annotations

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
SERVER_ERROR = -32000
SESSION_NOT_FOUND = -32001


class CdpError(Exception):
    """An error answer.

    Args:
        message: for the client.
        code: JSON-RPC's.
        data: details, if any.
    """

    def __init__(self, message: str, *, code: int = SERVER_ERROR, data: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.data = data


def not_found(method: str) -> CdpError:
    """Give the error for a method that does not exist here."""
    return CdpError(f"'{method}' wasn't found", code=METHOD_NOT_FOUND)


def invalid_params(detail: str) -> CdpError:
    """Give the error for missing or wrong parameters; `detail` names them."""
    return CdpError("Invalid parameters", code=INVALID_PARAMS, data=detail)


def unsupported(what: str) -> CdpError:
    """Give the error for something that Sanderling cannot do."""
    return CdpError(f"{what} is not supported by Sanderling")
