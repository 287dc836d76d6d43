"""How the seven steps stand, in one word and one sentence each."""

from dataclasses import dataclass

from core.i18n import _, ngettext
from core.records import TEXT_TO_TEXT
from core.storage.concepts import list_concepts
from core.storage.database import Database
from core.storage.evaluations import find_own_evaluation
from core.storage.filters import count_inputs, has_targets
from core.storage.models import list_model_versions
from core.templates import find_model_type
from desktop.session import Session
from desktop.widgets.rail import State, Step
from desktop.widgets.wording import concepts, number, percent, sentence, texts, time_left

ENOUGH_TEXTS = 50  # of a concept, to be learned well

STEP_SCREENS = ("app", "dataset", "concepts", "model_type", "settings", "train", "try_text")


@dataclass(frozen=True)
class Facts:
    """What the steps are told by the app: read when it changed, not at every progress."""

    n_inputs: int
    n_concepts: int
    n_few: int  # concepts with few texts
    has_model: bool
    right_share: float | None  # of the newest model
    newest_type: str = ""  # of model
    has_answers: bool = False  # texts have answers that are texts
    n_interrupted: int = 0  # trainings that can go on


def read_facts(db: Database, n_interrupted: int = 0) -> Facts:
    """Look at the app as it is now; how many trainings can go on its folder knows."""
    concepts_ = list_concepts(db)
    versions = list_model_versions(db)
    own = find_own_evaluation(db, versions[0].id) if versions else None
    return Facts(
        n_inputs=count_inputs(db),
        n_concepts=len(concepts_),
        n_few=sum(concept.n_positive < ENOUGH_TEXTS for concept in concepts_),
        has_model=bool(versions),
        right_share=own.report.get("top1_accuracy") if own else None,
        newest_type=versions[0].type if versions else "",
        has_answers=has_targets(db),
        n_interrupted=n_interrupted,
    )


def steps_of(session: Session, facts: Facts) -> list[Step]:
    """Return the steps of the open app as the rail shows them."""
    return [
        Step(_("App"), session.name, "done"),
        Step(_("Dataset"), texts(facts.n_inputs), "done" if facts.n_inputs else "later"),
        Step(_("Concepts"), *_concepts(session, facts)),
        Step(_("Model type"), *_model_type(session, facts)),
        Step(_("Settings"), *_settings(session, facts)),
        Step(_("Train"), *_train(session, facts)),
        Step(_("Try text"), *_try_text(facts)),
    ]


def first_screen(facts: Facts) -> str:
    """Return the step at which an app that is opened has something to do."""
    if facts.n_interrupted:
        return "train"
    if facts.has_model:
        return "try_text"
    if not facts.n_inputs:
        return "dataset"
    if facts.n_concepts:
        return "settings"
    return "model_type" if facts.has_answers else "concepts"


def _concepts(session: Session, facts: Facts) -> tuple[str, State]:
    writes = TEXT_TO_TEXT in (session.model_type, facts.newest_type)
    if facts.has_answers and (writes or not facts.n_concepts):
        return _("Not needed for answers"), "done"
    if not facts.n_concepts:
        if facts.n_inputs:
            return _("No concepts yet"), "needs"
        return _("After texts"), "later"
    if facts.n_few:
        note = ngettext("{n} needs more texts", "{n} need more texts", facts.n_few)
        return note.format(n=number(facts.n_few)), "needs"
    return concepts(facts.n_concepts), "done"


def _model_type(session: Session, facts: Facts) -> tuple[str, State]:
    type_ = session.model_type or facts.newest_type
    return (_(find_model_type(type_).title), "done") if type_ else (_("Not yet"), "later")


def _settings(session: Session, facts: Facts) -> tuple[str, State]:
    return (_("Chosen"), "done") if session.training or facts.has_model else (_("Not yet"), "later")


def _train(session: Session, facts: Facts) -> tuple[str, State]:
    if session.training and not session.training.task.is_over:
        return sentence(time_left(session.training.seconds_left)), "now"
    if facts.n_interrupted:
        return _("Interrupted; can go on"), "needs"
    if not facts.has_model:
        return _("Not yet"), "later"
    if facts.right_share is None:
        return _("Trained"), "done"
    return _("{share} right").format(share=percent(facts.right_share)), "done"


def _try_text(facts: Facts) -> tuple[str, State]:
    return (_("Ready"), "done") if facts.has_model else (_("After training"), "later")
