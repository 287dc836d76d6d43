"""The workflow that is being built, and what is wrong with it so far."""

from dataclasses import replace

from core.errors import UserError
from core.i18n import _
from core.learning.settings import settings_from_values
from core.operations.workflows import check_workflow, find_models, load_workflow, model_key
from core.storage.database import Database
from core.storage.models import list_model_versions
from core.storage.workflows import list_workflow_versions
from core.workflows import editing
from core.workflows.graph import IN, GraphError, Workflow
from core.workflows.node_settings import ModelSettings
from core.workflows.nodes import KINDS, MODEL, NodeKind
from core.workflows.values import Carries


class Draft:
    """A workflow that changes under the analyst's hands.

    Attributes:
        workflow: as it is now. saved: as it was last kept; None for one that is new.
        number: of the version that it was made from; 0 for a new one.
        current: the node that is chosen, or `IN`.
        refused: what was typed into settings that cannot stay, by node and setting, with why.
    """

    def __init__(self, db: Database) -> None:
        """Begin with a workflow without nodes."""
        self._db = db
        self.workflow, self.saved = Workflow(""), None  # type: Workflow, Workflow | None
        self.number, self.current = 0, IN
        self.refused: dict[tuple[str, str], str] = {}

    def begin(self, name: str) -> None:
        """Begin a new workflow."""
        self.workflow, self.saved, self.number, self.current = Workflow(name), None, 0, IN
        self.refused = {}

    def open(self, name: str, number: int = 0) -> None:
        """Go on with a version that is kept; 0 means the newest.

        Raises:
            WorkflowMissingError: there is none.
        """
        self.workflow = self.saved = load_workflow(self._db, name, number)
        self.number, self.refused = number, {}
        names = [node.id for node in self.workflow.nodes]
        if self.current not in names:
            self.current = names[0] if names else IN

    def look_again(self) -> None:
        """Go on with what is kept now of the version; what was changed here stays so.

        Raises:
            WorkflowMissingError: there is none of that name any more.
        """
        assert self.saved is not None
        name, changed = self.saved.name, self.workflow if self.is_changed else None
        numbers = {one.number for one in list_workflow_versions(self._db, name)}
        number = self.number if self.number in numbers else 0
        if changed is None:
            self.open(name, number)
        else:
            self.saved, self.number = load_workflow(self._db, name, number), number

    @property
    def is_changed(self) -> bool:
        """Whether there is something that is not kept."""
        return bool(self.workflow.nodes) and self.workflow != self.saved

    def problem(self) -> UserError | None:
        """Return why the workflow cannot run; None if it can."""
        return _problem_of(self._db, self.workflow)

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by node."""
        error = self.problem()
        found = {node: why for (node, _setting), why in self.refused.items()}
        if isinstance(error, GraphError) and error.node:
            found.setdefault(error.node, f"{error} {error.next_step}")
        return found

    def remark(self) -> str:
        """Say of a branch that nothing comes of it, though all can run; "" for none."""
        try:
            checked = check_workflow(self._db, self.workflow)
        except UserError:
            return ""
        if not checked.dead_ends:
            return ""
        node = checked.dead_ends[0]
        if checked.carries[node.id] == Carries.EMBEDDING:
            words = _("No step uses what “{id}” reads; as the default workflow it serves search.")
        else:
            words = _("No step uses what “{id}” gives, and it is not shown either.")
        return words.format(id=node.id)

    def offers(self) -> list[NodeKind]:
        """Return the kinds of node that can come after the chosen one."""
        find = find_models(self._db)
        return editing.fitting(editing.given_by(self.workflow, find).get(self.current))

    def add(self, kind: str, *, between: bool) -> None:
        """Put a new node after the chosen one, and choose it."""
        settings = self._newest_model() if kind == MODEL else None
        find = find_models(self._db)
        self.workflow, self.current = editing.added(
            self.workflow, self.current, kind, find, between=between, settings=settings
        )

    def _newest_model(self) -> ModelSettings | None:
        """Return settings with the newest model that can take what the chosen node gives."""
        find = find_models(self._db)
        for version in list_model_versions(self._db):
            settings = ModelSettings(model=model_key(version))
            tried, name = editing.added(
                self.workflow, self.current, MODEL, find, between=False, settings=settings
            )
            error = _problem_of(self._db, tried)
            if not isinstance(error, GraphError) or error.node != name:
                return settings
        return None

    def remove(self) -> None:
        """Take the chosen node out, and choose what it took from."""
        if self.current != IN:
            before = self.workflow.node(self.current).inputs[0]
            self.workflow = editing.without(self.workflow, self.current)
            self._forget(self.current)
            self.current = before

    def move_up(self) -> None:
        """Let the chosen node run before the one that it takes from."""
        if self.current != IN:
            self.workflow = editing.moved_up(self.workflow, self.current)

    def move_down(self) -> None:
        """Let the chosen node run after the one that takes from it."""
        behind = [node for node in self.workflow.nodes if node.inputs == (self.current,)]
        if self.current != IN and len(behind) == 1:
            self.workflow = editing.moved_up(self.workflow, behind[0].id)

    def rename(self, name: str) -> str:
        """Call the chosen node otherwise; return why it cannot be so, "" if it can."""
        if name in (IN, *(node.id for node in self.workflow.nodes)):
            return _("Another step is called “{name}”.").format(name=name)
        self.workflow = editing.renamed(self.workflow, self.current, name)
        self._forget(self.current)
        self.current = name
        return ""

    def take_from(self, names: tuple[str, ...]) -> None:
        """Let the chosen node take from these."""
        node = self.workflow.node(self.current)
        self.workflow = editing.changed(self.workflow, replace(node, inputs=names))

    def silence(self, is_silent: bool) -> None:  # noqa: FBT001  # as a tick tells it
        """Let what the chosen node gives be shown and written, or not."""
        node = self.workflow.node(self.current)
        self.workflow = editing.changed(self.workflow, replace(node, is_silent=is_silent))

    def set_value(self, setting: str, value: object) -> str:
        """Change a setting of the chosen node; return why it cannot be so, "" if it can."""
        node = self.workflow.node(self.current)
        place = self.current, setting
        try:
            values = {**vars(node.settings), setting: value}
            settings = settings_from_values(KINDS[node.kind].settings, values)
        except UserError as error:
            self.refused[place] = error.next_step
            return error.next_step
        self.refused.pop(place, None)
        self.workflow = editing.changed(self.workflow, replace(node, settings=settings))
        return ""

    def _forget(self, name: str) -> None:
        self.refused = {place: why for place, why in self.refused.items() if place[0] != name}


def _problem_of(db: Database, workflow: Workflow) -> UserError | None:
    try:
        check_workflow(db, workflow)
    except UserError as error:
        return error
    return None
