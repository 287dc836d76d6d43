"""The first half of a report: what the model is for, how good it is, and how that was found."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.charts.axes import scale_start
from core.evaluation_words import (
    headline,
    lead,
    split_words,
    warnings,
    why_unknown,
    without_learned,
)
from core.files.report.document import (
    Column,
    Facts,
    Figure,
    Figures,
    Paragraph,
    Part,
    Section,
    Table,
    Tone,
    excerpt,
)
from core.i18n import N_, _
from core.learning.decisions import thresholds_of
from core.operations.report_material import Material, thresholds_in
from core.records import Method
from core.wording import concepts, counted_texts, interval_words, number, percent, sentence

FEW_CONCEPTS = 12  # whose definitions stand on the first page
MOST_DEFINITION = 600  # characters
UNDEFINED = "–"
SAME = 1e-6  # between probabilities from which on a concept counts
MACRO = (  # title, what it tells, key of a report; the weighted one is named alike
    (N_("Precision"), N_("Of what the model gave a concept, how much is right"), "precision"),
    (N_("Recall"), N_("Of the texts of a concept, how many are found"), "recall"),
    (N_("F1"), N_("Precision and recall in one number"), "f1_score"),
    (
        N_("ROC AUC"),
        N_("How well texts of a concept come before all others; 50 is chance"),
        "roc_auc",
    ),
    (N_("Average precision"), N_("Precision over all recalls"), "average_precision"),
)


def moment(when: datetime) -> str:
    """Return a date and a time of this computer that everybody reads the same way."""
    return f"{when.astimezone():%Y-%m-%d %H:%M}"


def score(report: Mapping[str, Any], key: str) -> str:
    """Return a score in per cent, or a sign where it is undefined."""
    value = report.get(key)
    return UNDEFINED if value is None else percent(value)


def interval(report: Mapping[str, Any], key: str) -> str:
    """Return the interval of a score in words, or why there is none."""
    low, high = report.get(f"{key}_low"), report.get(f"{key}_high")
    if low is None or high is None:
        return why_unknown(report, key)
    return interval_words(low, high)


def purpose(material: Material) -> Section:
    """Say what the model is for."""
    version = material.version
    answers = (
        _("One of {concepts} for each text")
        if material.report["is_exclusive"]
        else _("Any of {concepts} for each text, or none")
    )
    facts = Facts(
        (
            (_("App"), material.app_name),
            (_("Model"), _("{name}, version {n}").format(name=version.model, n=version.number)),
            (_("Answers"), answers.format(concepts=concepts(len(version.concepts)))),
            (_("Trained"), moment(version.created)),
        )
    )
    words = _("The concepts are listed at the end.")
    is_short = len(version.concepts) <= FEW_CONCEPTS
    meant = definitions(material) if is_short else Paragraph(words)
    return Section(_("What the model is for"), (facts, meant))


def definitions(material: Material) -> Table | Paragraph:
    """Return the concepts with what people agreed that they mean, or their names alone."""
    kept = {
        concept.name: excerpt(concept.definition, MOST_DEFINITION) for concept in material.concepts
    }
    names = material.version.concepts
    if not any(kept.values()):
        listed = ", ".join(f"“{name}”" for name in names)
        words = _("Nobody has written down what the concepts mean. They are: {names}.")
        return Paragraph(words.format(names=listed))
    columns = (
        Column(_("Concept"), is_number=False, width=2),
        Column(_("Definition"), is_number=False, width=5),
    )
    rows = tuple((name, kept.get(name) or UNDEFINED) for name in names)
    return Table(_("The concepts, as people defined them"), columns, rows)


def summary(material: Material, note: str) -> Section:
    """Say in a few sentences how good the model is."""
    parts = [
        Paragraph(headline(material.report), Tone.LEAD),
        Paragraph(lead(material.evaluation)),
        *(Paragraph(words, Tone.WARNING) for words in cautions(material)),
    ]
    if note.strip():
        parts.append(Paragraph(note.strip()))
    return Section(_("In short"), tuple(parts))


def cautions(material: Material) -> list[str]:
    """Return what keeps the numbers from saying what one may think they say."""
    found = warnings(material.report)
    if material.is_stale:
        found.append(_("The texts or their labels have changed since; evaluate again."))
    if material.version.thresholds.concepts and _are_thresholds_others(material):
        found.append(_("The model decides by other probabilities since; evaluate again."))
    return found


def _are_thresholds_others(material: Material) -> bool:
    told = thresholds_in(material.report)
    now = thresholds_of(
        tuple(told), material.version.thresholds.concepts, is_exclusive=_is_exclusive(material)
    )
    return bool((abs(now - list(told.values())) > SAME).any())


def _is_exclusive(material: Material) -> bool:
    return bool(material.report["is_exclusive"])


def quality(material: Material) -> Section:
    """Give the scores with their intervals."""
    report = material.report
    first = _("Right answers") if _is_exclusive(material) else _("All concepts right")
    rows = [_figure(report, first, "top1_accuracy")]
    rows += [_figure(report, _(title), f"macro_avg_{key}") for title, _tells, key in MACRO]
    parts: list[Part] = [
        _figures(rows),
        Paragraph(
            _(
                "An interval says how far a score could be off because the test is only so large: "
                "of 100 such intervals, about 95 hold the score of endlessly many such texts. "
                "All scores but the first are means in which every concept counts alike."
            ),
            Tone.QUIET,
        ),
    ]
    if "weighted_avg_precision" in report:
        parts.append(_means(report))
    return Section(_("Is it good enough?"), tuple(parts))


def _figures(rows: list[Figure]) -> Figures:
    lows = [row.low for row in rows if row.low is not None]
    return Figures(tuple(rows), scale_start(min(lows, default=0.0)))


def _figure(report: Mapping[str, Any], name: str, key: str) -> Figure:
    return Figure(
        name=name,
        value=score(report, key),
        interval=interval(report, key),
        share=report.get(key),
        low=report.get(f"{key}_low"),
        high=report.get(f"{key}_high"),
    )


def _means(report: Mapping[str, Any]) -> Table:
    columns = (
        Column(_("Score"), is_number=False, width=1.6),
        Column(_("What it tells"), is_number=False, width=4),
        Column(_("Every concept alike"), width=1.3),
        Column(_("By number of texts"), width=1.3),
    )
    rows = tuple(
        (
            _(title),
            _(tells),
            score(report, f"macro_avg_{key}"),
            score(report, f"weighted_avg_{key}"),
        )
        for title, tells, key in MACRO
    )
    return Table(_("The same scores where concepts with more texts count more"), columns, rows)


def decisions(material: Material) -> Section | None:
    """Say what deciding automatically means, where somebody chose from where on."""
    report, told = material.report, thresholds_in(material.report)
    usual = thresholds_of(tuple(told), {}, is_exclusive=_is_exclusive(material))
    if not told or not (abs(usual - list(told.values())) > SAME).any():
        return None
    parts: list[Part] = [
        Paragraph(
            _(
                "The model answers only where it is sure enough; all other texts are left to "
                "people. The table of concepts says from which probability on each of them counts."
            )
        ),
        _figures(
            [
                _figure(report, _("Decided automatically"), "decided_share"),
                _figure(report, _("Right among these"), "decided_right"),
            ]
        ),
    ]
    tolerated = material.version.thresholds.tolerated_share
    if tolerated is not None:
        words = _("The probabilities were chosen so that at most {share} of these are wrong.")
        parts.append(Paragraph(words.format(share=percent(tolerated))))
    return Section(_("What is decided automatically"), tuple(parts), level=3)


def test(material: Material) -> Section:
    """Say how the scores were found."""
    return Section(
        _("How it was tested"), (Paragraph(_method(material)), Facts(tuple(_test_facts(material))))
    )


def _method(material: Material) -> str:
    if material.evaluation.method == Method.CROSS_VALIDATION:
        return _(
            "By cross-validation: the texts were dealt into {n} parts, and each part was answered "
            "by a model of the same recipe that had learned from the other parts only. The stored "
            "model, which learned from all of them, should be about as good."
        ).format(n=number(material.evaluation.n_folds))
    if material.evaluation.method == Method.HELD_OUT:
        if material.version.is_writer:
            return _(
                "A part of the texts was kept apart while the model learned; the model then "
                "answered them."
            )
        return _(
            "A part of the texts was kept apart while the model learned, every concept by its "
            "share; the model then answered them."
        )
    return _(
        "The stored model itself answered texts whose right answers people had given before; "
        "nothing of it was changed for the test."
    )


def _test_facts(material: Material) -> list[tuple[str, str]]:
    evaluation, report = material.evaluation, material.report
    dataset = _("“{name}”, version {n}").format(
        name=evaluation.dataset, n=evaluation.dataset_number
    )
    facts = [(_("Dataset"), dataset)]
    if evaluation.other_app:
        facts.append((_("Of another app"), evaluation.other_app))
    is_apart = evaluation.method == Method.HELD_OUT and not evaluation.split
    part = _("kept apart") if is_apart else split_words(evaluation.split)
    facts.append((_("Part of it"), sentence(part)))
    facts.append((_("Texts tested"), number(report["n_texts"])))
    if "n_left_out" in report:
        facts.append((_("Left out"), number(report["n_left_out"])))
    if material.tested:
        facts.append((_("Frozen"), moment(material.tested.frozen)))
        facts.append((_("Content, SHA-256"), material.tested.content_hash))
    else:
        facts.append((_("Content"), _("The other app is not there any more.")))
    facts.append((_("Tested"), moment(evaluation.created)))
    if "seed" in report:
        facts.append((_("Seed"), str(report["seed"])))
    return facts


def seen(material: Material) -> Section | None:
    """Compare the scores with those of the texts that the model had not seen."""
    report = material.report
    if "n_nearly_seen" not in report:  # an older program did not look
        return None
    title = _("With and without texts it had seen")
    n_seen, n_nearly = report["n_seen"], report["n_nearly_seen"]
    if not n_seen and not n_nearly:
        words = _("None of the texts is among those that the model learned from, not even nearly.")
        return Section(title, (Paragraph(words),), level=3)
    words = _("Of {texts}, the model had learned from {seen} word for word, from {nearly} nearly.")
    told = Paragraph(
        words.format(
            texts=counted_texts(report["n_texts"]), seen=number(n_seen), nearly=number(n_nearly)
        )
    )
    columns = (
        Column(_("Texts"), is_number=False, width=2.8),
        Column(_("How many"), width=1),
        Column(_("Right answers"), width=1.2),
        Column(_("How sure that is"), is_number=False, width=2.2),
        Column(_("Macro F1"), width=1.1),
    )
    others = [_seen_row(part.words, part.scores) for part in without_learned(report)]
    if not others:
        return Section(title, (told,), level=3)
    rows = [_seen_row(_("All"), report), *others]
    table = Table(_("Scores without the texts that the model had seen"), columns, tuple(rows))
    return Section(title, (told, table), level=3)


def _seen_row(name: str, scores: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        name,
        number(scores["n_texts"]),
        score(scores, "top1_accuracy"),
        interval(scores, "top1_accuracy"),
        score(scores, "macro_avg_f1_score"),
    )
