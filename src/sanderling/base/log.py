"""Logging: one logger per package, three formats, and nothing on stdout.

An error that a caller can catch is raised; only what nobody can catch is logged. Marks: ``<`` in, ``>`` out, ``=`` state.

Thread: any.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Literal, TypeAlias

LogFormat: TypeAlias = Literal["pretty", "logfmt", "json"]

LOGGER = logging.getLogger("sanderling")


def _logfmt_value(text: str) -> str:
    return json.dumps(text) if any(c in text for c in ' "=\n\t') or not text else text


class LogfmtFormatter(logging.Formatter):
    """``key=value`` pairs, one line per record."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter.format`."""
        text = record.getMessage()
        if record.exc_info:
            text = f"{text}\n{self.formatException(record.exc_info)}"
        return " ".join(
            f"{key}={_logfmt_value(value)}"
            for key, value in (
                ("time", self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")),
                ("level", record.levelname.lower()),
                ("scope", record.name),
                ("msg", text),
            )
        )


class JsonFormatter(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter.format`."""
        fields = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "scope": record.name,
            "msg": record.getMessage(),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)


def configure(level: str, style: LogFormat) -> None:
    """Send the package's records at `level` and above to stderr in `style`. For our own processes only, never in a library."""
    handler = logging.StreamHandler(sys.stderr)
    if style == "json":
        handler.setFormatter(JsonFormatter())
    elif style == "logfmt":
        handler.setFormatter(LogfmtFormatter())
    else:
        handler.setFormatter(logging.Formatter("%(levelname).1s %(name)s: %(message)s"))
    LOGGER.handlers[:] = [handler]
    LOGGER.setLevel(level.upper())
    LOGGER.propagate = False
