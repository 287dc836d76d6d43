"""Take the network away from this process, and count who asks for it all the same.

Three floors, each of which holds where the one above is blind. Libraries are told to stay offline
(`core/__init__.py`). Python's own sockets are forbidden and counted, whichever library opens them.
On Linux the process leaves the network altogether: the system itself has no way out for it, and
counts what asked for one, also from C and from other programs that were started.
"""

import ctypes
import os
import socket
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CLONE_NEWNET, CLONE_NEWUSER = 0x4000_0000, 0x1000_0000  # of Linux's sched.h
_PROC = Path("/proc/self")
_ASKS_BY_NAME = frozenset(
    ("socket.getaddrinfo", "socket.gethostbyaddr", "socket.gethostbyname", "socket.getnameinfo")
)
_ASKS_BY_SOCKET = frozenset(
    ("socket.bind", "socket.connect", "socket.sendmsg", "socket.sendto", "socket.__new__")
)
_STARTS = frozenset(("os.exec", "os.posix_spawn", "os.system", "subprocess.Popen"))


class NetworkForbiddenError(OSError):
    """Something asked for the network; libraries take it for a computer without one."""


@dataclass(frozen=True)
class Attempt:
    """Somebody asked for the network.

    Attributes:
        what: the call, for instance "socket.connect".
        address: where to, as far as it was said.
        where: the file and line that asked.
    """

    what: str
    address: str
    where: str


@dataclass(frozen=True)
class Watch:
    """What this process asked for since the network was forbidden.

    Attributes:
        attempts: each was refused. programs: the names of other programs that were started.
    """

    attempts: list[Attempt] = field(default_factory=list)
    programs: list[str] = field(default_factory=list)


def forbid_network() -> Watch:
    """Refuse and note every socket but those between processes of this computer.

    It cannot be taken back: Python keeps what listens to its audit events for as long as it runs.
    """
    watch = Watch()

    def listen(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _STARTS:
            watch.programs.append(_program(event, arguments))
        elif event in _ASKS_BY_NAME or (event in _ASKS_BY_SOCKET and _is_network(event, arguments)):
            address = arguments[0] if event in _ASKS_BY_NAME else arguments[-1]
            told = "" if event == "socket.__new__" else str(address)
            watch.attempts.append(Attempt(event, told, _who_asks()))
            raise NetworkForbiddenError(f"the network is forbidden here, and {event} asked for it")

    sys.addaudithook(listen)
    return watch


def _is_network(event: str, arguments: tuple[Any, ...]) -> bool:
    """Tell whether a socket leads beyond the processes of this computer."""
    family = arguments[1] if event == "socket.__new__" else arguments[0].family
    return bool(family != getattr(socket, "AF_UNIX", None))


def _program(event: str, arguments: tuple[Any, ...]) -> str:
    """Return the name of a program that is started; its arguments may hold what is private."""
    said = arguments[0]
    if not said and event == "subprocess.Popen":
        said = arguments[1]
    first = said[0] if isinstance(said, list | tuple) else said
    return Path(os.fsdecode(first).split()[0]).name


def _who_asks() -> str:
    """Return the file and line beyond this file and the standard socket module."""
    for frame, line in traceback.walk_stack(sys._getframe(1)):  # noqa: SLF001  # Python's own
        name = frame.f_code.co_filename
        if name != __file__ and Path(name).name != "socket.py":
            return f"{Path(*Path(name).parts[-3:])}:{line}"
    return "?"


def leave_network() -> bool:
    """Go where this process has no network, if this system allows it; tell whether it does.

    Only Linux can, and only a process that has no threads yet.
    """
    if sys.platform != "linux":
        return False
    unshare: Callable[[int], int] = ctypes.CDLL(None, use_errno=True).unshare
    if os.geteuid() == 0 and unshare(CLONE_NEWNET) == 0:
        return True
    user, group = os.getuid(), os.getgid()
    if unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        return False
    for file, words in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),  # files keep their owner
        ("gid_map", f"{group} {group} 1"),
    ):
        (_PROC / file).write_text(words, encoding="ascii")
    return True


def count_refused_by_system() -> int:
    """Return how often the system found no way out, for this process and whatever it started.

    Counted from the moment the network was left; 0 where it was not.
    """
    return sum(int(value) for name, value in _counters() if name.endswith("OutNoRoutes"))


def _counters() -> Iterator[tuple[str, str]]:
    lines = (_PROC / "net" / "snmp").read_text(encoding="ascii").splitlines()
    for names, values in zip(lines[::2], lines[1::2], strict=True):
        yield from zip(names.split(), values.split(), strict=True)
    for line in (_PROC / "net" / "snmp6").read_text(encoding="ascii").splitlines():
        name, _blank, value = line.partition(" ")
        yield name, value.strip()
