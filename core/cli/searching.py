"""Commands that search an app, sort its texts into topics, and draw their map."""

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from core import tables
from core.app_folder import AppFolder
from core.cli.inputs import DAY, KEYS, filter_by
from core.cli.terminal import Add, Answer, Arguments, UsageError, app_of, with_app
from core.i18n import _, ngettext
from core.jobs import Job
from core.operations.find_topics import TopicsRequest, find_topics
from core.operations.index_texts import IndexRequest, index_texts
from core.operations.keep_search import FreezeSearchRequest, frozen_search, keep_search
from core.operations.look_at_topics import LookRequest, TopicStand, look_at_topics
from core.operations.search_texts import Found, SearchRequest, SearchResult, search_texts
from core.storage.concepts import list_concepts
from core.storage.database import Database
from core.storage.datasets import get_dataset
from core.storage.filters import InputFilter
from core.storage.inputs import get_inputs
from core.storage.searches import (
    Meaning,
    Narrowed,
    Part,
    Predicted,
    SavedSearch,
    Search,
    Words,
    get_saved_search,
)
from core.wording import number, percent

LISTED = 20
LIMIT = "of the list; by meaning, also of what --freeze keeps"


def add_commands(add: Add) -> None:
    """Add them."""
    command = with_app(add("search", _run_search, "search by words, meaning, examples, concepts"))
    for name, about in (
        ("words", "words that the texts have"),
        ("not-words", "words that they do not have"),
        ("meaning", "a sentence that says the same"),
        ("like", "a text, or the key of one, that they are like"),
        ("unlike", "one that they are least like"),
    ):
        metavar = "W" if name.endswith("words") else "TEXT"
        command.add_argument(f"--{name}", metavar=metavar, action="append", default=[], help=about)
    command.add_argument("--concept", metavar="C", default="", help="that a model says of them")
    command.add_argument("--above", type=float, metavar="P", help="with this probability or more")
    command.add_argument("--below", type=float, metavar="P", help="with less than this")
    command.add_argument("--model", metavar="M[:N]", default="", help="the model, and its version")
    _add_filters(command)
    about = "what is left out"
    command.add_argument(
        "--not-filter", metavar="KEY=VALUE", action="append", default=[], help=about
    )
    command.add_argument("--limit", type=int, default=LISTED, metavar="N", help=LIMIT)
    command.add_argument("--saved", metavar="NAME", default="", help="a search that was kept")
    command.add_argument("--save", metavar="NAME", default="", help="keep the search")
    command.add_argument("--freeze", metavar="NAME", default="", help="make a dataset of the texts")
    command = with_app(add("clusters", _run_clusters, "sort the texts into topics"))
    command.add_argument("--number", type=int, default=0, metavar="K", help="else it is found")
    command.add_argument("--since", metavar="DAY", default="", help="compare what came in since")
    _add_filters(command)
    command = with_app(add("index", _run_index, "read the texts that cannot be searched yet"))
    command.add_argument("--embedder", metavar="NAME", default="", help="what reads from now on")


def _add_filters(command: ArgumentParser) -> None:
    command.add_argument("--dataset", metavar="NAME", default="", help="only its texts")
    keys = ", ".join(KEYS)
    command.add_argument("--filter", metavar="KEY=VALUE", action="append", default=[], help=keys)


