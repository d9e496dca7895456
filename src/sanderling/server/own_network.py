"""A network of a worker's own, in which nobody else is: for workers whose isolates can be debugged.

The engine shows its inspector only by a TCP socket of each isolate, and asks nobody who connects to it for anything. On the machine's loopback every
local process could do that, pages by their requests too. So the worker enters a network namespace (network_namespaces(7)) whose
only interface is a loopback of its own: what listens there is reached by the worker's threads and by nothing else, since requests of pages are
made by the main process, which is not in it.

`python -m sanderling.server.own_network` says on standard error why it cannot be had, and exits with 1 then.

Thread: main, of the worker's process, while it is the only one.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
import sys

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_SIOCSIFFLAGS = 0x8914
_IFF_UP, _IFF_RUNNING = 0x1, 0x40
_WHO_MAY = (
    "user.max_user_namespaces, user.max_net_namespaces, kernel.unprivileged_userns_clone, "
    "kernel.apparmor_restrict_unprivileged_userns and the filter of a container say who may"
)
_CAPABILITIES_3 = 0x20080522  # _LINUX_CAPABILITY_VERSION_3


def enter_own_network() -> str:
    """Leave the machine's network for one of our own, for good.

    Returns:
        Why that cannot be; empty when it is done.
    """
    if sys.platform != "linux":
        return f"network namespaces are Linux's, and this is {sys.platform}"
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    # A user namespace comes along, in which an ordinary user may make a network.
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return f"no network namespace can be made: {os.strerror(ctypes.get_errno())} ({_WHO_MAY})"
    _keep_identity(user, group)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            fcntl.ioctl(one, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP | _IFF_RUNNING))
    except OSError as error:
        return f"the loopback of a network namespace cannot be switched on: {error.strerror} ({_WHO_MAY})"
    # Whatever the namespace allows is given up again (capset(2)): two words each of effective, permitted and inheritable ones.
    if libc.capset(struct.pack("<Ii", _CAPABILITIES_3, 0), bytes(24)) != 0:
        return f"capabilities cannot be given up: {os.strerror(ctypes.get_errno())}"
    return ""


def _keep_identity(user: int, group: int) -> None:
    """Be called the same as outside (user_namespaces(7)). Files are judged by who we are outside anyway."""
    for name, text in (("setgroups", "deny"), ("gid_map", f"{group} {group} 1"), ("uid_map", f"{user} {user} 1")):
        with contextlib.suppress(OSError), open(f"/proc/self/{name}", "w") as file:
            file.write(text)


if __name__ == "__main__":
    failure = enter_own_network()
    if failure:
        print(failure, file=sys.stderr)
    sys.exit(1 if failure else 0)
