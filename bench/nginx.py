"""nginx for benchmarks: TLS with HTTP/2 and plain HTTP, files of a folder, and a log of the connections that it saw; and a relay that delays."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import trustme

from bench.peers import free_port, wait_for_port

ONE_WAY_S = 0.02


@dataclass(slots=True)
class Nginx:
    """An nginx that runs."""

    plain: str
    """URL, with a slash at the end."""
    secure_port: int
    ca_file: str
    _log: Path
    _seen: int = 0

    def fresh(self) -> tuple[int, int, int]:
        """Give what came since the last call: requests, connections, and full TLS handshakes of them."""
        lines = self._log.read_text("ascii").splitlines()[self._seen :]
        self._seen += len(lines)
        connections = dict(line.split() for line in lines)
        return len(lines), len(connections), sum(reused != "r" for reused in connections.values())


@contextlib.contextmanager
def nginx(files: dict[str, bytes]) -> Iterator[Nginx]:
    """Run it; without nginx there is nothing to measure against.

    Raises:
        FileNotFoundError: it is not installed.
    """
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        raise FileNotFoundError("nginx is not installed")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, body in files.items():
            (folder / file).write_bytes(body)
        authority = trustme.CA()
        authority.cert_pem.write_to_path(folder / "ca.pem")
        authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
        plain, secure = free_port(), free_port()
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;"
            "events { worker_connections 4096; }"
            f"http {{ access_log off; keepalive_requests 1000000; {temporary}"
            "log_format c '$connection $ssl_session_reused';"
            f"server {{ listen 127.0.0.1:{plain}; root {folder}; }}"
            f"server {{ listen 127.0.0.1:{secure} ssl http2; root {folder}; access_log {folder}/connections.log c;"
            f"ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.pem; }} }}"
        )
        process = subprocess.Popen(
            [program, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"], stderr=subprocess.DEVNULL
        )
        try:
            wait_for_port(plain)
            yield Nginx(f"http://127.0.0.1:{plain}/", secure, str(folder / "ca.pem"), folder / "connections.log")
        finally:
            process.terminate()
            process.wait()


@contextlib.contextmanager
def delayed(port: int) -> Iterator[int]:
    """Run a relay in a process of its own: what is sent to it arrives 20 ms later, in both directions, connections too."""
    ours = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.nginx", str(ours), str(port)])
    try:
        wait_for_port(ours)
        yield ours
    finally:
        process.terminate()
        process.wait()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    loop = asyncio.get_running_loop()
    while data := await reader.read(65536):
        loop.call_later(ONE_WAY_S, writer.write, data)
    loop.call_later(ONE_WAY_S, writer.close)


async def _relay(port: int, target: int) -> None:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The kernel has answered the connection already: what a round trip would have taken is waited for here.
        await asyncio.sleep(2 * ONE_WAY_S)
        with contextlib.suppress(OSError):
            above, below = await asyncio.open_connection("127.0.0.1", target)
            await asyncio.gather(_pump(reader, below), _pump(above, writer))

    async with await asyncio.start_server(connected, "127.0.0.1", port, backlog=1024) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_relay(int(sys.argv[1]), int(sys.argv[2])))