def _run_search(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.database() as db:
        search = _search_of(db, arguments)
        frozen = get_saved_search(db, arguments.saved) if arguments.saved else None
    with app.locked():
        n_listed = max(1, arguments.limit)
        if frozen and frozen.is_frozen:
            found = _as_frozen(frozen)
        else:
            found = search_texts(app, SearchRequest(search, n_listed), job)
            if arguments.freeze and found.n_known > n_listed:
                found = search_texts(app, SearchRequest(search, found.n_known), job)
        told = _keep(app, arguments, search, found, job)
    result = replace(found, found=found.found[:n_listed])
    with app.database() as db:
        rows = list(_rows(db, result))
    value: dict[str, Any] = {"n": result.n_matching, "found": rows}
    if arguments.freeze:
        value["frozen"] = len(found.found)
    return Answer(value, "\n".join([_told(rows, result), *told]))


def _keep(
    app: AppFolder, arguments: Arguments, search: Search, found: SearchResult, job: Job
) -> list[str]:
    """Keep the search, and as a dataset all that it found; return what to say of it."""
    told = []
    if arguments.save:
        keep_search(app, SavedSearch(arguments.save, search), job)
        told.append(_("The search is kept as “{name}”.").format(name=arguments.save))
    if arguments.freeze:
        kept = FreezeSearchRequest(frozen_search(arguments.freeze, search, found))
        n = keep_search(app, kept, job).n_inputs
        words = ngettext(
            "{n} text is kept as the dataset “{name}”.",
            "{n} texts are kept as the dataset “{name}”.",
            n,
        )
        told.append(words.format(n=number(n), name=arguments.freeze))
    return told


def _search_of(db: Database, arguments: Arguments) -> Search:
    """Return what is searched for: the parts of a saved search, then those that were typed.

    Raises:
        SearchMissingError, FilterError, DatasetMissingError: one of them means nothing.
        UsageError: a concept without a model, or without a probability.
    """
    before = get_saved_search(db, arguments.saved).search.parts if arguments.saved else ()
    return Search((*before, *_parts(db, arguments)))


def _parts(db: Database, arguments: Arguments) -> Iterator[Part]:
    yield from (Words(words) for words in arguments.words)
    yield from (Words(words, is_negated=True) for words in arguments.not_words)
    yield from (Meaning(text) for text in arguments.meaning)
    yield from (_example(db, text, is_negated=False) for text in arguments.like)
    yield from (_example(db, text, is_negated=True) for text in arguments.unlike)
    if arguments.concept:
        yield _predicted(arguments)
    yield from _narrowing(db, arguments)
    for word in arguments.not_filter:
        yield Narrowed(filter_by(db, [word]), is_negated=True)


def _narrowing(db: Database, arguments: Arguments) -> Iterator[Narrowed]:
    """Yield what --dataset and --filter mean together."""
    if arguments.dataset or arguments.filter:
        dataset_id = get_dataset(db, arguments.dataset).id if arguments.dataset else 0
        yield Narrowed(filter_by(db, arguments.filter, dataset_id=dataset_id))


def _example(db: Database, text: str, *, is_negated: bool) -> Meaning:
    """Return an example: a text of the app where its key is given."""
    if text.isdecimal() and (known := get_inputs(db, [int(text)])):
        return Meaning(known[0].text, is_negated, known[0].id)
    return Meaning(text, is_negated)


def _predicted(arguments: Arguments) -> Predicted:
    is_below = arguments.above is None
    share = arguments.below if is_below else arguments.above
    if not arguments.model or share is None:
        raise UsageError(
            _("A concept is searched by what a model says of it."),
            next_step=_("Add --model M, and --above P or --below P."),
        )
    if not 0 <= share <= 1:
        raise UsageError(
            _("{value} is no probability.").format(value=f"{share:g}"),
            next_step=_("Give a number from 0 to 1."),
        )
    model, _sign, number = arguments.model.rpartition(":")
    if not number.isdecimal() or not model:
        model, number = arguments.model, "0"
    return Predicted(arguments.concept, share, model, int(number), is_negated=is_below)


def _as_frozen(saved: SavedSearch) -> SearchResult:
    scores = saved.scores or (None,) * len(saved.input_ids)
    found = tuple(Found(*both) for both in zip(saved.input_ids, scores, strict=True))
    return SearchResult(found, len(found))


def _rows(db: Database, result: SearchResult) -> Iterator[dict[str, Any]]:
    names = {concept.id: concept.name for concept in list_concepts(db)}
    inputs = {one.id: one for one in get_inputs(db, result.input_ids)}
    for one in result.found:
        if item := inputs.get(one.input_id):
            yield {
                "id": item.id,
                "score": one.score,
                "probability": one.probability,
                "text": item.text,
                "concepts": [names[key] for key in item.positive],
            }


def _told(rows: list[dict[str, Any]], result: SearchResult) -> str:
    if not rows:
        return _("No text matches.")
    heads, columns = [_("Id")], [[row["id"] for row in rows]]
    for key, head in (("score", _("Alike")), ("probability", _("Model"))):
        if any(row[key] is not None for row in rows):
            heads.append(head)
            columns.append([f"{row[key]:.2f}" for row in rows])
    heads += [_("Text"), _("Concepts")]
    columns += [[row["text"] for row in rows], [", ".join(row["concepts"]) for row in rows]]
    table = tables.table(tuple(heads), list(zip(*columns, strict=True)))
    if result.n_matching is None:
        words = ngettext("the best {n} text", "the best {n} texts", len(rows))
        return f"{table}\n\n{words.format(n=number(len(rows)))}"
    words = _("{shown} of {n} texts").format(shown=number(len(rows)), n=number(result.n_matching))
    return f"{table}\n\n{words}"


def _run_clusters(arguments: Arguments, job: Job) -> Answer:
    if arguments.since and not DAY.fullmatch(arguments.since):
        raise UsageError(
            _("“{word}” is no day.").format(word=arguments.since),
            next_step=_("Give it as 2026-11-21."),
        )
    app = app_of(arguments)
    with app.database() as db:
        found = [part.wanted for part in _narrowing(db, arguments)]
    with app.locked():
        find_topics(app, TopicsRequest(found[0] if found else InputFilter(), arguments.number), job)
        view = look_at_topics(app, LookRequest(arguments.since), job)
    stands = view.stands or ()
    value = {
        "inputs": view.n_inputs,
        "without_topic": view.n_without,
        "since": view.n_since,
        "topics": [_topic_value(one) for one in stands],
    }
    heads = [_("Number"), _("Topic"), _("Texts"), _("Share"), _("Concepts")]
    rows = [
        [
            one.topic.number,
            one.topic.name,
            number(one.n_inputs),
            percent(one.share),
            ", ".join(f"{name} {percent(share, 0)}" for name, share in one.concepts),
        ]
        for one in stands
    ]
    if arguments.since:
        heads += [_("Before"), _("Since")]
        for line, one in zip(rows, stands, strict=True):
            line += [percent(one.share_before), percent(one.share_since)]
    words = _("{n} of {all} texts belong to no topic.")
    rest = words.format(n=number(view.n_without), all=number(view.n_inputs))
    return Answer(value, f"{tables.table(tuple(heads), rows)}\n\n{rest}")


def _topic_value(one: TopicStand) -> dict[str, Any]:
    return {
        "number": one.topic.number,
        "name": one.topic.name,
        "words": list(one.topic.words),
        "inputs": one.n_inputs,
        "share": one.share,
        "typical": list(one.topic.typical),
        "concepts": dict(one.concepts),
        "labelled": one.n_labelled,
        "since": one.n_since,
        "share_since": one.share_since,
        "share_before": one.share_before,
    }


def _run_index(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.locked():
        result = index_texts(app, IndexRequest(arguments.embedder), job)
    words = ngettext("{n} text read by {name}", "{n} texts read by {name}", result.n_read)
    text = words.format(n=number(result.n_read), name=result.embedder)
    if not result.n_read:
        text = _("Every text has been read already: the search can begin")
    return Answer({"embedder": result.embedder, "read": result.n_read}, text)
