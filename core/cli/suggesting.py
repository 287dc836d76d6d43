"""The commands that help with labelling: what a model suggests, and which texts to label next."""

from collections.abc import Sequence
from dataclasses import asdict

from core import tables
from core.app_folder import AppFolder
from core.cli.inputs import filter_of, with_filter
from core.cli.terminal import Add, Answer, Arguments, app_of, with_app, with_model
from core.errors import UserError
from core.i18n import _, ngettext
from core.jobs import Job
from core.learning.bounds import Bounds
from core.operations.accept_suggestions import (
    AcceptResult,
    AcceptSuggestionsRequest,
    WithdrawRequest,
    accept_suggestions,
    standing,
    withdraw_accepted,
)
from core.operations.next_texts import (
    STRATEGIES,
    USUAL_SHARE,
    NextRequest,
    NextResult,
    next_texts,
)
from core.operations.suggest import NotAskedError, SuggestRequest, suggest, suggestions_in
from core.wording import number, percent

LISTED = 10


class OwnBoundsError(UserError):
    """The bounds of a concept were typed wrongly."""

    def __init__(self, word: str) -> None:
        super().__init__(
            _("“{word}” says no bounds.").format(word=word),
            next_step=_("Type CONCEPT=ACCEPT:REVIEW, as in refund=0.95:0.6."),
        )


def add_commands(add: Add) -> None:
    """Add them."""
    about = "ask a model about texts without a label, and accept what is likely enough"
    command = with_filter(with_model(add("suggest", _run_suggest, about)))
    command.add_argument(
        "--accept", type=float, metavar="P", help="make labels of what is at least so probable"
    )
    command.add_argument(
        "--review", type=float, metavar="P", help="a person reads what is at least so probable"
    )
    command.add_argument(
        "--own", action="append", default=[], metavar="CONCEPT=ACCEPT:REVIEW", help="of a concept"
    )
    what = command.add_mutually_exclusive_group()
    what.add_argument("--dry-run", action="store_true", help="only count")
    what.add_argument("--take-back", action="store_true", help="accepted labels that nobody read")
    _add_next(add)


def _add_next(add: Add) -> None:
    command = with_filter(with_app(add("next", _run_next, "say which texts to label next")))
    command.add_argument("--limit", type=int, default=LISTED, metavar="N")
    command.add_argument("--strategy", choices=STRATEGIES, default="mixed")
    command.add_argument(
        "--random-share", type=float, default=USUAL_SHARE, metavar="P", help="drawn by chance"
    )
    command.add_argument("--concept", default="", metavar="C", help="to be found")
    command.add_argument("--like", action="append", default=[], metavar="TEXT", help="an example")
    command.add_argument("--words", default="", metavar="W", help="that the concept goes by")
    command.add_argument("--model", default="", metavar="MODEL", help="that suggests concepts")


def _run_suggest(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.locked():
        if arguments.take_back:
            n = withdraw_accepted(app, WithdrawRequest(), job).n_inputs
            words = ngettext(
                "{n} text has no label any more", "{n} texts have no label any more", n
            )
            return Answer({"taken_back": n}, words.format(n=number(n)))
        with app.database() as db:
            wanted = filter_of(db, arguments)
        suggest(app, SuggestRequest(arguments.model, arguments.number, wanted), job)
        bounds = _bounds(app, arguments)
        is_dry = arguments.dry_run or arguments.accept is None
        result = accept_suggestions(app, AcceptSuggestionsRequest(bounds, is_dry), job)
        with app.database() as db:
            stands = standing(db)
    value = {
        "model": arguments.model,
        "is_dry": is_dry,
        "bounds": bounds.to_json(),
        "texts": asdict(result.texts),
        "concepts": {name: asdict(counts) for name, counts in result.concepts.items()},
        "review": stands.to_json(),
    }
    return Answer(value, _text(result, bounds, is_dry=is_dry))


def _bounds(app: AppFolder, arguments: Arguments) -> Bounds:
    """Return the bounds that were typed, and else those that the model's thresholds give."""
    with app.database() as db:
        found = suggestions_in(db)
    if found is None:
        raise NotAskedError
    usual = found.bounds
    accept = usual.accept if arguments.accept is None else arguments.accept
    review = min(usual.review, accept) if arguments.review is None else arguments.review
    is_typed = arguments.accept is not None or arguments.review is not None
    own = dict(map(_own, arguments.own)) if arguments.own or is_typed else usual.concepts
    return Bounds(accept, review, own)


def _own(word: str) -> tuple[str, tuple[float, float]]:
    concept, equals, pair = word.rpartition("=")
    accept, colon, review = pair.partition(":")
    try:
        found = float(accept), float(review)
    except ValueError:
        raise OwnBoundsError(word) from None
    if not (equals and colon and concept):
        raise OwnBoundsError(word)
    return concept, found


def _text(result: AcceptResult, bounds: Bounds, *, is_dry: bool) -> str:
    texts = result.texts
    accepted = _("would be accepted") if is_dry else _("accepted")
    lines = [
        f"{accepted}: {number(texts.n_accepted)} (≥ {percent(bounds.accept)})",
        _("to review: {n}").format(n=number(texts.n_to_review)) + f" (≥ {percent(bounds.review)})",
        _("left: {n}").format(n=number(texts.n_left)),
    ]
    heads = (_("Concept"), _("Accepted"), _("To review"), _("Left"))
    rows = [(name, n.n_accepted, n.n_to_review, n.n_left) for name, n in result.concepts.items()]
    return "\n".join(lines) + "\n\n" + tables.table(heads, rows)


def _run_next(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.database() as db:
        wanted = filter_of(db, arguments)
    request = NextRequest(
        wanted=wanted,
        strategy=arguments.strategy,
        random_share=arguments.random_share,
        n_texts=max(1, arguments.limit),
        concept=arguments.concept,
        like=tuple(arguments.like),
        words=arguments.words,
        model=arguments.model,
    )
    result = next_texts(app, request, job)
    value = asdict(result)
    del value["changes"]
    return Answer(value, _next_text(result))


def _next_text(result: NextResult) -> str:
    rows: list[Sequence[object]] = []
    for one in result.texts:
        best = one.predictions[0] if one.predictions else None
        said = f"{best.concept} {percent(best.probability)}" if best else ""
        rows.append((one.input_id, one.text, said, _("at random") if one.is_random else ""))
    listed = tables.table((_("Id"), _("Text"), _("Suggested"), _("Chosen")), rows)
    return f"{listed}\n\n{_shares(result)}" if result.shares else listed


def _shares(result: NextResult) -> str:
    words = ngettext(
        "By {n} text drawn at random:", "By {n} texts drawn at random:", result.n_drawn
    )
    rows = [
        (one.concept, percent(one.share), f"{percent(one.low)} – {percent(one.high)}")
        for one in result.shares
    ]
    heads = (_("Concept"), _("Share of all texts"), _("Lies between"))
    return f"{words.format(n=number(result.n_drawn))}\n\n{tables.table(heads, rows)}"
