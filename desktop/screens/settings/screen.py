"""Settings: how the next model is trained; the defaults first, the rest folded away."""

from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.base_models import BaseModel, list_base_models
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.learning.settings import Settings
from core.learning.text_to_text_settings import TextToTextSettings
from core.operations.estimate_training import Estimate
from core.operations.sweep import SweepRequest
from core.operations.training_data import broadest
from core.operations.training_work import Remedy
from core.records import ModelVersion
from core.storage.concepts import list_concepts
from core.storage.models import list_model_versions
from core.templates import Template, find_template, suited_template
from desktop import boxes
from desktop.screens.settings.draft import (
    CONCEPTS,
    MODEL,
    TEMPLATE,
    Draft,
    first_draft,
    problems,
    request_of,
)
from desktop.screens.settings.fields import TemplateFields
from desktop.screens.settings.forecast import Forecast
from desktop.screens.settings.head import Head
from desktop.screens.settings.preview_panel import PreviewPanel
from desktop.screens.settings.sentences import (
    about_template,
    as_in_your_data,
    at_field,
    in_footer,
    next_version,
    state_of,
    sweep_note,
    train_words,
)
from desktop.screens.settings.sources import (
    Offered,
    Source,
    as_broader,
    broader_of,
    find_source,
    list_sources,
    offered_by,
    suited_to,
    usual_type,
)
from desktop.screens.settings.summary import Outlook, WhatWillHappen
from desktop.screens.settings.sweep_panel import SweepFold
from desktop.session import Session
from desktop.widgets.buttons import button
from desktop.widgets.concept_chooser import Offer
from desktop.widgets.fold import MOTION_MS, Fold
from desktop.widgets.footer import FooterBar
from desktop.widgets.form_row import FormRow
from desktop.widgets.layout import clip, column, hide_below, row, step_body
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.text import heading

EXCLUSIVE, NARROWER, PROMPT = "concepts_mutually_exclusive", "count_narrower", "prompt_template"
WITH_SUMMARY_WIDTH, WIDEST = 1200, 1064


