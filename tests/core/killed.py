"""A process that kills itself at a chosen place: the n-th time that it touches the disk.

`python -m tests.core.killed` is a server that has everything loaded. For each line of JSON that it
reads it forks a child, which does one verb to an app and dies where it was told to, and answers
with a line of JSON that says how far the child came. Whatever was shared with the child outlives
it, as what an analyst saw on the screen outlives the program.
"""

import contextlib
import ctypes
import json
import mmap
import os
import random
import select
import shutil
import signal
import sqlite3
import struct
import sys
import time
import traceback
from pathlib import Path

TOUCHES = {  # what Python tells of itself that changes a disk
    *("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.link", "os.symlink"),
    *("os.chmod", "textwright.report"),
}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
SHARED = struct.Struct("<QQd80s")


class Shared:
    """What the child tells, in memory that stays when it is killed.

    Attributes:
        n_touches: how often the disk was about to be touched.
        n_done: how many steps of the verb were reported as done.
        seconds: how long these took.
        last: what was about to be done last.
    """

    def __init__(self):
        self._memory = mmap.mmap(-1, mmap.PAGESIZE)
        self.n_touches, self.n_done, self.seconds, self.last = 0, 0, 0.0, ""

    def publish(self):
        last = self.last.encode()[:80]
        SHARED.pack_into(self._memory, 0, self.n_touches, self.n_done, self.seconds, last)

    def read(self):
        told = SHARED.unpack_from(self._memory, 0)
        self.n_touches, self.n_done, self.seconds, last = told
        self.last = last.rstrip(b"\0").decode(errors="replace")
        return self


