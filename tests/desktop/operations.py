"""Small operations that a real worker process can import."""

import os
import signal
import time

from core.errors import UserError


def add(one, other, job):
    job.report("Adding", 1, 2)
    job.note("a line for the log")
    job.tried("candidate", 0.5)
    return one + other


def refuse(job):
    raise UserError("It cannot be done.", next_step="Do something else.")


def break_down(job):
    raise ZeroDivisionError("a mistake of ours")


def count_forever(job):
    while True:
        job.report("Counting")
        time.sleep(0.01)  # so that the pipe is not flooded


def never_report(job):
    while True:
        time.sleep(0.1)


def die(job):
    job.report("Dying")
    os.kill(os.getpid(), signal.SIGKILL)


def crash(job):
    import faulthandler

    job.report("Crashing")
    faulthandler._sigsegv()


def says_what_is_loaded(job):
    import sys

    return sorted({name.partition(".")[0] for name in sys.modules} & {"PySide6", "torch"})
