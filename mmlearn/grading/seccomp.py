"""Calls to the Linux kernel that no exercise needs, refused: a filter for bubblewrap.

Memory that no limit counts (shared memory, memory files, io_uring), sockets of any
kind (some do not know of network namespaces), new namespaces and mounts, and looking
into other processes. Everything else is allowed: this is the second wall, not the
first. Numbers: the kernel's `syscall_64.tbl` and `asm-generic/unistd.h`.
"""

import errno
import platform
import struct
from functools import cache

_SINCE_2019 = "425 426 427 428 429 430 431 432 433 438 442 447"  # one table for all
_MACHINES = {  # audit name, calls refused, clone3
    "x86_64": (
        0xC000003E,
        "29 30 31 41 64 65 68 69 101 155 165 166 169 248 249 250 272 298 304 308 310 "
        "311 319 321 323",
    ),
    "aarch64": (
        0xC00000B7,
        "39 40 41 97 117 142 186 189 190 193 194 195 196 198 217 218 219 241 265 268 "
        "270 271 279 280 282",
    ),
}
_CLONE3 = 435  # "not there": the C library takes the old call
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000


@cache
def rules():
    """The filter as bytes; b"" on a machine whose numbers are not known here."""
    if platform.machine() not in _MACHINES:
        return b""
    audit, refused = _MACHINES[platform.machine()]
    numbers = [int(n) for n in f"{refused} {_SINCE_2019}".split()]
    steps = [
        (_LOAD, 0, 0, 4),  # the machine
        (_EQUAL, 1, 0, audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # the call's number
        (_AT_LEAST, 0, 1, 0x40000000),  # x86's second table
        (_RETURN, 0, 0, _KILL),
        (_EQUAL, 0, 1, _CLONE3),
        (_RETURN, 0, 0, _ERROR | errno.ENOSYS),
    ]
    for number in numbers:
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERROR | errno.EPERM)]
    steps.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
