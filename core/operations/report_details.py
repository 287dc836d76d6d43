"""The second half of a report: every concept, what goes wrong, what to mind, where it is from."""

from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version as version_of

from core.evaluation_words import highlights, missing_words, mix_ups
from core.files.report.document import (
    Chart,
    Column,
    Example,
    Examples,
    Facts,
    Paragraph,
    Part,
    Points,
    Section,
    Table,
    Tone,
    excerpt,
)
from core.i18n import N_, _, ngettext
from core.learning.settings import Setting
from core.operations.evaluation_needs import ENOUGH_TEXTS
from core.operations.evaluation_texts import EvaluatedText
from core.operations.report_charts import charts_of
from core.operations.report_material import Material, thresholds_in
from core.operations.report_sections import FEW_CONCEPTS, UNDEFINED, definitions, moment
from core.records import Method
from core.templates import shipped_template
from core.wording import counted_texts, decimal, number, percent

CHARTS = {
    "confusion": N_("What gets mixed up"),
    "together": N_("Which concepts occur together"),
    "roc": N_("Found against wrongly flagged"),
    "precision-recall": N_("Right against found"),
    "reliability": N_("Is it as sure as it is right?"),
    "histogram": N_("How sure it is"),
}
MATRICES = ("confusion", "together")
MOST_EXAMPLE = 400  # characters
MOST_NAMED, N_WEAKEST, N_PAIRS = 12, 5, 5


def concept_scores(material: Material) -> Section:
    """List the scores of every concept, the weakest first."""
    has_thresholds = len(set(thresholds_in(material.report).values())) > 1
    counted = (_("Texts"), _("Found"), _("Missed"), _("Wrong"))
    scored = (_("Precision"), _("Recall"), _("F1"), _("ROC AUC"))
    columns = [
        Column(_("Concept"), is_number=False, width=3.4),
        Column(_("No."), width=0.7),
        *(Column(title, width=1.1) for title in counted),
        *(Column(title, width=1.4) for title in scored),
    ]
    columns += [Column(_("From"))] if has_thresholds else []
    rows = []
    records = enumerate(material.report["concepts"], start=1)  # as the matrix counts them
    for place, record in sorted(records, key=lambda pair: pair[1]["f1"] or 0.0):
        counts = [number(place)]
        counts += [number(record[key]) for key in ("n_positive", "tp", "fn", "fp")]
        scores = [_hundred(record[key]) for key in ("precision", "recall", "f1", "roc_auc")]
        last = [_hundred(record["threshold"])] if has_thresholds else []
        rows.append((record["name"], *counts, *scores, *last))
    table = Table(_("Scores in per cent, the weakest first"), tuple(columns), tuple(rows))
    words = _(
        "Missed: texts of the concept that did not get it. Wrong: texts that got it and are of "
        "another concept. “–” is undefined: a concept that was never the answer has no precision, "
        "one without texts has no recall."
    )
    return Section(_("Concept by concept"), (table, Paragraph(words, Tone.QUIET)))


def _hundred(share: float | None) -> str:
    return UNDEFINED if share is None else decimal(share * 100)


def pictures(material: Material) -> list[Section]:
    """Show the matrix, the curves, and how much the stated probabilities are worth."""
    scenes = charts_of(material)
    first = [
        Section(_(CHARTS[name]), (Chart(scenes[name]),)) for name in MATRICES if name in scenes
    ]
    others = [
        Section(_(CHARTS[name]), (Chart(scene),), level=3)
        for name, scene in scenes.items()
        if name not in MATRICES
    ]
    if not others:
        return first
    words = _(
        "A concept counts from some probability on. The higher that is, the more answers are right "
        "and the fewer texts are found; the first two charts show how. The last two show whether "
        "it is as sure as it is right: where it says 80 per cent, about 80 of 100 should be right."
    )
    return [*first, Section(_("Behind the numbers"), (Paragraph(words),)), *others]


def weaknesses(material: Material) -> Section:
    """Name what the model is bad at, with the surest mistakes."""
    points = [*_weak(material), *_pairs(material)]
    parts: list[Part] = [Points(tuple(points))] if points else []
    if material.mistakes:
        parts.append(Paragraph(_("The mistakes that it was surest of:")))
        exclusive = bool(material.report["is_exclusive"])
        rows = (_example(one, is_exclusive=exclusive) for one in material.mistakes)
        parts.append(Examples(tuple(rows)))
    elif not points:
        parts.append(Paragraph(_("None was found on these texts.")))
    return Section(_("Known weaknesses"), tuple(parts))


