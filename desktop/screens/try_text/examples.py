"""Short texts of the app to try, where nothing is typed yet."""

from core.storage.database import Database
from core.storage.inputs import get_inputs

LOOKED_AT, SHOWN = 200, 3
SHORTEST, LONGEST = 15, 90  # letters


def examples_of(db: Database) -> list[str]:
    """Return a few short texts of the app, of different concepts where there are some."""
    first = get_inputs(db, range(1, LOOKED_AT + 1))  # ids that are gone are left out
    fitting = [i for i in first if SHORTEST <= len(i.text) <= LONGEST and "\n" not in i.text]
    by_concept = {one.positive[:1]: one.text for one in reversed(fitting)}
    texts = dict.fromkeys([*reversed(by_concept.values()), *(one.text for one in fitting)])
    return list(texts)[:SHOWN]
