"""A filter of system calls for workers: a process that only computes needs no network, programs, other processes or devices.

What is refused gets EPERM, so that a library that asks in vain goes on. New threads are allowed, new processes are not; signals reach
this process only. There is no well-kept package without a C library of its own, hence the few instructions here (seccomp(2), bpf(4)).

Thread: main, of the worker's process, while it is the only one.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from typing import NamedTuple

_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW = 0x7FFF0000
_KILL_PROCESS = 0x80000000
_ERRNO = 0x00050000

# Offsets in struct seccomp_data.
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # the low half of the argument; both systems are little-endian

_CLONE_THREAD = 0x00010000
_AF_INET = 2
_X32 = 0x40000000


class _System(NamedTuple):
    """An architecture's numbers."""

    audit: int
    clone: int
    clone3: int
    kill: int
    tgkill: int
    refused: tuple[int, ...]
    socket: int
    tcp: tuple[int, ...]
    """connect, accept, bind, listen, accept4."""


_COMMON = (424, 425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 438, 440, 442, 452)
"""pidfd_send_signal, io_uring_*, open_tree to fspick, pidfd_open, pidfd_getfd, process_madvise, mount_setattr, fchmodat2."""

_SYSTEMS: dict[str, _System] = {
    "x86_64": _System(
        0xC000003E,
        56,
        435,
        62,
        234,
        (
            *(59, 322, 57, 58),  # execve, execveat, fork, vfork
            *(101, 310, 311, 312),  # ptrace, process_vm_readv, process_vm_writev, kcmp
            *(200, 129, 297),  # tkill, rt_sigqueueinfo, rt_tgsigqueueinfo
            *(165, 166, 155, 161, 308, 272),  # mount, umount2, pivot_root, chroot, setns, unshare
            *(250, 248, 249, 321, 298, 323),  # keyctl, add_key, request_key, bpf, perf_event_open, userfaultfd
            *(246, 320, 175, 313, 176, 169, 167, 168),  # kexec_*, *_module, reboot, swapon, swapoff
            *(304, 303, 133, 259),  # open_by_handle_at, name_to_handle_at, mknod, mknodat
            *(105, 106, 113, 114, 116, 117, 119, 126, 135),  # set*id, setgroups, capset, personality
            *(163, 164, 227, 159, 305, 179, 103, 170, 171, 172, 173),  # acct to ioperm
            *(29, 30, 31, 68, 64, 240),  # System V and POSIX queues
            *(90, 268, 92, 94, 260, 188, 189),  # chmod, chown and xattr by path: Landlock knows none of them
        ),
        41,
        (42, 43, 49, 50, 288),
    ),
    "aarch64": _System(
        0xC00000B7,
        220,
        435,
        129,
        131,
        (
            *(221, 281),
            *(117, 270, 271, 272),
            *(130, 138, 240),
            *(40, 39, 41, 51, 268, 97),
            *(219, 217, 218, 280, 241, 282),
            *(104, 294, 105, 273, 106, 142, 224, 225),
            *(265, 264, 33),
            *(146, 144, 145, 143, 159, 147, 149, 91, 92),
            *(89, 170, 112, 171, 266, 60, 116, 161, 162),
            *(194, 196, 195, 190, 186, 180),
            *(53, 54, 5, 6),
        ),
        198,
        (203, 202, 200, 201, 242),
    ),
}


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


def program(machine: str, pid: int, *, tcp: bool = False) -> bytes | None:
    """Make the filter for a machine, or None for one that it does not know.

    Args:
        machine: as `platform.machine` names it.
        pid: the process whose threads signals may reach.
        tcp: whether sockets of IPv4 may be made and used.
    """
    system = _SYSTEMS.get(machine)
    if system is None:
        return None
    refuse = _instruction(_RETURN, _ERRNO | errno.EPERM)
    allow = _instruction(_RETURN, _ALLOW)
    lines = [
        _instruction(_LOAD, _ARCHITECTURE),
        _instruction(_EQUAL, system.audit, 1, 0),
        _instruction(_RETURN, _KILL_PROCESS),
        _instruction(_LOAD, _NUMBER),
    ]
    if machine == "x86_64":
        lines += [_instruction(_AT_LEAST, _X32, 0, 1), refuse]
    if tcp:
        lines += [
            _instruction(_EQUAL, system.socket, 0, 4),
            _instruction(_LOAD, _FIRST_ARGUMENT),
            _instruction(_EQUAL, _AF_INET, 1, 0),
            refuse,
            allow,
        ]
    for number in (*(() if tcp else (system.socket, *system.tcp)), *system.refused, *_COMMON):
        lines += [_instruction(_EQUAL, number, 0, 1), refuse]
    # Its flags are in memory, where a filter cannot look; told that it does not exist, the C library uses clone.
    lines += [_instruction(_EQUAL, system.clone3, 0, 1), _instruction(_RETURN, _ERRNO | errno.ENOSYS)]
    lines += [
        _instruction(_EQUAL, system.clone, 0, 4),
        _instruction(_LOAD, _FIRST_ARGUMENT),
        _instruction(_ANY_BIT, _CLONE_THREAD, 1, 0),
        refuse,
        allow,
    ]
    for number in (system.kill, system.tgkill):
        lines += [
            _instruction(_EQUAL, number, 0, 4),
            _instruction(_LOAD, _FIRST_ARGUMENT),
            _instruction(_EQUAL, pid, 1, 0),
            refuse,
            allow,
        ]
    return b"".join([*lines, allow])


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def filter_system_calls(*, tcp: bool = False) -> str:
    """Put the filter in force for this process, for good. `no_new_privs` must be set.

    Args:
        tcp: see `program`.

    Returns:
        Why it is not in force; empty when it is.
    """
    code = program(platform.machine(), os.getpid(), tcp=tcp)
    if code is None:
        return f"no filter of system calls for {platform.machine()}"
    libc = ctypes.CDLL(None, use_errno=True)
    described = _Program(len(code) // 8, code)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(described), 0, 0) != 0:
        return f"seccomp: {os.strerror(ctypes.get_errno())}"
    return ""
