"""Which texts can be exported: what the list shows, everything, a dataset, a version of one."""

from dataclasses import dataclass

from core.i18n import _, ngettext
from core.storage.database import Database
from core.storage.datasets import list_datasets
from core.storage.filters import InputFilter, count_inputs
from core.storage.versions import list_versions
from desktop.widgets.wording import counted_texts, day, number


@dataclass(frozen=True)
class Scope:
    """Some texts, in words: those of a filter, or of a frozen version of a dataset."""

    words: str
    wanted: InputFilter
    dataset: str = ""
    version: int = 0


def scopes_of(db: Database, wanted: InputFilter) -> list[Scope]:
    """Return what can be exported; first what is wanted now, if it leaves anything out."""
    datasets = list_datasets(db)
    scopes = [Scope(_narrowed_words(wanted), wanted)] if wanted.is_narrowing else []
    n_all = count_inputs(db, InputFilter())
    scopes.append(Scope(_("Everything: {texts}").format(texts=counted_texts(n_all)), InputFilter()))
    if len(datasets) > 1:
        words = _("Dataset “{dataset}”: {texts}")
        scopes += [
            Scope(
                words.format(dataset=dataset.name, texts=counted_texts(dataset.n_inputs)),
                InputFilter(dataset_id=dataset.id),
            )
            for dataset in datasets
        ]
    words = _("Version {n} of “{dataset}”, {day}: {texts}")
    for dataset in datasets:
        for kept in list_versions(db, dataset.id):
            said = words.format(
                n=kept.number,
                dataset=dataset.name,
                day=day(kept.created),
                texts=counted_texts(kept.n_inputs),
            )
            scopes.append(Scope(said, InputFilter(), dataset.name, kept.number))
    return scopes


def _narrowed_words(wanted: InputFilter) -> str:
    if wanted.ids is None or not wanted.ids:
        return _("What the list shows")
    n = len(wanted.ids)
    return ngettext("The selected text", "The {n} selected texts", n).format(n=number(n))
