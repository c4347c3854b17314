"""Running a program as somebody else, because PostgreSQL refuses root. No folder's permissions are changed for it.

Where a folder above its files is closed to others (`/root` is 0700), the program keeps one capability of root: to pass
through folders. Where the system grants none (macOS, a stripped container), the start is refused with a sentence.
"""

import ctypes
import os
import pwd
import stat
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from server.embedded.program import StartError


class Account(NamedTuple):
    """A user of the system."""

    name: str
    uid: int
    gid: int


def account_for(folder: Path) -> Account | None:
    """Who runs a program with its files in `folder`: as root its owner or `nobody`; else None, ourselves."""
    if os.geteuid() != 0:
        return None
    owner = folder.stat().st_uid if folder.exists() else 0
    try:
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError:
        raise StartError(
            "PostgreSQL does not run as root, and there is no user `nobody`: start as an ordinary user."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def becoming(account: Account, folders: Sequence[Path]) -> Callable[[], None]:
    """What a new process of root runs to become `account` and still reach all `folders`. Raises `StartError`."""
    closed = next((parent for folder in folders for parent in _way_to(folder) if not _enters(account, parent)), None)
    capability = None if closed is None else _capability()
    if closed is not None and capability is None:
        raise StartError(
            f"PostgreSQL runs as the user {account.name}, who may not enter {closed}: "
            "choose another data folder with --data, or start as an ordinary user."
        )
    prctl = _Prctl() if capability is not None else None

    def become() -> None:
        if prctl is not None:
            prctl.keep_capabilities()
        os.setgroups([account.gid])
        os.setgid(account.gid)
        os.setuid(account.uid)
        if prctl is not None and capability is not None:
            prctl.grant(capability)

    return become


def _way_to(folder: Path) -> list[Path]:
    return list(reversed(folder.resolve().parents))


def _enters(account: Account, folder: Path) -> bool:
    """Whether the permission bits let `account` pass through `folder`."""
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


# From linux/capability.h; either one opens folders, the second grants less.
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2


def _capability() -> int | None:
    """A capability of ours that opens folders, the smallest first; None where there is none."""
    if not sys.platform.startswith("linux"):
        return None
    lines = Path("/proc/self/status").read_text().splitlines()
    effective = int(next(line for line in lines if line.startswith("CapEff:")).split()[1], 16)
    return next((number for number in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE) if effective >> number & 1), None)


class _Prctl:
    """prctl(2) and capset(2), bound before the fork: a new process should not load libraries."""

    _KEEP_CAPABILITIES, _AMBIENT, _AMBIENT_RAISE = 8, 47, 2
    _CAPABILITY_VERSION_3 = 0x20080522

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)

    def keep_capabilities(self) -> None:
        """Lets the permitted set survive setuid(2)."""
        self._check(self._libc.prctl(self._KEEP_CAPABILITIES, 1, 0, 0, 0))

    def grant(self, capability: int) -> None:
        """Leaves exactly one capability, and hands it on through exec."""
        bit = 1 << capability
        header = (ctypes.c_uint32 * 2)(self._CAPABILITY_VERSION_3, 0)
        sets = (ctypes.c_uint32 * 6)(
            bit, bit, bit, 0, 0, 0
        )  # effective, permitted, inheritable; then their high halves
        self._check(self._libc.capset(header, sets))
        self._check(self._libc.prctl(self._AMBIENT, self._AMBIENT_RAISE, capability, 0, 0))

    def _check(self, result: int) -> None:
        if result != 0:
            raise OSError(ctypes.get_errno(), "cannot keep the right to pass through folders")
