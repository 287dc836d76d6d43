"""Which texts to label next, and what a model that learned from the labels so far says of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.operations.pool import Pool, read_pool
from core.operations.suggest import LookAheadRequest, look_ahead, predictions_of
from core.records import Prediction
from core.storage.concepts import list_concepts
from core.storage.filters import InputFilter
from core.wording import percent

if TYPE_CHECKING:
    from core.learning.strategies import Choice

Strategy = Literal["mixed", "uncertain", "diverse", "rare", "random"]
STRATEGIES: tuple[Strategy, ...] = ("mixed", "uncertain", "diverse", "rare", "random")
USUAL_SHARE = 0.2
MOST_ASKED = 1_000  # texts at once
ENOUGH_DRAWN = 10  # texts, below which an estimate says next to nothing
WITHOUT_LABEL = InputFilter(labelling="unlabelled")


class RandomShareError(UserError):
    """No such share of texts can be drawn at random."""

    def __init__(self) -> None:
        super().__init__(
            _("This share of texts cannot be chosen at random."),
            next_step=_("Choose {low} to {high}.").format(low=percent(0), high=percent(1)),
        )


class NoTextsToChooseError(UserError):
    """No text is without an answer."""

    def __init__(self) -> None:
        super().__init__(
            _("Every one of these texts has a label or an answer."),
            next_step=_("Add texts without labels, or choose other texts."),
        )


class NoExampleError(UserError):
    """A concept is to be found that nothing is known of."""

    def __init__(self, concept: str) -> None:
        super().__init__(
            _("Nothing is known of “{concept}” yet.").format(concept=concept),
            next_step=_("Give an example of it or a few words, or label one text with it."),
        )


@dataclass(frozen=True)
class NextRequest:
    """Which texts to choose from, and how.

    Attributes:
        wanted: the texts to choose from, of which those without an answer count.
        strategy: "mixed" first looks at every kind of text and then asks what the model is
            unsure of, each for another reason; the others do one thing alone.
        random_share: of the texts, drawn by nothing but chance; the shares of the concepts are
            estimated from these.
        n_texts: how many.
        concept: to be found, if any; then the likeliest texts come first and none at random.
        like: texts about it. words: that it goes by.
        model: whose suggestions are shown; "" for what was learned from the labels so far.
        number: its version; 0 means the newest.
        embedder: that reads the texts.
        seed: of what is drawn.
    """

    wanted: InputFilter = WITHOUT_LABEL
    strategy: Strategy = "mixed"
    random_share: float = USUAL_SHARE
    n_texts: int = 40
    concept: str = ""
    like: tuple[str, ...] = ()
    words: str = ""
    model: str = ""
    number: int = 0
    embedder: str = "accurate"
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be chosen, before anything starts."""
        if not 0 <= self.random_share <= 1:
            raise RandomShareError


@dataclass(frozen=True)
class NextText:
    """One text to label.

    Attributes:
        is_random: drawn by chance, and so one of those that estimates stand on.
        predictions: the likeliest concepts, the best first; empty where nothing is known yet.
    """

    input_id: int
    text: str
    is_random: bool
    predictions: tuple[Prediction, ...] = ()


@dataclass(frozen=True)
class ShareEstimate:
    """How many of all texts carry a concept, by those drawn at random.

    Attributes:
        share: of the drawn texts. low, high: where the share of all texts lies, 95 times in 100.
    """

    concept: str
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class NextResult:
    """The texts to label next, the best first.

    Attributes:
        n_learned: labelled texts that the model learned from; 0 while there are too few.
        n_open: texts without an answer. n_drawn: answered texts that are a random sample of all.
        shares: of the concepts among all texts, the largest first; empty while the sample is so
            small that they would say nothing.
        is_exclusive: whether suggestions are one concept a text.
    """

    texts: tuple[NextText, ...]
    n_learned: int
    n_open: int
    n_drawn: int = 0
    shares: tuple[ShareEstimate, ...] = ()
    is_exclusive: bool = True
    changes: Changes = Changes.NOTHING


def next_texts(app: AppFolder, request: NextRequest, job: Job) -> NextResult:
    """Return the texts to label next; nothing is kept but what was read of the texts.

    Learning takes a second for a few hundred labels; before, every text has to be read once.

    Raises:
        NoTextsToChooseError: no text is without an answer.
        ConceptMissingError, NoExampleError: there is nothing to find the concept by.
        ModelMissingError: there is no such model.
    """
    job.report(_("Looking for the texts"))
    with app.database() as db:
        pool = read_pool(app, db, request.wanted, request.embedder, job)
        names = {concept.id: concept.name for concept in list_concepts(db)}
    if not pool.open.any():
        raise NoTextsToChooseError
    if request.concept:
        return _seeking(request, pool, names, job)
    choice, concept_ids = _choose(request, pool, job)
    places = _placed(request, pool, choice)
    found = _result(pool, places, choice, [names[key] for key in concept_ids])
    if request.model:
        found = _with_model(app, request, found, job)
    n_drawn, shares = _estimated(pool, names)
    return replace(found, n_drawn=n_drawn, shares=shares)


