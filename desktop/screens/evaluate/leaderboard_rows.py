"""What stands in a row of the leaderboard, in which order, and what may be ranked together."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import Any, Literal

from core.charts.scene import Cell, Table
from core.evaluation_words import method_words, source_words, split_words
from core.i18n import N_, _, ngettext
from core.learning.intervals import Estimate
from core.operations.leaderboard import LeaderboardRow
from desktop.widgets.sort_heads import known_first
from desktop.widgets.versions import version_name
from desktop.widgets.wording import counted_texts, decimal, moment, number, sentence, versioned

Kind = Literal["tick", "rank", "words", "count", "score", "moment"]
HUNDRED = 100


@dataclass(frozen=True)
class Column:
    """A column of the leaderboard.

    Attributes:
        key: what it holds.
        width: in pixels; 0 takes what is left.
        yields: the highest is left out first where room is short; 0 never.
    """

    key: str
    head: str
    kind: Kind
    width: int
    hint: str = ""
    yields: int = 0


COLUMNS = (
    Column("tick", "", "tick", 40),
    Column("model", N_("Model version"), "words", 0),
    Column("rank", N_("Rank"), "rank", 62, N_("By F1, among those checked on the same texts")),
    Column("how", N_("How"), "words", 166, N_("How, and texts learned from before"), yields=4),
    Column("right", N_("Right answers"), "score", 118, N_("Texts with exactly the right answer")),
    Column("f1", N_("F1"), "score", 150, N_("Precision and recall in one number")),
    Column("precision", N_("Precision"), "score", 88, N_("Of what was given, what is right"), 3),
    Column("recall", N_("Recall"), "score", 72, N_("Of what there is, what was found"), 2),
    Column("roc_auc", N_("ROC AUC"), "score", 88, N_("How well texts are told apart"), 5),
    Column("n_texts", N_("Texts"), "count", 70, N_("How many were checked"), yields=7),
    Column("trained", N_("Trained on"), "words", 150, yields=8),
    Column("when", N_("When"), "moment", 128, yields=6),
)
F1 = next(i for i, column in enumerate(COLUMNS) if column.key == "f1")
RIGHT_ANSWERS = next(i for i, column in enumerate(COLUMNS) if column.key == "right")


@dataclass(frozen=True)
class Group:
    """Evaluations on the same texts.

    Attributes:
        rows: in the order in which they are shown.
        ranks: of each; None where a score is undefined or there is nothing to be ranked among.
        kept_apart: the texts are those that a training kept apart.
    """

    rows: tuple[LeaderboardRow, ...]
    ranks: tuple[int | None, ...]
    kept_apart: bool

    @property
    def words(self) -> str:
        """On which texts: "Texts, version 3, all texts: 60 texts, 2 evaluations"."""
        one = self.rows[0]
        where = source_words(one.evaluation)
        if not one.evaluation.split:
            which = _("those kept apart in training") if self.kept_apart else split_words("")
            where = f"{where}, {which}"
        n = len(self.rows)
        counted = ngettext("{n} evaluation", "{n} evaluations", n).format(n=number(n))
        return _("{where}: {texts}, {evaluations}").format(
            where=where, texts=counted_texts(one.n_texts), evaluations=counted
        )


def grouped(
    rows: Sequence[LeaderboardRow], column: Column, own: Set[int], *, is_descending: bool
) -> tuple[Group, ...]:
    """Return the evaluations by their texts, largest group first, each in the order of a column.

    Groups keep their places however they are sorted: scores on different texts are not ranked.

    Args:
        rows: the evaluations.
        column: what they are sorted by within a group.
        own: the keys of those that trainings made.
        is_descending: the highest first.
    """
    by_texts: dict[int, list[LeaderboardRow]] = {}
    for row in sorted(rows, key=lambda row: -row.evaluation.id):
        by_texts.setdefault(row.same_texts, []).append(row)
    groups = sorted(by_texts.values(), key=lambda found: -len(found))
    return tuple(_group(found, column, own, is_descending=is_descending) for found in groups)


def _group(
    rows: list[LeaderboardRow], column: Column, own: Set[int], *, is_descending: bool
) -> Group:
    scores = sorted((v for row in rows if (v := row.scores["f1"].value) is not None), reverse=True)
    ranks = {
        row.evaluation.id: None
        if row.scores["f1"].value is None or len(rows) == 1
        else scores.index(row.scores["f1"].value) + 1
        for row in rows
    }
    shown = known_first(rows, lambda row: _sort_key(row, column), is_descending=is_descending)
    kept_apart = any(row.evaluation.id in own and not row.evaluation.n_folds for row in rows)
    return Group(tuple(shown), tuple(ranks[row.evaluation.id] for row in shown), kept_apart)


def _sort_key(row: LeaderboardRow, column: Column) -> Any:  # noqa: ANN401  # of one kind a column
    match column.kind:
        case "score":
            return row.scores[column.key].value
        case "rank":
            return row.scores["f1"].value and -row.scores["f1"].value
        case "count":
            return row.n_texts
        case "moment":
            return (row.created, row.evaluation.id)
    if column.key == "model":
        return (row.version.model.casefold(), row.version.number)
    return cell(row, None, column).casefold()


def cell(row: LeaderboardRow, rank: int | None, column: Column) -> str:
    """Return what stands in a cell; "–" for what is not known."""
    words: dict[str, Callable[[], str]] = {
        "tick": lambda: "",
        "model": lambda: version_name(row.version),
        "rank": lambda: number(rank) if rank else "–",
        "how": lambda: _how(row),
        "n_texts": lambda: number(row.n_texts),
        "trained": lambda: trained_words(row),
        "when": lambda: moment(row.created),
    }
    if column.kind != "score":
        return words[column.key]()
    return score_words(row.scores[column.key], has_interval=column.key == "f1")


def _how(row: LeaderboardRow) -> str:
    how = method_words(row.evaluation)
    if not row.n_seen:
        return how
    return _("{how}, {n} seen").format(how=how, n=number(row.n_seen))


def score_words(score: Estimate, *, has_interval: bool) -> str:
    """Return a score in points, with its interval where it is known and wanted."""
    if score.value is None:
        return "–"
    value = decimal(score.value * HUNDRED)
    if not has_interval or score.low is None or score.high is None:
        return value
    return f"{value} ({decimal(score.low * HUNDRED)}–{decimal(score.high * HUNDRED)})"


def trained_words(row: LeaderboardRow) -> str:
    """Return which dataset version a model learned from."""
    return versioned(*row.trained_on)


def everything(row: LeaderboardRow, rank: int | None) -> str:
    """Return a row in words, also what there is no room for."""
    lines = [
        version_name(row.version),
        sentence(source_words(row.evaluation)),
        *(f"{_(c.head)}: {cell(row, rank, c)}" for c in COLUMNS if c.key not in {"tick", "model"}),
    ]
    if row.n_seen:
        words = _("Learned from {n} of these texts: the scores flatter.")
        lines.append(words.format(n=number(row.n_seen)))
    return "\n".join(lines)


def table_of(groups: Sequence[Group]) -> Table:
    """Return all of it as values, for a file."""
    heads = (
        *(_("Rank"), _("Model"), _("Version"), _("Dataset"), _("Dataset version"), _("Split")),
        *(_("Other app"), _("How"), _("Texts"), _("Learned from"), _("Right answers"), _("F1")),
        *(_("F1, low"), _("F1, high"), _("Precision"), _("Recall"), _("ROC AUC")),
        *(_("Average precision"), _("Trained on"), _("When")),
    )
    lines = [
        _line(row, rank)
        for group in groups
        for row, rank in zip(group.rows, group.ranks, strict=True)
    ]
    return Table(heads, tuple(lines))


def _line(row: LeaderboardRow, rank: int | None) -> tuple[Cell, ...]:
    one, scores = row.evaluation, row.scores
    shown = ("precision", "recall", "roc_auc", "average_precision")
    return (
        *(rank, row.version.model, row.version.number, one.dataset, one.dataset_number, one.split),
        *(one.other_app, method_words(one), row.n_texts, row.n_seen, scores["right"].value),
        *(scores["f1"].value, scores["f1"].low, scores["f1"].high),
        *(scores[key].value for key in shown),
        *(trained_words(row), row.created.isoformat(timespec="minutes")),
    )
