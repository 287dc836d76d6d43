"""How the training of a model version went: the points of its curves, and what it tried."""

import json
from dataclasses import dataclass

from core.jobs import Measure, Trial
from core.storage.database import Database


@dataclass(frozen=True)
class Course:
    """What a training measured and tried while it learned, oldest first."""

    measures: tuple[Measure, ...] = ()
    trials: tuple[Trial, ...] = ()


def add_course(db: Database, model_version_id: int, course: Course) -> None:
    """Keep how the training of a version went; nothing is kept where nothing was measured."""
    if course == Course():
        return
    db.execute(
        "INSERT INTO training_courses (model_version_id, measures, trials) VALUES (?, ?, ?)",
        [
            model_version_id,
            json.dumps([(one.series, one.step, one.value) for one in course.measures]),
            json.dumps([(one.name, one.score) for one in course.trials], ensure_ascii=False),
        ],
    )


def find_course(db: Database, model_version_id: int) -> Course:
    """Return how the training of a version went; an empty one where nothing is known of it."""
    row = db.execute(
        "SELECT measures, trials FROM training_courses WHERE model_version_id = ?",
        [model_version_id],
    ).fetchone()
    if row is None:
        return Course()
    measures, trials = map(json.loads, row)
    return Course(
        tuple(Measure(*one) for one in measures),
        tuple(Trial(*one) for one in trials),
    )
