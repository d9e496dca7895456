"""Which files a worker may open, by the kernel's Landlock (landlock(7)).

Thread: main, of the worker's process, while it is the only one.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_VERSION_FLAG = 1
_PATH_BENEATH = 1

_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL_DEVICE = 1 << 14, 1 << 15
_EXECUTE = 1 << 0
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEVICE
_REMOVE_AND_MAKE = (1 << 4) | (1 << 5) | (1 << 7) | (1 << 8)  # folders and regular files
_REFER = 1 << 13
_READ = _READ_FILE | _READ_DIR
_WRITE = _READ | _WRITE_FILE | _TRUNCATE | _REMOVE_AND_MAKE

_ALL_NETWORK = 0b11  # bind and connect of TCP
_ALL_SCOPES = 0b11  # abstract sockets and signals beyond this domain


def _rights(version: int) -> int:
    """Every right that an interface of this version knows: what is not granted is refused."""
    rights = (1 << 13) - 1
    if version >= 2:
        rights |= _REFER
    if version >= 3:
        rights |= _TRUNCATE
    if version >= 5:
        rights |= _IOCTL_DEVICE
    return rights


def version() -> int:
    """Give the version of the kernel's interface; 0 without one."""
    return max(0, int(ctypes.CDLL(None, use_errno=True).syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG)))


def restrict_files(readable: Iterable[Path], writable: Iterable[Path], *, tcp: bool = False) -> str:
    """Refuse every file but these and what is in them, and all TCP where the kernel can, for good. `no_new_privs` must be set.

    Args:
        readable: folders and files; those that do not exist are left out.
        writable: the same, also for making and removing regular files and folders.
        tcp: whether TCP is left alone: for a process that has a network of its own.

    Returns:
        Why it is not in force; empty when it is.
    """
    known = version()
    if known == 0:
        return "the kernel has no Landlock"
    libc = ctypes.CDLL(None, use_errno=True)
    rights = _rights(known)
    attributes = struct.pack("<Q", rights)
    if known >= 4:
        attributes += struct.pack("<Q", 0 if tcp else _ALL_NETWORK)
    if known >= 6:
        attributes += struct.pack("<Q", _ALL_SCOPES)
    rules = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if rules < 0:
        return f"landlock: {os.strerror(ctypes.get_errno())}"
    try:
        for paths, granted in ((readable, _READ), (writable, _WRITE)):
            for path in paths:
                failure = _grant(libc, rules, path, granted & rights)
                if failure:
                    return failure
        if libc.syscall(_RESTRICT_SELF, rules, 0) != 0:
            return f"landlock: {os.strerror(ctypes.get_errno())}"
    finally:
        os.close(rules)
    return ""


def _grant(libc: ctypes.CDLL, rules: int, path: Path, rights: int) -> str:
    try:
        folder = path.is_dir()
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return ""  # absent: there is nothing to grant
    try:
        attributes = struct.pack("<Qi", rights if folder else rights & _OF_FILES, descriptor)
        if libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, attributes, 0) != 0:
            return f"landlock: {path}: {os.strerror(ctypes.get_errno())}"
    finally:
        os.close(descriptor)
    return ""
