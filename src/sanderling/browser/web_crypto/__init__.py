"""Web Cryptography: what `crypto.subtle` asks of the host.

https://w3c.github.io/webcrypto/. `web/crypto/` normalises algorithms and keeps keys (bytes that page code cannot see); everything
else happens here, statelessly, in functions of plain values over the package `cryptography`.

Thread: any.
"""