def _choose(request: NextRequest, pool: Pool, job: Job) -> tuple["Choice", Sequence[int]]:
    """Choose by the strategy; return the concepts that the model knows beside it."""
    from core.learning.embedding_classifier.steering import Labels
    from core.learning.strategies import choose  # scipy

    job.report(_("Learning"))
    concept_ids, targets = pool.targets()
    labels = Labels(pool.rows, targets, pool.is_exclusive, closed=np.flatnonzero(~pool.open))
    rng = np.random.default_rng([request.seed, len(pool.rows)])
    n = min(request.n_texts, MOST_ASKED)
    choice = choose(request.strategy, pool.features, labels, n, rng, job)
    known = [] if choice.concepts is None else [concept_ids[i] for i in choice.concepts]
    return choice, known


def _placed(request: NextRequest, pool: Pool, choice: "Choice") -> list[tuple[int, bool]]:
    """Return places of the pool, each with whether it was drawn at random."""
    from core.learning.sampling import mixed

    n, drawn = min(request.n_texts, MOST_ASKED), pool.drawn()
    share = 1.0 if request.strategy == "random" else request.random_share
    left_to_chance = {*drawn[: int(n * share)]}
    chosen = [int(i) for i in choice.places if int(i) not in left_to_chance]
    return mixed(chosen, drawn, share, n)


def _result(
    pool: Pool, places: Sequence[tuple[int, bool]], choice: "Choice", concepts: Sequence[str]
) -> NextResult:
    rows = [place for place, _is_random in places]
    keys = pool.input_ids[rows].tolist()
    said = {}
    if choice.probabilities is not None:
        said = predictions_of(keys, choice.probabilities[rows], concepts)
    texts = tuple(
        NextText(key, pool.texts[place], is_random, said.get(key, ()))
        for key, (place, is_random) in zip(keys, places, strict=True)
    )
    n_learned = len(pool.rows) if choice.model is not None else 0
    return NextResult(texts, n_learned, pool.n_open, is_exclusive=pool.is_exclusive)


def _with_model(app: AppFolder, request: NextRequest, found: NextResult, job: Job) -> NextResult:
    """Let a trained model say what it thinks of the chosen texts."""
    keys = tuple(one.input_id for one in found.texts)
    said = look_ahead(app, LookAheadRequest(keys, request.model, request.number), job)
    texts = (replace(t, predictions=said.predictions.get(t.input_id, ())) for t in found.texts)
    return replace(found, texts=tuple(texts), is_exclusive=said.is_exclusive)


def _seeking(request: NextRequest, pool: Pool, names: dict[int, str], job: Job) -> NextResult:
    """Return the texts that are likeliest about one concept."""
    from core.learning.embedding_classifier.steering import Labels
    from core.learning.sampling import fused
    from core.learning.strategies import seek

    is_it = pool.carries(request.concept, names)
    if not (is_it.any() or request.like or request.words.strip()):
        raise NoExampleError(request.concept)
    alike = fused(
        pool.likeness(request.like, is_it, request.embedder, job), pool.hits(request.words)
    )
    job.report(_("Learning"))
    targets, closed = is_it.astype(np.int8)[:, None], np.flatnonzero(~pool.open)
    labels = Labels(pool.rows, targets, is_exclusive=False, closed=closed)
    rng = np.random.default_rng([request.seed, len(pool.rows)])
    sought = seek(pool.features, labels, alike, rng, job)
    rows = sought.places[: min(request.n_texts, MOST_ASKED)].tolist()
    said = sought.probabilities
    texts = tuple(
        NextText(
            int(pool.input_ids[place]),
            pool.texts[place],
            is_random=False,
            predictions=() if said is None else (Prediction(request.concept, float(said[place])),),
        )
        for place in rows
    )
    n_learned = len(pool.rows) if said is not None else 0
    return NextResult(texts, n_learned, pool.n_open, is_exclusive=False)


def _estimated(pool: Pool, names: dict[int, str]) -> tuple[int, tuple[ShareEstimate, ...]]:
    """Return how many texts are a random sample, and the shares of the concepts among them."""
    from core.learning.intervals import wilson

    n_drawn, counts = pool.sampled()
    if n_drawn < ENOUGH_DRAWN:
        return n_drawn, ()
    shares = []
    for key, n in counts.items():
        low, high = wilson(n / n_drawn, n_drawn).tolist()
        shares.append(ShareEstimate(names[key], n / n_drawn, max(0.0, low), min(1.0, high)))
    shares.sort(key=lambda one: -one.share)
    return n_drawn, tuple(shares)