def _weak(material: Material) -> Iterable[str]:
    worst = [one for one in highlights(material.report) if one.kind in ("missed", "wrong")]
    for one in worst[:N_WEAKEST]:
        yield _("“{name}”: {words}").format(name=one.concept, words=one.words)


def _pairs(material: Material) -> Iterable[str]:
    for pair in mix_ups(material.report)[:N_PAIRS]:
        words = ngettext(
            "{n} text of “{said}” was answered with “{answered}”.",
            "{n} texts of “{said}” were answered with “{answered}”.",
            pair.count,
        )
        yield words.format(n=number(pair.count), said=pair.person, answered=pair.model)


def _example(one: EvaluatedText, *, is_exclusive: bool) -> Example:
    if is_exclusive:
        best, share = one.best[0]
        words = (
            _("People said {said}; the model answered “{best}”, {share} sure.")
            if one.answered
            else _("People said {said}; the model left it open: “{best}” with {share}.")
        ).format(said=_quoted(one.said), best=best, share=percent(share))
    else:
        missed = [name for name in one.said if name not in one.answered]
        wrong = [name for name in one.answered if name not in one.said]
        words = _several(missed, wrong).format(
            said=_quoted(one.said), missed=_quoted(missed), wrong=_quoted(wrong)
        )
    return Example(excerpt(one.text, MOST_EXAMPLE) or _("(an empty text)"), words)


def _several(missed: list[str], wrong: list[str]) -> str:
    """Return the sentence on a text that may have several concepts."""
    if missed and wrong:
        return _("People said {said}; the model missed {missed} and wrongly gave {wrong}.")
    if missed:
        return _("People said {said}; the model missed {missed}.")
    return _("People said {said}; the model wrongly gave {wrong}.")


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names) or _("nothing")


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:MOST_NAMED])
    if len(names) <= MOST_NAMED:
        return shown
    return _("{names} and {n} more").format(names=shown, n=number(len(names) - MOST_NAMED))


def limits(material: Material) -> Section:
    """Say in plain sentences what the test cannot tell."""
    report = material.report
    points = [
        _(
            "The test tells how the model does on texts like these. Texts of another source, time "
            "or language may be harder for it."
        ),
        _("It takes as right what people said; where they erred or disagreed, it errs too."),
        _("Built-in readers of texts know English best; in other languages the wording counts."),
    ]
    if material.evaluation.method == Method.CROSS_VALIDATION:
        points.append(_("Models of the same recipe were tested, not the stored one itself."))
    rare = [r["name"] for r in report["concepts"] if 0 < r["n_positive"] < ENOUGH_TEXTS]
    if rare:
        words = _("Fewer than {texts} were tested, so their scores are rough: {names}.")
        points.append(words.format(texts=counted_texts(ENOUGH_TEXTS), names=_listed(rare)))
    points += missing_words(report)
    return Section(_("What this test cannot tell"), (Points(tuple(points)),))


def origin(material: Material, written: datetime, author: str) -> Section:
    """Say who wrote the report, when, with what, and by which settings the model learned."""
    facts = [(_("Written"), moment(written))]
    if author.strip():
        facts.append((_("By"), author.strip()))
    facts.append((_("With"), f"Textwright {version_of('textwright')}"))
    version = material.version
    chosen, template = version.settings, shipped_template(version.type, version.template)
    facts += [
        (_(setting.declaration.title), _value(setting, chosen[setting.name]))
        for setting in template.fields
        if setting.name in chosen
    ]
    parts: list[Part] = [Facts(tuple(facts))]
    if len(material.version.concepts) > FEW_CONCEPTS:
        parts.append(definitions(material))
    return Section(_("Where it is from"), tuple(parts))


def _value(setting: Setting, value: object) -> str:
    titles = dict(setting.declaration.choices)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or _("All")
    if isinstance(value, float):
        return f"{value:g}"
    words = str(value).replace("\n", "\\n") or UNDEFINED
    return _(titles[words]) if words in titles else words
