"""Merge a colleague's copy of an app into this one, and say how far both agree."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.app_folder import AppFolder, AppMissingError
from core.changes import Changes
from core.errors import UserError, writing_to
from core.files.app_file import DATABASE, open_app_file
from core.i18n import _, ngettext
from core.jobs import Job
from core.learning.agreement import Agreement, Tally
from core.operations.back_up import back_up_before
from core.operations.import_app import whole_app
from core.operations.merger import Merger
from core.records import Origin
from core.storage.about import get_about
from core.storage.cells import check_cells
from core.storage.copying import check_database, copy_database
from core.storage.database import (
    Database,
    expect_many_writes,
    open_database,
    open_foreign,
    transaction,
)
from core.storage.filters import count_inputs
from core.storage.kept import check_kept
from core.storage.merges import (
    ANSWER,
    LABELS,
    SPLIT,
    add_merge,
    count_common,
    list_input_ids,
    update_merge,
)
from core.storage.names import storable
from core.storage.search import index_all_texts
from core.storage.steps import recorded_in_parts
from core.storage.thinning import Reason
from core.storage.undo_log import recording
from core.temporary import temporary_folder
from core.wording import number

BATCH = 2_000


class SameAppError(UserError):
    """An app is to be merged with itself."""

    def __init__(self) -> None:
        super().__init__(
            _("This is the app that is open; there is nothing to merge."),
            next_step=_("Choose the copy of somebody else."),
        )


class NotACopyError(UserError):
    """What is to be merged did not begin as a copy of this app, nor this app as one of it.

    Attributes:
        name: of the other app. n_texts: that it has. n_common: of which are here, too.
    """

    def __init__(self, name: str, n_texts: int, n_common: int) -> None:
        words = ngettext(
            "“{name}” is no copy of this app: {n_common} of its {n_texts} text is here, too.",
            "“{name}” is no copy of this app: {n_common} of its {n_texts} texts are here, too.",
            n_texts,
        )
        super().__init__(
            words.format(name=name, n_texts=number(n_texts), n_common=number(n_common)),
            next_step=_(
                "Choose a copy of this app; or, if both shall become one, merge them anyway"
                " (--anyway on the command line)."
            ),
        )
        self.name, self.n_texts, self.n_common = name, n_texts, n_common


@dataclass(frozen=True)
class MergeAppRequest:
    """What is merged.

    Attributes:
        path: a file that “Copy this app to a file” wrote, or the folder of an app.
        is_sure: that it may be no copy of this app.
    """

    path: Path
    is_sure: bool = False


@dataclass(frozen=True)
class MergeAppResult:
    """What came, and how far both agree.

    Attributes:
        merge_id: by which the disagreements are found again.
        source: what the copy is called.
        n_added: texts that were new. n_matched: that both have.
        n_labelled: texts of ours that got their labels from the copy.
        n_concepts: concepts that were new.
        whole: how far both agree on all concepts of a text.
        agreements: the same for each concept, the least agreement first.
        n_disagreements: texts in which both differ; ours stands until it is settled.
        n_labels_differ, n_answers_differ, n_splits_differ: in what; a text may differ in several.
    """

    merge_id: int
    source: str
    n_added: int
    n_matched: int
    n_labelled: int
    n_concepts: int
    whole: Agreement
    agreements: tuple[Agreement, ...]
    n_disagreements: int
    n_labels_differ: int = 0
    n_answers_differ: int = 0
    n_splits_differ: int = 0
    changes: Changes = Changes.INPUTS | Changes.CONCEPTS | Changes.ANNOTATIONS | Changes.DATASETS

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        counts = ("n_added", "n_matched", "n_labelled", "n_concepts", "n_disagreements")
        keys = (*counts, "n_labels_differ", "n_answers_differ", "n_splits_differ")
        return {key: getattr(self, key) for key in keys} | {
            "whole": self.whole.to_json(),
            "agreements": [one.to_json() for one in self.agreements],
        }


def merge_app(app: AppFolder, request: MergeAppRequest, job: Job) -> MergeAppResult:
    """Add what a copy has and this app has not; where both said something else, ours stands.

    Texts are the same where their words are. A text that only the copy labelled gets its labels;
    one that both labelled otherwise, or gave another answer or another place in training and
    test, is kept as ours, and listed. Labels that were accepted from
    a model, unread, do not come along, and give way to what a person said there. All of it is
    one step of undo.
    Models and versions of the copy stay there. The copy itself is only read. The app is backed up
    before.

    Raises:
        AppFileRefusedError, StrangeDatabaseError, AppTooNewError: as `import_app`.
        SameAppError: it is this app.
        NotACopyError: it is no copy of this app, and nobody said that this is meant.
        DiskFullError: there is no room; nothing was changed.
        JobCancelled: the analyst asked to stop; nothing was changed.
    """
    with _opened(app, request.path.expanduser().absolute(), job) as source:
        name = storable(get_about(source, "name", request.path.stem))
        with app.database() as db:
            if not request.is_sure:
                _check_is_copy(db, source, name)
            expect_many_writes(db)
            back_up_before(app, db, Reason.MERGE, job)
            step = _("merge with {name}").format(name=name)
            with recorded_in_parts(db, step, job, Origin.IMPORT) as step_id:
                return _merge(db, source, step_id, name, job)


@contextmanager
def _opened(app: AppFolder, path: Path, job: Job) -> Iterator[Database]:
    """Give a checked copy of the other's database, brought to this storage version."""
    if path == app.path:
        raise SameAppError
    with temporary_folder() as place:
        copy = Path(place) / DATABASE
        if _is_folder(path):
            if not (path / DATABASE).is_file():
                raise AppMissingError(str(path))
            with whole_app(path), open_foreign(path / DATABASE) as theirs:
                copy_database(theirs, copy, job)
        else:
            with open_app_file(path) as file, writing_to(place):
                file.unpack(Path(place), job, only=(DATABASE,))
        with whole_app(path):
            check_database(copy, job)
        with closing(open_database(copy)) as source:
            check_cells(source)
            check_kept(source)
            yield source


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name longer than any can be
        return False