class Death:
    """Counts how often the disk is touched, and kills the process at a chosen time.

    Args:
        shared: where it is counted.
        at: which touch is the last, before it is done; 0 for none.
        tears: a page that SQLite writes then is written by half first.
    """

    def __init__(self, shared, at, *, tears):
        self.shared, self.at, self.tears, self.is_armed = shared, at, tears, False
        self._kept = []  # ctypes must not forget its callbacks
        sys.addaudithook(self._audit)
        self._wrap(os, "fsync")
        if not self._follow_sqlite():
            self._trace_sqlite()

    @contextlib.contextmanager
    def armed(self):
        self.is_armed = True
        yield
        self.is_armed = False

    def touch(self, what, tear=None):
        """Count a touch; die if it is the one."""
        if not self.is_armed:
            return
        self.shared.n_touches += 1
        self.shared.last = what
        self.shared.publish()
        if self.shared.n_touches == self.at:
            if tear and self.tears:
                tear()
            os.kill(os.getpid(), signal.SIGKILL)

    def _audit(self, event, args):
        if event == "open":
            path, mode, flags = args
            if isinstance(path, int) or not (flags or 0) & WRITES:
                return
            self.touch(f"open {mode or ''} {Path(os.fsdecode(path)).name}")
        elif event in TOUCHES:
            self.touch(f"{event} {Path(os.fsdecode(args[0])).name}")

    def _wrap(self, owner, name):
        real = getattr(owner, name)

        def wrapped(*args, **more):
            self.touch(name)
            return real(*args, **more)

        setattr(owner, name, wrapped)

    def _trace_sqlite(self):
        """Without SQLite's own door: every statement counts."""

        def audit(event, args):
            if event == "sqlite3.connect/handle":
                args[0].set_trace_callback(lambda sql: self.touch(f"sql {sql[:60]}"))

        sys.addaudithook(audit)

    def _follow_sqlite(self):
        """Let SQLite ask us for what it writes, by the door that its own tests use."""
        path = _library_of_sqlite()
        if path is None or sys.maxsize < 2**32:
            return False
        library = ctypes.CDLL(path)
        library.sqlite3_vfs_find.restype = ctypes.c_void_p
        vfs = library.sqlite3_vfs_find(None)
        methods = (ctypes.c_void_p * 16).from_address(vfs + 40)  # behind four numbers and pointers
        exchange = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_void_p] * 3)(methods[13])
        find = ctypes.CFUNCTYPE(ctypes.c_void_p, *[ctypes.c_void_p] * 2)(methods[14])
        number, size = ctypes.c_int, ctypes.c_size_t
        kinds = {
            b"pwrite": (ctypes.c_ssize_t, number, ctypes.c_void_p, size, ctypes.c_int64),
            b"pwrite64": (ctypes.c_ssize_t, number, ctypes.c_void_p, size, ctypes.c_int64),
            b"write": (ctypes.c_ssize_t, number, ctypes.c_void_p, size),
            b"ftruncate": (number, number, ctypes.c_int64),
            b"unlink": (number, ctypes.c_char_p),
        }
        for name, kind in kinds.items():
            if place := find(vfs, ctypes.cast(ctypes.c_char_p(name), ctypes.c_void_p)):
                signature = ctypes.CFUNCTYPE(*kind, use_errno=True)
                ours = signature(self._in_place_of(name.decode(), signature(place)))
                self._kept += [ours, name]
                exchange(
                    vfs,
                    ctypes.cast(ctypes.c_char_p(name), ctypes.c_void_p),
                    ctypes.cast(ours, ctypes.c_void_p),
                )
        return True

    def _in_place_of(self, name, real):
        def called(handle, *args):
            def tear():
                pointer, size, *rest = args
                real(handle, pointer, size // 2, *rest)

            self.touch(f"sqlite {name}", tear if "write" in name else None)
            return real(handle, *args)

        return called


def _library_of_sqlite():
    """Return the file of the SQLite that Python uses, where it is one of its own."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
            if "libsqlite3" in line:
                return line.split(maxsplit=5)[5]
    return None


# The server


def main():
    from tests.core import killed_verbs

    for line in sys.stdin:
        asked = json.loads(line)
        verb = killed_verbs.VERBS[asked["verb"]]
        verb.load()
        sys.stdout.write(json.dumps(run_child(verb, asked)) + "\n")
        sys.stdout.flush()


def run_child(verb, asked):
    """Do a verb in a child; kill it after a time, if it lives so long."""
    shared = Shared()
    shared.publish()
    place = Path(asked["place"])
    begins, tell = os.pipe()
    pid = os.fork()
    if not pid:
        _child(verb, asked, place, shared, tell)
    os.close(tell)
    os.read(begins, 1)  # it begins, or it has ended
    os.close(begins)
    status = _wait(pid, asked.get("after_s", 120))
    shared.read()
    told = place / "failed.txt"
    return {
        "was_killed": os.WIFSIGNALED(status),
        "n_touches": shared.n_touches,
        "n_done": shared.n_done,
        "last": shared.last,
        "seconds": shared.seconds,
        "failed": told.read_text(encoding="utf-8") if told.exists() else "",
    }


def _wait(pid, limit):
    """Return the status of a child that ended, or that is killed at the end of its time."""
    ended = os.pidfd_open(pid)
    if not select.select([ended], [], [], limit)[0]:
        os.kill(pid, signal.SIGKILL)
    os.close(ended)
    return os.waitpid(pid, 0)[1]


def _child(verb, asked, place, shared, tell):
    """Do the steps from the first that was asked for on; copy each state where that is asked."""
    try:
        os.setpgid(0, 0)
        death = Death(shared, asked.get("at", 0), tears=asked.get("tears", False))
        os.environ["TEXTWRIGHT_HOME"] = str(place / "home")
        os.environ["TMPDIR"] = str(place / "tmp")
        random.seed(asked.get("seed", 0))
        states = asked.get("states")
        verb.prepare()
        with verb.opened(place):
            os.write(tell, b"!")
            for i, step in enumerate(verb.steps):
                if i < asked.get("first", 0):
                    continue
                began = time.monotonic()
                with death.armed():
                    step(place)
                    shared.seconds += time.monotonic() - began
                    shared.n_done = i + 1
                    shared.publish()
                if states:
                    _copy(place, Path(states) / str(i + 1))
    except BaseException:  # noqa: BLE001  # told to the parent, whose test fails
        (place / "failed.txt").write_text(traceback.format_exc(), encoding="utf-8")
        os._exit(1)
    os._exit(0)


def _copy(place, to):
    with contextlib.closing(sqlite3.connect(place / "app" / "app.db")) as db:
        db.execute("PRAGMA wal_checkpoint(PASSIVE)")
    shutil.copytree(place, to, symlinks=True)


if __name__ == "__main__":
    main()
