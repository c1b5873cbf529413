"""Takes rights away from the present process, for good: it opens no file, talks to nobody, starts no program.

What is open already stays usable, so a process opens what it needs, confines itself, and then touches what it
does not trust: a video file that a decoder may stumble over, for instance.

(1) Limits: memory, processor time, no byte added to any file, no core dump.
(2) `no_new_privs`; not dumpable, so that no other process of the same user reads its memory.
(3) Landlock without a single rule: no path can be opened, made, removed or run; no TCP where the kernel
    knows that (ABI 4), no signals to others (ABI 6).
(4) seccomp: no sockets of any kind, no programs, no shared memory or queues, nothing that changes the
    attributes of files, none of the kernel's doors that a decoder has no use for.

Linux on x86-64 and 64-bit ARM. Where one of the steps is not possible, `CannotConfine` is raised: whoever
asked decides, and must not go on as if nothing had happened. Sources: Landlock userspace API
(docs.kernel.org/userspace-api/landlock.html), seccomp(2), linux/audit.h, asm/unistd.h.
"""

import ctypes
import errno
import os
import platform
import resource
import struct
from dataclasses import dataclass
from pathlib import Path

from capture.refused_calls import REFUSED
from productivity.errors import FairtaktError


class CannotConfine(FairtaktError):
    """The system cannot take a process's rights away; nothing that is not trusted was touched."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a confined process may use."""

    memory_bytes: int
    """Of address space."""
    processor_s: int


def confine(limits: Limits) -> None:
    """Take the rights away. Requires that the process has one thread: the kernel confines threads singly."""
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads != 1:
        raise CannotConfine(f"process cannot be confined: expected one thread, found {threads}")
    libc = ctypes.CDLL(None, use_errno=True)
    machine = platform.machine()
    if machine not in _MACHINES:
        raise CannotConfine(f"process cannot be confined: no rules for processors of the kind {machine}")
    _limit(limits)  # (1)
    _call(libc.prctl, _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, what="no_new_privs")  # (2)
    _call(libc.prctl, _PR_SET_DUMPABLE, 0, 0, 0, 0, what="no core dumps")
    _landlock(libc)  # (3)
    _seccomp(libc, machine)  # (4)


def die_with_parent(parent: int) -> None:
    """Have the kernel end this process when the thread that started it ends; `parent` is its process."""
    libc = ctypes.CDLL(None, use_errno=True)
    _call(libc.prctl, _PR_SET_PDEATHSIG, 9, 0, 0, 0, what="end with the parent")
    if os.getppid() != parent:  # it ended before we asked
        os._exit(1)


_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38


def _limit(limits: Limits) -> None:
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.processor_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_ASK_VERSION = 1
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""Every right that is known from an ABI on."""
_NET_RIGHTS, _SCOPES = 0b11, 0b11  # TCP: bind, connect; scopes: abstract sockets, signals


def _landlock(libc: ctypes.CDLL) -> None:
    version = libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)
    if version < 1:
        raise CannotConfine("process cannot be confined: the kernel has no Landlock, or it is switched off")
    rights = max(right for since, right in _FILE_RIGHTS.items() if since <= version)
    parts = [rights, *([_NET_RIGHTS] if version >= 4 else []), *([_SCOPES] if version >= 6 else [])]
    attributes = struct.pack(f"={len(parts)}Q", *parts)
    ruleset = _call(libc.syscall, _CREATE_RULESET, attributes, len(attributes), 0, what="Landlock rules")
    try:
        _call(libc.syscall, _RESTRICT_SELF, ruleset, 0, what="Landlock")
    finally:
        os.close(ruleset)


@dataclass(frozen=True, slots=True)
class _Machine:
    """A kind of processor: its name for the kernel, its column of `REFUSED`, and numbers of system calls."""

    audit: int
    column: int
    seccomp: int
    tgkill: int
    clone: int
    clone3: int = 435


_MACHINES = {
    "x86_64": _Machine(audit=0xC000003E, column=0, seccomp=317, tgkill=234, clone=56),
    "aarch64": _Machine(audit=0xC00000B7, column=1, seccomp=277, tgkill=131, clone=220),
}

_LOAD, _EQUAL, _AT_LEAST, _HAS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data, little-endian
_OTHER_CALLS = 0x40000000  # from here on: the x32 calls of x86-64, a second way to each of them
_CLONE_THREAD = 0x00010000
_SET_MODE_FILTER, _ALL_THREADS = 1, 1


def _seccomp(libc: ctypes.CDLL, machine: str) -> None:
    code = _filter(_MACHINES[machine], os.getpid())
    instructions = ctypes.create_string_buffer(b"".join(code))
    program = struct.pack("HxxxxxxP", len(code), ctypes.addressof(instructions))
    _call(
        libc.syscall,
        *(_MACHINES[machine].seccomp, _SET_MODE_FILTER, _ALL_THREADS, program),
        what="seccomp",
    )


def _filter(machine: _Machine, own: int) -> list[bytes]:
    """Return the filter as the kernel's virtual machine runs it; its jumps count forwards."""
    refused = [number for columns in REFUSED.values() if (number := columns[machine.column]) is not None]
    allow, refuse = _step(_RETURN, _ALLOW), _step(_RETURN, _ERRNO | errno.EPERM)
    code = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, machine.audit, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, _OTHER_CALLS, 0, 1),
        _step(_RETURN, _KILL),
        # A signal to oneself is how a program aborts; to anybody else it is refused.
        _step(_EQUAL, machine.tgkill, 0, 4),
        _step(_LOAD, _FIRST_ARGUMENT),
        _step(_EQUAL, own, 0, 1),
        allow,
        refuse,
        # A thread may be made, a process may not. The newer call hides its flags: "not known" makes the C
        # library take the older one.
        _step(_EQUAL, machine.clone, 0, 4),
        _step(_LOAD, _FIRST_ARGUMENT),
        _step(_HAS, _CLONE_THREAD, 0, 1),
        allow,
        refuse,
        _step(_EQUAL, machine.clone3, 0, 1),
        _step(_RETURN, _ERRNO | errno.ENOSYS),
    ]
    for place, number in enumerate(refused):
        code.append(_step(_EQUAL, number, len(refused) - place, 0))
    return [*code, allow, refuse]


def _step(operation: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", operation, if_true, if_false, value)


def _call(function: "ctypes._NamedFuncPointer", *arguments: object, what: str) -> int:
    result: int = function(*arguments)
    if result < 0:
        reason = os.strerror(ctypes.get_errno())
        raise CannotConfine(f"process cannot be confined: {what}: {reason}")
    return result
