"""Settings: how the next model is trained; the defaults first, the rest folded away."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.i18n import _, ngettext
from core.learning.settings import Setting
from core.operations.estimate_training import Estimate, estimate_training
from core.operations.training_data import broadest
from core.records import ModelVersion
from core.storage.concepts import list_concepts
from core.storage.counts import LabelCounts
from core.storage.models import list_model_versions
from desktop import boxes
from desktop.screens.settings.concept_chooser import Offer
from desktop.screens.settings.controls import (
    CONTROL_WIDTH,
    ConceptsControl,
    Control,
    ListControl,
    WordsControl,
    control_of,
)
from desktop.screens.settings.draft import (
    CONCEPTS,
    MODEL,
    SETTINGS,
    Draft,
    Source,
    as_broader,
    broader_of,
    changed,
    counts_of,
    find_source,
    first_draft,
    learnable,
    list_sources,
    problems,
    request_of,
    without_texts,
)
from desktop.screens.settings.form import FormRow
from desktop.screens.settings.summary import WhatWillHappen
from desktop.session import Session
from desktop.widgets.buttons import button
from desktop.widgets.choices import Select
from desktop.widgets.fold import MOTION_MS, Fold
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import Hairline, clip, column, hide_below, row, step_body
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.text import heading
from desktop.widgets.wording import number, out_of

EXCLUSIVE = "concepts_mutually_exclusive"
READS_WITH = "base_embed_model"
NARROWER = "count_narrower"
WITH_SUMMARY_WIDTH, WIDEST = 1200, 1064


class SettingsScreen(StepScreen):
    """The form, what will happen, and the button that starts the training."""

    SHOWS = (
        Changes.INPUTS | Changes.CONCEPTS | Changes.ANNOTATIONS | Changes.DATASETS | Changes.MODELS
    )

    def __init__(self, session: Session) -> None:
        """Start from the last model's settings, or from the defaults."""
        super().__init__(session)
        self._past: list[ModelVersion] = list_model_versions(session.db)
        self._sources: list[Source] = list_sources(session.db)
        self._counted: LabelCounts = counts_of(session.db, self._sources[0])
        self._counts = self._counted  # as the draft counts narrower concepts
        self._broader: dict[str, str] = {}
        self._is_training = False
        self.draft: Draft = first_draft(session.name, self._past)
        self.summary = WhatWillHappen()
        self.rows = self._field_rows() | {s.name: self._setting_row(s) for s in SETTINGS}
        self.more = Fold(_("More settings"), "", self._rows_of(is_advanced=True))
        self.back = button(_("Back"))
        self.train = button(_("Train model"), "primary", "play")
        self.back.clicked.connect(lambda: self.asked_for.emit("model_type"))
        self.train.clicked.connect(self._train)
        session.plan_changed.connect(self._look_at_training)
        self._area = clip(self._work())
        self.more.opened.connect(self._show_more)
        self.lay_out(self._area, FooterBar(self.back, self.train))

    def _work(self) -> QWidget:
        fields = [self.rows[MODEL], self.rows["dataset"], self.rows[CONCEPTS]]
        end = Hairline()  # open, the last row has its own
        self.more.opened.connect(lambda is_open: end.setVisible(not is_open))
        form = column(
            *fields,
            self._rows_of(is_advanced=False),
            column(10, self.more, 10, gap=0),
            end,
            None,
            gap=0,
        )
        beside = column(12, self.summary, None, gap=0, margins=(48, 0, 0, 0))
        lead = _("The defaults suit most data. Change what you know better.")
        both = row((form, 1), hide_below(beside, WITH_SUMMARY_WIDTH), gap=0)
        return step_body(heading(_("Settings"), lead), both, gap=8, most=WIDEST)

    def _rows_of(self, *, is_advanced: bool) -> QWidget:
        names = [s.name for s in SETTINGS if s.declaration.is_advanced == is_advanced]
        return column(*(self.rows[name] for name in names), gap=0)

    def _field_rows(self) -> dict[str, FormRow]:
        titles = (_("Model name"), _("Dataset"), _("Concepts"))
        self.model = WordsControl(titles[0])
        self.source = Select(width=CONTROL_WIDTH, name=titles[1])
        self.concepts = ConceptsControl(titles[2])
        self.model.changed.connect(lambda name: self._change(replace(self.draft, model=name)))
        self.source.activated.connect(self._choose_source)
        self.concepts.changed.connect(
            lambda names: self._change(replace(self.draft, concepts=names))
        )
        frozen = _("A version keeps texts and concepts as they are now, so that scores compare.")
        predicted = _("What the model can answer. Concepts without texts are left out.")
        return {
            MODEL: FormRow(titles[0], _("How you will find it again."), self.model),
            "dataset": FormRow(titles[1], frozen, Control(self.source)),
            CONCEPTS: FormRow(titles[2], predicted, self.concepts),
        }

    def _setting_row(self, setting: Setting) -> FormRow:
        name, declaration = setting.name, setting.declaration
        form_row = FormRow(_(declaration.title), _(declaration.help), control_of(setting))
        form_row.control.changed.connect(
            lambda value: self._change(self.draft.with_value(name, value))
        )
        form_row.reset_asked.connect(
            lambda: self._change(self.draft.with_value(name, setting.default))
        )
        return form_row

    @override
    def first_focus(self) -> QWidget | None:
        return self.model.edit

    @override
    def showEvent(self, event: QShowEvent) -> None:
        if self.session.train_from:  # another screen asked for this version
            dataset, number_ = self.session.train_from
            self.session.train_from = None
            self.draft = replace(self.draft, dataset=dataset, version=number_)
            self._is_stale = True
        super().showEvent(event)

    @override
    def look_again(self) -> None:
        self._past = list_model_versions(self.session.db)
        self._sources = list_sources(self.session.db)
        self.source.clear()
        self.source.addItems([source.title for source in self._sources])
        self._read_counts()
        self._change(self.draft)

    def _choose_source(self, place: int) -> None:
        source = self._sources[place]
        self.draft = replace(self.draft, dataset=source.dataset, version=source.number)
        self._read_counts()
        self._change(self.draft)

    def _read_counts(self) -> None:
        """Count what the chosen source offers, and offer its concepts."""
        source = find_source(self._sources, self.draft)
        self.draft = replace(self.draft, dataset=source.dataset, version=source.number)
        self.source.setCurrentIndex(self._sources.index(source))
        self._counted = counts_of(self.session.db, source)
        self._broader = broader_of(self.session.db, source)
        self.rows[NARROWER].setVisible(bool(self._broader))
        self._offer()

    def _offer(self) -> None:
        """Offer the concepts, narrower ones as their broader ones where that is chosen."""
        broader = self._broader if self.draft.values[NARROWER] else {}
        self._counts = as_broader(self._counted, broader)
        colours = {concept.name: concept.colour for concept in list_concepts(self.session.db)}
        offers = [
            Offer(name, colours.get(name, i), n)
            for i, (name, n) in enumerate(self._counts.concepts.items())
        ]
        self.concepts.offer(offers)
        for form_row in self.rows.values():
            if isinstance(form_row.control, ListControl):
                form_row.control.offer([offer for offer in offers if offer.n_texts])
        if self.draft.concepts is not None:
            chosen = dict.fromkeys(broadest(name, broader) for name in self.draft.concepts)
            known = tuple(name for name in chosen if name in self._counts.concepts)
            self.draft = replace(self.draft, concepts=known)

    def _change(self, draft: Draft) -> None:
        """Take a draft over and show it everywhere."""
        merges_else = draft.values[NARROWER] != self.draft.values[NARROWER]
        self.draft = draft
        if merges_else:
            self._offer()
            draft = self.draft
        self.model.set_value(draft.model)
        self.concepts.set_value(draft.concepts)
        for setting in SETTINGS:
            form_row = self.rows[setting.name]
            form_row.control.set_value(draft.values[setting.name])
            form_row.reset.setVisible(draft.values[setting.name] != setting.default)
        self.rows[MODEL].set_note(_next_version(draft.model, self._past))
        self.rows[EXCLUSIVE].set_note(_as_in_your_data(self._counts))
        advanced = [setting for setting in SETTINGS if setting.declaration.is_advanced]
        self.more.set_note(_note_of(changed(draft, advanced), len(advanced)))
        self._show_plan()
        self._tell_state()

    def _show_plan(self) -> None:
        draft, counts = self.draft, self._counts
        self.summary.show_plan(
            counts, learnable(draft, counts), without_texts(draft, counts), self._estimate()
        )

    def _estimate(self) -> Estimate:
        counts = self._counts
        return estimate_training(
            counts.n_learned, counts.mean_length, str(self.draft.values[READS_WITH]), self._past
        )

    def _show_more(self, is_open: bool) -> None:  # noqa: FBT001  # Qt's signal
        """Bring what was folded into sight, once it has unfolded."""
        if is_open:
            last = self.rows[SETTINGS[-1].name]
            QTimer.singleShot(2 * MOTION_MS, self, lambda: self._area.ensureWidgetVisible(last))

    def _tell_state(self) -> None:
        """Show problems at their fields, and the most important one in the footer."""
        found = problems(self.draft, self._counts, self._past)
        for name, form_row in self.rows.items():
            form_row.set_problem(_at_field(name, found.get(name)))
        first = CONCEPTS if CONCEPTS in found else next((n for n in self.rows if n in found), "")
        why = _in_footer(first, found[first]) if first else ""
        self.train.set_enabled(enabled=not first, why_not=why)
        if first:
            self.footer.set_note(why, "warn" if CONCEPTS in found else "bad", "circle-alert")
        elif self._is_training:
            self.footer.set_note(_("A training is running; this one starts after it."))
        else:
            self.footer.set_note(_state_of(changed(self.draft)))

    def _look_at_training(self) -> None:
        training = self.session.training
        is_training = training is not None and not training.task.is_over
        if is_training != self._is_training:  # the news comes with every report of a training
            self._is_training = is_training
            self._tell_state()

    def _train(self) -> None:
        try:
            request = request_of(self.draft, self._counts)
            self.session.train(request, self._estimate().seconds)
        except UserError as error:
            boxes.show_error(self, error)
            return
        self.asked_for.emit("train")


