"""Every write of every verb fails once: it is said, nothing is lost, and later it works."""

import random
import shutil
import tempfile

import pytest

from core.errors import UserError
from core.learning import embedders
from core.operations.empty_bin import TracesStayError
from tests.core.conftest import FakeEmbedder
from tests.core.failing_writes import KINDS, Faults, failing
from tests.core.faults import BUT_VERSIONS
from tests.core.verbs_that_write import MODEL_VERBS, VERBS, Place

SMALL = {  # so that little data is much
    "core.operations.import_texts.BATCH": 20,
    "core.operations.import_texts.BULK_IMPORT": 10,
    "core.operations.annotate.BULK": 5,
    "core.operations.edit_inputs.BULK": 5,
    "core.operations.parts.PART": 4,
}
ALL = VERBS | MODEL_VERBS
MAY_STAY = {"train": BUT_VERSIONS, "predict a file": ("predicted_files",)}
SAMPLE = ("import", "label", "delete", "train", "export the app", "back up", "go back", "merge")
MANY = 25  # writes, of which every second has a fault of a moment
REMEMBERED = ("home/preferences.json",)
BEGUN = ("files/.out.csv.journal", "files/.out.csv.predicting")  # it can go on with these


@pytest.fixture(scope="module")
def all_trials(tmp_path_factory):
    """Return what tries the verbs with faults."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedders, "load", lambda _name: FakeEmbedder())
        yield _trials(patch, tmp_path_factory.mktemp("faults") / "place")


@pytest.fixture(scope="module")
def all_model_trials(tmp_path_factory):
    """The same with a tiny base model whose weights are read."""
    with pytest.MonkeyPatch.context() as patch:
        yield _trials(patch, tmp_path_factory.mktemp("faults") / "place", has_base=True)


def _trials(patch, root, **words):
    patch.setenv("TEXTWRIGHT_HOME", str(root / "home"))
    (root / "tmp").mkdir(parents=True)
    patch.setattr(tempfile, "tempdir", str(root / "tmp"))
    for name, value in SMALL.items():
        patch.setattr(name, value)
    return Trials(Place(root).make(**words))


@pytest.fixture
def trials(all_trials, home, monkeypatch):
    monkeypatch.setenv("TEXTWRIGHT_HOME", str(all_trials.place.root / "home"))
    return all_trials


@pytest.fixture
def model_trials(all_model_trials, home, monkeypatch):
    monkeypatch.setenv("TEXTWRIGHT_HOME", str(all_model_trials.place.root / "home"))
    return all_model_trials


class Trials:
    """Tries verbs on a place that is put back after each."""

    def __init__(self, place):
        self.place = place
        self.store = place.root.with_name("store")
        shutil.copytree(place.root, self.store)
        self.before = self.fresh().told()

    def fresh(self):
        """Put the place back to how it was."""
        shutil.rmtree(self.place.root)
        shutil.copytree(self.store, self.place.root)
        return self.place

    def count(self, name):
        """Do a verb without faults; return its number of writes, and what is there then."""
        place = self.fresh()
        with failing(Faults(place.root)) as faults:
            ALL[name](place)
        return faults.n, place.told()

    def run(self, name, faults, after):
        """Do a verb with a fault; return what was lost or left, "" where all is well."""
        place = self.fresh()
        error = None
        with failing(faults):
            try:
                ALL[name](place)
            except UserError as raised:
                error = raised
        if error is not None and not (str(error).endswith(".") and error.next_step.endswith(".")):
            return f"it was not said in sentences: {error} {error.next_step}"
        with place.app.locked():
            pass
        is_done = error is None or isinstance(error, TracesStayError)  # which says what is left
        expected = after if is_done else self.before
        wrong = self._differences(name, place.told(), expected)
        if wrong or is_done:
            return wrong
        place.n_backups()
        ALL[name](place)
        again = self._differences(name, place.told(), after, n_rows)
        return again and f"it does not work again\n{again}"

    def _differences(self, name, found, expected, told=lambda rows: rows):
        """Return what differs; after a second try keys have gone up, and only counts are equal."""
        found, expected = (x | {"files": _counted(name, x["files"])} for x in (found, expected))
        return "".join(
            f"{key}: {told(found[key])} instead of {told(expected[key])}\n"
            for key in expected
            if key not in MAY_STAY.get(name, ()) and told(found[key]) != told(expected[key])
        )


def _counted(name, files):
    """Return the files that count: not what a verb remembers beside its work, or goes on with."""
    besides = {"predict a file": BEGUN, "save preferences": ()}.get(name, REMEMBERED)
    return [file for file in files if file not in besides]


def n_rows(rows):
    return rows if isinstance(rows, list) else rows.count("), (")


def points(n):
    """Return every write: with a disk that is full from there on, and with a fault of a moment."""
    kinds, step = tuple(KINDS), 1 if n < MANY else 2
    lasting = [(at, "room", True) for at in range(1, n + 1)]
    return lasting + [(at, kinds[at % len(kinds)], False) for at in range(1, n + 1, step)]


def try_all(trials, name, tell, chosen=None):
    n, after = trials.count(name)
    lost = []
    tried = [chosen.choice(points(n))] if chosen else points(n)
    for at, kind, lasts in tried:
        faults = Faults(trials.place.root, at, kind, lasts=lasts)
        if wrong := trials.run(name, faults, after):
            lost.append(f"write {at} of {n} ({kind}, lasts: {lasts}), {faults.where}\n{wrong}")
    tell(f"{name}: {n} writes, {len(tried)} faults tried, losses: {len(lost)}")
    if lost:
        pytest.fail("\n".join(lost), pytrace=False)


@pytest.mark.parametrize("name", SAMPLE)
def test_a_write_that_fails_loses_nothing(trials, name, tell):
    try_all(trials, name, tell, random.Random(f"555 {name}"))


@pytest.mark.slow
@pytest.mark.parametrize("name", VERBS)
def test_whichever_write_fails_nothing_is_lost(trials, name, tell):
    try_all(trials, name, tell)


@pytest.mark.slow
@pytest.mark.parametrize("name", MODEL_VERBS)
def test_whichever_write_of_a_model_fails_nothing_is_lost(model_trials, name, tell):
    try_all(model_trials, name, tell)