class SettingsScreen(StepScreen):
    """The form, what will happen, and the button that starts the training.

    Attributes:
        draft: what the form holds. fields: the settings of its template.
    """

    SHOWS = (
        Changes.INPUTS | Changes.CONCEPTS | Changes.ANNOTATIONS | Changes.DATASETS | Changes.MODELS
    )

    def __init__(self, session: Session) -> None:
        """Start from the last model's settings, or from the defaults."""
        super().__init__(session)
        self._past: list[ModelVersion] = list_model_versions(session.db)
        self._bases: list[BaseModel] = list_base_models()
        self._drafts: dict[str, Draft] = {}  # those of the other types, as they were left
        self._broader: dict[str, str] = {}
        self._is_training = False
        self.draft = first_draft(session.name, suited_to(session.db, self._type), self._past)
        self._look_at_source()
        self._forecast, self._head = Forecast(session, self), Head(self)
        self._own_rows = self._head.rows
        self.template, self.model = self._head.template, self._head.model
        self.source, self.concepts = self._head.source, self._head.concepts
        self.summary = WhatWillHappen()
        self._slot = QVBoxLayout()
        self._slot.setContentsMargins(0, 0, 0, 0)
        self._slot.setSpacing(0)
        self._show_template()
        self._area = clip(self._work())
        self.back = button(_("Back"))
        self.train = button(_("Train model"), "primary", "play")
        self.lay_out(self._area, FooterBar(self.back, self.train))
        self._connect()

    def _connect(self) -> None:
        self.back.clicked.connect(lambda: self.asked_for.emit("model_type"))
        self.train.clicked.connect(self._train)
        self.session.plan_changed.connect(self._look_at_plan)
        self._forecast.changed.connect(self._show_outlook)
        self.summary.remedy_chosen.connect(self._apply)
        head = self._head
        head.template_chosen.connect(self._choose_template)
        head.template_deleted.connect(self._take_back_template)
        head.source_chosen.connect(self._choose_source)
        head.model_named.connect(lambda name: self._change(replace(self.draft, model=name)))
        head.concepts_chosen.connect(lambda n: self._change(replace(self.draft, concepts=n)))

    @property
    def _type(self) -> str:
        return self.session.model_type or usual_type(self.session.db, self._past)

    @property
    def rows(self) -> dict[str, FormRow]:
        """All rows of the form, by the name of what they hold."""
        return self._own_rows | self.fields.rows

    @property
    def more(self) -> Fold:
        """The fold with what is rarely changed."""
        return self.fields.more

    def _work(self) -> QWidget:
        slot = QWidget()
        slot.setLayout(self._slot)
        form = column(*self._own_rows.values(), slot, None, gap=0)
        beside = column(12, self.summary, None, gap=0, margins=(48, 0, 0, 0))
        lead = _("The defaults suit most data. Change what you know better.")
        both = row((form, 1), hide_below(beside, WITH_SUMMARY_WIDTH), gap=0)
        return step_body(heading(_("Settings"), lead), both, gap=8, most=WIDEST)

    # -- the template and its fields -------------------------------------------------------------
    def _show_template(self) -> None:
        """Put the fields of the draft's template into the form."""
        template = self.draft.template
        self.preview = PreviewPanel(self.session) if self.draft.writes else None
        extras: dict[str, QWidget] = {PROMPT: self.preview} if self.preview else {}
        self.fields = TemplateFields(template, extras)
        self.fields.value_changed.connect(
            lambda name, value: self._change(self.draft.with_value(name, value))
        )
        self.fields.base_asked.connect(lambda: self.asked_for.emit("base_models"))
        self.fields.more.opened.connect(self._show_more)
        self.sweep_fold = SweepFold(template)
        self.sweep = self.sweep_fold.panel
        self.sweep.changed.connect(lambda: self._change(self.draft))
        self.sweep_fold.opened.connect(self._begin_sweep)
        while item := self._slot.takeAt(0):
            if old := item.widget():
                old.hide()
                old.deleteLater()
        for part in (self.fields, column(10, self.sweep_fold, 10, gap=0)):
            self._slot.addWidget(part)

    def _choose_template(self, template: Template) -> None:
        """Swap in the fields of a template; an imported one may be of another type."""
        if template.type != self.draft.template.type:
            self.session.choose_model_type(template.type)  # which brings its draft
        draft = self.draft.with_template(template)
        is_other = draft.template.settings is not self.draft.template.settings
        is_other |= draft.template.fields != self.draft.template.fields
        self.draft = draft
        if is_other:
            self._show_template()
        self._offer()
        self._change(draft)

    def _take_back_template(self, template: Template) -> None:
        """Go on with the template that a deleted one was made from; the values stay."""
        self.draft = replace(self.draft, template=template)
        self._show_template()
        self._offer()
        self._change(self.draft)

    def _look_at_type(self) -> None:
        """Follow the model type that was chosen; what was typed for the others is kept."""
        old, new, session = self.draft.template.type, self._type, self.session
        if old == new:
            return
        self._drafts[old], suited = self.draft, suited_to(session.db, new)
        kept = self._drafts.get(new) or first_draft(session.name, suited, self._past)
        self.draft = replace(kept, dataset=self.draft.dataset, version=self.draft.version)
        self._show_template()
        self._is_stale = True

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
        self._look_at_type()
        if list_base_models() != self._bases:  # one was added or removed meanwhile
            self._is_stale = True
        was_stale = self._is_stale
        super().showEvent(event)
        if not was_stale:
            self._show_plan()  # which was forgotten while nobody looked

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._forecast.forget()

    @override
    def look_again(self) -> None:
        self._past = list_model_versions(self.session.db)
        self._bases = list_base_models()
        self._look_at_source()
        self.source.clear()
        self.source.addItems([source.title for source in self._sources])
        self.source.setCurrentIndex(self._sources.index(self._source))
        self._offer()
        self._change(self.draft)
        if self.preview and self.isVisible():
            self.preview.look_again()

    # -- what to learn from ----------------------------------------------------------------------
    def _choose_source(self, place: int) -> None:
        source = self._sources[place]
        self.draft = replace(self.draft, dataset=source.dataset, version=source.number)
        self._look_at_source()
        self._offer()
        self._change(self.draft)

    def _look_at_source(self) -> None:
        """Count what the chosen source offers."""
        self._sources: list[Source] = list_sources(self.session.db)
        self._source = find_source(self._sources, self.draft.dataset, self.draft.version)
        self.draft = replace(self.draft, dataset=self._source.dataset, version=self._source.number)
        self._counted = offered_by(self.session.db, self._source, writes=self.draft.writes)
        self._broader = broader_of(self.session.db, self._source)
        self._offered: Offered = self._counted  # as the draft counts narrower concepts

    def _offer(self) -> None:
        """Offer the concepts, narrower ones as their broader ones where that is chosen."""
        broader = self._broader if self.draft.values.get(NARROWER) else {}
        self._offered = as_broader(self._counted, broader)
        known = self._offered.labels.concepts
        colours = {concept.name: concept.colour for concept in list_concepts(self.session.db)}
        offers = [Offer(name, colours.get(name, i), n) for i, (name, n) in enumerate(known.items())]
        self.concepts.offer(offers)
        self.fields.offer_concepts([offer for offer in offers if offer.n_texts])
        self.fields.offer_models(self._bases, self._past)
        if NARROWER in self.rows:
            self.rows[NARROWER].setVisible(bool(self._broader))
        self.rows[CONCEPTS].setVisible(not (self.draft.writes and self._offered.has_answers))
        if self.draft.concepts is not None:
            chosen = dict.fromkeys(broadest(name, broader) for name in self.draft.concepts)
            kept = tuple(name for name in chosen if name in known)
            self.draft = replace(self.draft, concepts=kept)

    # -- the draft, shown everywhere -------------------------------------------------------------
    def _change(self, draft: Draft) -> None:
        """Take a draft over and show it everywhere."""
        merges_else = draft.values.get(NARROWER) != self.draft.values.get(NARROWER)
        self.draft = draft
        if merges_else:
            self._offer()
            draft = self.draft
        suited = suited_template(draft.template.type, self._offered.labels.concepts.values())
        self.template.show_draft(draft, suited.name)
        self.rows[TEMPLATE].set_help(about_template(draft.template, suited))
        self.model.set_value(draft.model)
        self.concepts.set_value(draft.concepts)
        self.fields.show_values(draft, self._bases)
        self.rows[MODEL].set_note(next_version(draft.model, self._past))
        if EXCLUSIVE in self.rows:
            self.rows[EXCLUSIVE].set_note(as_in_your_data(draft, self._offered.labels))
        self._show_plan()
        self._tell_state()

    def _apply(self, remedy: Remedy) -> None:
        """Change settings as a remedy has them, or lead to the one that only a person can."""
        if remedy.template:
            self._choose_template(find_template(self.draft.template.type, remedy.template))
        elif remedy.values:
            self._change(replace(self.draft, values={**self.draft.values, **remedy.values}))
        else:
            place = "base_model" if "base_model" in self.rows else "model_config"
            self._area.ensureWidgetVisible(self.rows[place])
            self.rows[place].control.setFocus()

    @property
    def _settings(self) -> Settings | None:
        """The settings of the draft; None while they are not allowed."""
        try:
            return self.draft.template.with_values(self.draft.values)
        except UserError:
            return None

    def _show_plan(self) -> None:
        settings = self._settings
        self._forecast.look(self.draft, self._offered, settings, self._past)
        if self.preview:
            shown = settings if isinstance(settings, TextToTextSettings) else None
            self.preview.show_request(self.draft.dataset, self.draft.version, shown)
        self._show_outlook()

    def _show_outlook(self) -> None:
        estimate = self._forecast.estimate
        n_runs = self.sweep_fold.n_runs
        outlook = Outlook(self.draft, self._offered, self._settings, estimate, n_runs)
        self.summary.show_outlook(outlook)

    # -- several values --------------------------------------------------------------------------
    def _begin_sweep(self, is_open: bool) -> None:  # noqa: FBT001  # Qt's signal
        if is_open and not self.sweep.rows:
            self.sweep.add_row()
        self._change(self.draft)
        self._bring_into_sight(self.sweep if is_open else None)

    def _show_more(self, is_open: bool) -> None:  # noqa: FBT001  # Qt's signal
        rows = list(self.fields.rows.values())
        self._bring_into_sight(rows[-1] if is_open and rows else None)

    def _bring_into_sight(self, part: QWidget | None) -> None:
        """Scroll to what was folded, once it has unfolded."""
        if part:
            wait = 2 * MOTION_MS
            QTimer.singleShot(wait, part, lambda: self._area.ensureWidgetVisible(part))

    def _tell_state(self) -> None:
        """Show problems at their fields, and the most important one in the footer."""
        found = problems(self.draft, self._offered, self._past, self._bases)
        for name, form_row in self._own_rows.items():
            form_row.set_problem(at_field(found.get(name)))
        self.fields.show_problems(found)
        first = CONCEPTS if CONCEPTS in found else next((n for n in self.rows if n in found), "")
        why = in_footer(self.draft, first, found[first]) if first else self._sweep_problem()
        self.sweep_fold.set_note(
            sweep_note(self.sweep_fold.n_runs, is_open=self.sweep_fold.is_open())
        )
        self.train.setText(train_words(self.sweep_fold.n_runs))
        self.train.set_enabled(enabled=not why, why_not=why)
        if why:
            self.footer.set_note(why, "warn" if first == CONCEPTS else "bad", "circle-alert")
        elif self._is_training:
            self.footer.set_note(_("A training is running; this one starts after it."))
        else:
            self.footer.set_note(state_of(self.draft))

    def _sweep_problem(self) -> str:
        """Return what is wrong with the values to try, "" for nothing."""
        if not self.sweep_fold.is_open():
            return ""
        told, ranges = "", self.sweep_fold.ranges
        if ranges and not self.sweep.problem:
            try:
                SweepRequest(request_of(self.draft, self._offered), ranges)
            except UserError as error:
                told = f"{error} {error.next_step}"
        self.sweep.say(told)
        return self.sweep.problem or told

    def _look_at_plan(self) -> None:
        training = self.session.training
        is_training = training is not None and not training.task.is_over
        if is_training != self._is_training:  # the news comes with every report of a training
            self._is_training = is_training
            self._tell_state()
        if self.isVisible() and self._type != self.draft.template.type:
            self._look_at_type()
            self._is_stale = False
            self.look_again()

    def _train(self) -> None:
        estimate = self._forecast.estimate
        seconds = estimate.seconds if isinstance(estimate, Estimate) else 0
        try:
            request = request_of(self.draft, self._offered)
            if self.sweep_fold.ranges:
                swept = SweepRequest(request, self.sweep_fold.ranges)
                self.session.sweep(swept, seconds * self.sweep_fold.n_runs)
            else:
                self.session.train(request, seconds)
        except UserError as error:
            boxes.show_error(self, error)
            return
        self.asked_for.emit("train")