def _at_field(name: str, error: UserError | None) -> str:
    """Return what stands below a field; of a setting its row already says the name."""
    if error is None:
        return ""
    return f"{error} {error.next_step}" if name in {MODEL, CONCEPTS} else error.next_step


def _in_footer(name: str, error: UserError) -> str:
    titles = {setting.name: _(setting.declaration.title) for setting in SETTINGS}
    if name not in titles:
        return str(error)
    return _("“{field}”: {next_step}").format(field=titles[name], next_step=error.next_step)


def _next_version(model: str, past: Sequence[ModelVersion]) -> str:
    name = " ".join(model.split())
    latest = max((version.number for version in past if version.model == name), default=0)
    if not latest:
        return ""
    return _("You have it already: this becomes version {n} of it.").format(n=number(latest + 1))


def _as_in_your_data(counts: LabelCounts) -> str:
    if not counts.n_labelled:
        return ""
    share = out_of(counts.n_one, counts.n_labelled)
    if not counts.n_several:
        words = _("In your data: {n} labelled texts have exactly one. Automatic means “One”.")
    else:
        words = _("In your data: {n} labelled texts have exactly one. Automatic means “Several”.")
    return words.format(n=share)


def _note_of(different: Sequence[Setting], total: int) -> str:
    if not different:
        return _("{n} settings, all at their defaults").format(n=total)
    titles = ", ".join(_(setting.declaration.title) for setting in different)
    return _("Changed: {titles}").format(titles=titles)


def _state_of(different: Sequence[Setting]) -> str:
    if not different:
        return _("All settings are at their defaults.")
    words = ngettext(
        "{n} setting differs from its default.", "{n} settings differ from their defaults.",
        len(different),
    )  # fmt: skip
    return words.format(n=len(different))
