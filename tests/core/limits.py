"""Operations that run short of something, for worker processes: they are found by their name."""

import time
from pathlib import Path


def train_with_little_memory(room_bytes, app, request, job):
    """Train in a process that may take only so much more memory than it has."""
    import resource

    from core.learning import embedders, embedding_classifier  # noqa: F401  # loaded before
    from core.operations.train import train
    from tests.core.conftest import FakeEmbedder

    embedders.load = lambda _name: FakeEmbedder()
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + room_bytes, resource.RLIM_INFINITY))
    try:
        return train(app, request, job)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def ask_for_all_memory(_app, job):
    """Ask for more memory than any computer has."""
    job.report("Asking")
    return bytearray(1 << 60)


def count_slowly(job):
    """Count to fifty in two seconds."""
    for _i in job.track(range(50), "Counting"):
        time.sleep(0.04)
    return 50