def _check_is_copy(db: Database, source: Database, name: str) -> None:
    """Ask back where two apps were created apart: copies keep the moment of their beginning."""
    ours, theirs = (get_about(one, "created") for one in (db, source))
    if ours != theirs or not ours:
        raise NotACopyError(name, count_inputs(source), count_common(db, source))


def _merge(db: Database, source: Database, step_id: int, name: str, job: Job) -> MergeAppResult:
    with transaction(db), recording(db, step_id):
        merge_id = add_merge(db, name)
        merger = Merger(db, source, merge_id, step_id)
        merger.merge_concepts()
    total, done, last = count_inputs(source), 0, 0
    while ids := list_input_ids(source, last, BATCH):
        job.report(_("Merging texts"), done, total)
        with transaction(db):
            merger.merge_inputs(ids)
        done, last = done + len(ids), ids[-1]
    job.report(_("Comparing labels"))
    tally: Tally = merger.tally
    result = MergeAppResult(
        merge_id=merge_id,
        source=name,
        n_added=merger.n_added,
        n_matched=merger.n_matched,
        n_labelled=merger.n_labelled,
        n_concepts=merger.n_concepts,
        whole=tally.whole(),
        agreements=tuple(tally.agreements(merger.names)),
        n_disagreements=merger.n_differing,
        n_labels_differ=merger.differing[LABELS],
        n_answers_differ=merger.differing[ANSWER],
        n_splits_differ=merger.differing[SPLIT],
    )
    with transaction(db), recording(db, step_id):
        update_merge(db, merge_id, result.to_json())
    for _left in index_all_texts(db):
        job.report(_("Making them searchable"))
    return result
