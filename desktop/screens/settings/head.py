"""The head of the form: what every training has, whatever its template."""

from PySide6.QtCore import QObject, Signal

from core.i18n import _
from desktop.screens.settings.draft import CONCEPTS, MODEL, TEMPLATE
from desktop.screens.settings.template_row import TemplateControl, damaged_words
from desktop.widgets.choices import Select
from desktop.widgets.form_row import FormRow
from desktop.widgets.setting_controls import CONTROL_WIDTH, ConceptsControl, Control, WordsControl


class Head(QObject):
    """Template, name, dataset and concepts.

    Attributes:
        rows: by what they hold.
    """

    model_named = Signal(object)
    template_chosen = Signal(object)
    template_deleted = Signal(object)
    source_chosen = Signal(int)
    concepts_chosen = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        titles = (_("Template"), _("Model name"), _("Dataset"), _("Concepts"))
        self.template = TemplateControl(titles[0])
        self.model = WordsControl(titles[1])
        self.source = Select(width=CONTROL_WIDTH, name=titles[2])
        self.concepts = ConceptsControl(titles[3])
        self.template.template_chosen.connect(self.template_chosen)
        self.template.template_deleted.connect(self.template_deleted)
        self.model.changed.connect(self.model_named)
        self.source.activated.connect(self.source_chosen)
        self.concepts.changed.connect(self.concepts_chosen)
        frozen = _("A version keeps texts and concepts as they are now, so that scores compare.")
        predicted = _("What the model can answer. Concepts without texts are left out.")
        self.rows = {
            TEMPLATE: FormRow(titles[0], "", self.template),
            MODEL: FormRow(titles[1], _("How you will find it again."), self.model),
            "dataset": FormRow(titles[2], frozen, Control(self.source)),
            CONCEPTS: FormRow(titles[3], predicted, self.concepts),
        }
        self.template.damaged_read.connect(
            lambda: self.rows[TEMPLATE].set_doubt(damaged_words(self.template.damaged))
        )
