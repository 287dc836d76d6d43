"""Topics that texts were sorted into, run by run; the last ones are kept."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.storage.database import Database, insert, now
from core.storage.filters import InputFilter, filter_from

KEPT_RUNS = 5

Ids = NDArray[np.int64]
Numbers = NDArray[np.int32]


@dataclass(frozen=True)
class Topic:
    """A topic of a run.

    Attributes:
        number: by which it is known, in this run and in those that found it again.
        name: its first words, when it was found first.
        words: that set it apart, the strongest first.
        n_inputs: how many inputs it has.
        typical: inputs nearest to its middle.
    """

    number: int
    name: str
    words: tuple[str, ...]
    n_inputs: int
    typical: tuple[int, ...]


@dataclass(frozen=True)
class TopicRun:
    """How the inputs that matched a filter were sorted.

    Attributes:
        wanted: the filter. asked: the number of topics that was asked for; 0 for none.
        embedder: the identity of what read the texts. digest: of the texts.
        centres: (n_topics + 1, dim); the mean that was taken from the texts is the last row.
        input_ids: ascending. numbers: the topic of each; 0 for none.
    """

    wanted: InputFilter
    asked: int
    embedder: str
    digest: str
    silhouette: float
    topics: tuple[Topic, ...]
    centres: NDArray[np.float32]
    input_ids: Ids
    numbers: Numbers
    created: datetime | None = None

    def of(self, number: int) -> Ids:
        """Return the inputs of a topic, ascending; 0 for those of none."""
        found: Ids = self.input_ids[self.numbers == number]
        return found


def add_topic_run(db: Database, run: TopicRun) -> None:
    """Keep a run, and forget all but the last ones."""
    about = {
        "filter": {k: v for k, v in asdict(run.wanted).items() if v},
        "asked": run.asked,
        "digest": run.digest,
        "silhouette": run.silhouette,
    }
    insert(
        db,
        "topic_runs",
        created=now(),
        embedder=run.embedder,
        about=json.dumps(about),
        topics=json.dumps([asdict(topic) for topic in run.topics]),
        centres=run.centres.astype(np.float16).tobytes(),
        input_ids=run.input_ids.astype(np.int64).tobytes(),
        numbers=run.numbers.astype(np.int32).tobytes(),
    )
    db.execute(
        "DELETE FROM topic_runs WHERE id NOT IN "
        "(SELECT id FROM topic_runs ORDER BY id DESC LIMIT ?)",
        [KEPT_RUNS],
    )


def find_topic_run(db: Database) -> TopicRun | None:
    """Return the last run; None if texts were never sorted."""
    row = db.execute(
        "SELECT created, embedder, about, topics, centres, input_ids, numbers "
        "FROM topic_runs ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return _run_of(row) if row else None


def _run_of(row: tuple[Any, ...]) -> TopicRun:
    created, embedder, about, topics, centres, input_ids, numbers = row
    kept, listed = json.loads(about), json.loads(topics)
    return TopicRun(
        wanted=filter_from(kept["filter"]),
        asked=kept["asked"],
        embedder=embedder,
        digest=kept["digest"],
        silhouette=kept["silhouette"],
        topics=tuple(
            Topic(
                one["number"],
                one["name"],
                tuple(one["words"]),
                one["n_inputs"],
                tuple(one["typical"]),
            )
            for one in listed
        ),
        centres=np.frombuffer(centres, np.float16).astype(np.float32).reshape(len(listed) + 1, -1),
        input_ids=np.frombuffer(input_ids, np.int64),
        numbers=np.frombuffer(numbers, np.int32),
        created=datetime.fromisoformat(created),
    )
