"""What the form says about itself."""

from collections.abc import Sequence

from core.errors import UserError
from core.i18n import _, ngettext
from core.records import ModelVersion
from core.storage.counts import LabelCounts
from core.templates import Template
from desktop.screens.settings.draft import Draft, changed
from desktop.widgets.wording import number, out_of


def at_field(error: UserError | None) -> str:
    """Return what stands below a field that has no setting behind it."""
    return "" if error is None else f"{error} {error.next_step}"


def about_template(template: Template, suited: Template) -> str:
    """Return what a template is good for, and whether it is the one that suits the texts."""
    purpose = template.words()[1]
    return f"{_('Recommended.')} {purpose}" if template == suited else purpose


def in_footer(draft: Draft, name: str, error: UserError) -> str:
    """Return what the footer says of a problem: with the name of its field, if it has one."""
    titles = {setting.name: _(setting.declaration.title) for setting in draft.template.fields}
    if name not in titles or not hasattr(error, "name"):  # it says itself what is meant
        return str(error)
    return _("“{field}”: {next_step}").format(field=titles[name], next_step=error.next_step)


def next_version(model: str, past: Sequence[ModelVersion]) -> str:
    """Return that a model of this name is there already, and what number comes next."""
    name = " ".join(model.split())
    latest = max((version.number for version in past if version.model == name), default=0)
    if not latest:
        return ""
    return _("You have it already: this becomes version {n} of it.").format(n=number(latest + 1))


def as_in_your_data(draft: Draft, counts: LabelCounts) -> str:
    """Return how many concepts the texts have, and what that means for the choice."""
    if "model_config" in draft.values:
        return _("Automatic means what “problem_type” under “Model” says.")
    if not counts.n_labelled:
        return ""
    share = out_of(counts.n_one, counts.n_labelled)
    if not counts.n_several:
        words = _("In your data: {n} labelled texts have exactly one. Automatic means “One”.")
    else:
        words = _("In your data: {n} labelled texts have exactly one. Automatic means “Several”.")
    return words.format(n=share)


def state_of(draft: Draft) -> str:
    """Return how many settings differ from their defaults."""
    different = len(changed(draft))
    if not different:
        return _("All settings are at their defaults.")
    words = ngettext(
        "{n} setting differs from its default.",
        "{n} settings differ from their defaults.",
        different,
    )
    return words.format(n=number(different))


def sweep_note(n_runs: int, *, is_open: bool) -> str:
    """Return what trying several values means now."""
    if n_runs > 1:
        return ngettext("{n} training", "{n} trainings", n_runs).format(n=number(n_runs))
    return "" if is_open else _("Train a version with each, and rank them")


def train_words(n_runs: int) -> str:
    """Return what the button does."""
    if n_runs > 1:
        return _("Train {n} versions").format(n=number(n_runs))
    return _("Train model")
