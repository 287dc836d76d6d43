"""The card of a model that goes elsewhere: what it is, in plain words, as Markdown."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.evaluation_words import headline, lead
from core.i18n import _
from core.records import DatasetVersion, Evaluation, FrozenInput, ModelVersion
from core.wording import number, percent

EXAMPLES_EACH, EXAMPLE_LENGTH = 2, 200
MOST_CONCEPTS = 100
_SCORES = {
    "top1_accuracy": "Right answers",
    "macro_avg_f1_score": "Macro F1",
    "macro_avg_precision": "Macro precision",
    "macro_avg_recall": "Macro recall",
    "macro_avg_roc_auc": "ROC AUC",
    "macro_avg_average_precision": "Average precision",
}


def write_card(
    version: ModelVersion,
    frozen: DatasetVersion,
    evaluation: Evaluation | None,
    examples: Sequence[FrozenInput],
    files: Mapping[str, str],
) -> str:
    """Return the card.

    Args:
        version: of the model.
        frozen: what it learned from.
        evaluation: its newest scores; None where there are none.
        examples: texts with their concepts or answers; empty to show none.
        files: what each file of the folder is for.
    """
    parts = [
        f"# {version.model}, " + _("version {n}").format(n=version.number),
        _purpose(version),
        _section(_("How to use it"), _usage(files)),
        _section(_("What it learned from"), _data(frozen)),
        _section(_("How right it is"), _scores(version, evaluation)),
        _section(_("Thresholds"), _thresholds(version)),
        _section(_("Examples of what it learned from"), _examples(version, examples)),
        _section(_("Its settings"), _settings(version)),
        _section(_("What to keep in mind"), _limits(version)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n{text}" if text else ""


def _purpose(version: ModelVersion) -> str:
    if version.is_writer:
        return _("This model reads a text and writes another one, as in the examples it was shown.")
    names = ", ".join(f"“{_plain(name)}”" for name in version.concepts[:MOST_CONCEPTS])
    if len(version.concepts) > MOST_CONCEPTS:
        names += " …"
    words = _("This model says what a text is about. It knows {n} concepts: {names}.")
    return words.format(n=len(version.concepts), names=names)


def _usage(files: Mapping[str, str]) -> str:
    lead_in = _("Made with Textwright; the files need nothing of it.")
    commands = '```\npip install -r requirements.txt\npython predict.py "a text"\n```'
    rows = "\n".join(f"- `{name}`: {about}" for name, about in files.items())
    return f"{lead_in}\n\n{commands}\n\n{rows}"


def _data(frozen: DatasetVersion) -> str:
    words = _(
        "{n} texts of the dataset “{dataset}”, version {version} of {day}; {labelled} of them"
        " labelled by people."
    )
    return words.format(
        n=number(frozen.n_inputs),
        dataset=_plain(frozen.dataset),
        version=frozen.number,
        day=f"{frozen.created:%Y-%m-%d}",
        labelled=number(frozen.n_labelled),
    )


def _scores(version: ModelVersion, evaluation: Evaluation | None) -> str:
    if evaluation is None:
        return _("It was not scored.")
    report = evaluation.report
    if version.is_writer or "top1_accuracy" not in report:
        return _("It was checked on {n} texts.").format(n=number(report.get("n_texts", 0)))
    rows = [
        f"| {_(title)} | {percent(report[key])} | {_interval(report, key)} |"
        for key, title in _SCORES.items()
        if report.get(key) is not None
    ]
    head = f"| {_('Score')} | {_('Value')} | {_('95 % interval')} |\n|---|---|---|"
    by_concept = [
        f"| {_plain(one['name'])} | {_share(one.get('precision'))} | {_share(one.get('recall'))} |"
        for one in report["concepts"][:MOST_CONCEPTS]
    ]
    second = (
        f"| {_('Concept')} | {_('Right when it says so')} | {_('Found')} |\n|---|---|---|\n"
        + "\n".join(by_concept)
    )
    return "\n\n".join(
        [f"{headline(report)}. {lead(evaluation)}", "\n".join([head, *rows]), second]
    )


def _interval(report: Mapping[str, Any], key: str) -> str:
    low, high = report.get(f"{key}_low"), report.get(f"{key}_high")
    return f"{percent(low)} – {percent(high)}" if low is not None and high is not None else ""


def _share(value: float | None) -> str:
    return percent(value) if value is not None else "–"


def _thresholds(version: ModelVersion) -> str:
    if not version.thresholds.concepts:
        return ""
    told = _("Somebody chose from which probability on a concept counts; what reaches none is left")
    rows = [f"- {_plain(n)}: {percent(p)}" for n, p in version.thresholds.concepts.items()]
    return f"{told} {_('for a person.')}\n\n" + "\n".join(rows)


def _examples(version: ModelVersion, examples: Sequence[FrozenInput]) -> str:
    if version.is_writer:
        return "\n".join(f"- {_cut(one.text)} → {_cut(one.target)}" for one in examples)
    return "\n".join(
        f"- {', '.join(map(_plain, one.positive))}: {_cut(one.text)}" for one in examples
    )


def choose_examples(version: ModelVersion, inputs: Sequence[FrozenInput]) -> list[FrozenInput]:
    """Return a few texts of each concept, or a few with their answers."""
    if version.is_writer:
        return [one for one in inputs if one.target][: 2 * EXAMPLES_EACH]
    chosen: dict[str, list[FrozenInput]] = {name: [] for name in version.concepts[:MOST_CONCEPTS]}
    for one in inputs:
        for name in one.positive:
            if name in chosen and len(chosen[name]) < EXAMPLES_EACH:
                chosen[name].append(one)
    return list({one.input_id: one for some in chosen.values() for one in some}.values())


def _settings(version: ModelVersion) -> str:
    rows = [f"- `{key}`: {_plain(str(value))}" for key, value in version.settings.items()]
    head = _("Type `{type}`, template `{template}`, trained on {day}.").format(
        type=version.type,
        template=version.template or "–",
        day=f"{version.created:%Y-%m-%d}",
    )
    return f"{head}\n\n" + "\n".join(rows)


def _limits(version: ModelVersion) -> str:
    lines = [
        _("It knows what its texts showed it, and may be wrong about texts of another kind."),
        _("Its probabilities were fitted to such texts; elsewhere they can be too high."),
        _("The network that it starts from may know some languages better than others."),
        _("Check it on texts of your own before anything depends on it."),
    ]
    if version.type == "embedding-classifier":
        lines.append(
            _("Its files hold words and parts of words of the texts that it learned from.")
        )
    return "\n".join(f"- {line}" for line in lines)


def _cut(text: str) -> str:
    plain = _plain(text)
    return plain if len(plain) <= EXAMPLE_LENGTH else f"{plain[:EXAMPLE_LENGTH]}…"


def _plain(text: str) -> str:
    """Return words on one line that Markdown does not take for signs of its own."""
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", " ".join(text.split()))
