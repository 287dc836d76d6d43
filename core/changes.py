"""Which parts of an app an operation touched."""

from enum import Flag, auto


class Changes(Flag):
    """What changed, so that every screen that shows it looks again."""

    NOTHING = 0
    APP = auto()
    INPUTS = auto()
    CONCEPTS = auto()
    ANNOTATIONS = auto()
    DATASETS = auto()
    MODELS = auto()
    JOBS = auto()
    SUGGESTIONS = auto()
    WORKFLOWS = auto()
    BACKUPS = auto()
