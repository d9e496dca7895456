"""Where the system keeps the certificate authorities that it trusts.

The path compiled into a libcurl wheel is that of the system it was built on, which most others do not have.

Thread: any.
"""

from __future__ import annotations

import functools
import os

# As they are found on Debian, Fedora, openSUSE, Alpine, FreeBSD, macOS (also Homebrew's).
SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/etc/ssl/cert.pem",
    "/opt/homebrew/etc/openssl@3/cert.pem",
)


@functools.cache
def default_ca_file() -> str:
    """Give the system's bundle, or certifi's where there is none that can be read."""
    for path in SYSTEM_BUNDLES:
        if os.access(path, os.R_OK) and os.path.getsize(path) > 0:
            return path
    import certifi  # late: it takes much of importlib along

    return certifi.where()
