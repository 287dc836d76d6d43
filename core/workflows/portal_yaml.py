"""Workflows as the portal's files have them: written, and read as plain data."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from core.errors import UserError
from core.i18n import _
from core.learning.settings import settings_from_values
from core.templates.config_errors import ConfigFileError
from core.workflows.graph import IN, MAX_ID, MAX_NODES, GraphError, Node, Workflow
from core.workflows.node_settings import ModelSettings
from core.workflows.nodes import KINDS, MODEL, find_kind
from core.workflows.portal_params import ALIASES, params_of, settings_of

_VERSION_ID = re.compile(r"[0-9a-f]{32}\Z")
_NOTE = "# name in Textwright: "
_UNFIT = re.compile(r"[^0-9A-Za-z_-]+")
_NODE_KEYS = {"id", "model", "node_inputs", "suppress_output", "output_info_override"}
_MODEL_KEYS = {
    "model_id", "model_version_id", "model_type_id", "description", "user_id", "app_id",
    "output_info",
}  # fmt: skip


@dataclass(frozen=True)
class Models:
    """How trained models are found from a file, and named in one.

    Attributes:
        by_id: "name:number" of a version by its 32 signs; "" if there is none.
        by_name: the same of the newest version of a model.
        id_of: the 32 signs of "name:number"; "" if there is none.
    """

    by_id: Callable[[str], str]
    by_name: Callable[[str], str]
    id_of: Callable[[str], str]


def to_mapping(workflow: Workflow, models: Models) -> dict[str, Any]:
    """Return a workflow as the portal's files have it."""
    nodes = [_written(node, models) for node in workflow.nodes]
    return {"workflow": {"id": portal_id(workflow.name), "nodes": nodes}}


def name_note(name: str) -> str:
    """Return a line that keeps the name of a workflow in a file of the portal's shape.

    It is a comment: the portal's own tools refuse keys that they do not know.
    """
    return f"{_NOTE}{json.dumps(name)}\n"


def noted_name(words: str) -> str:
    """Return the name that the first line of a file keeps; "" if it keeps none."""
    line = words.partition("\n")[0]
    if not line.startswith(_NOTE):
        return ""
    try:
        name = json.loads(line.removeprefix(_NOTE))
    except (ValueError, RecursionError):
        return ""
    return name if isinstance(name, str) and name.strip() else ""


def portal_id(name: str) -> str:
    """Return a name as the portal takes it: letters and digits, with "-" and "_" inside."""
    return _UNFIT.sub("-", name)[:MAX_ID].strip("-_") or "workflow"


def _written(node: Node, models: Models) -> dict[str, Any]:
    kind = KINDS[node.kind]
    written: dict[str, Any] = {"id": node.id}
    if isinstance(node.settings, ModelSettings):
        name = node.settings.model.rpartition(":")[0]
        written["model"] = {"model_id": name}
        if version_id := models.id_of(node.settings.model):
            written["model"]["model_version_id"] = version_id
        rest = {k: v for k, v in vars(node.settings).items() if k != "model"}
        changed = {k: v for k, v in rest.items() if v != getattr(ModelSettings(), k)}
        if changed:
            written["output_info_override"] = {"params": changed}
    else:
        written["model"] = {
            "model_id": node.id,
            "model_type_id": node.kind,
            "output_info": {"params": params_of(kind, node.settings)},
        }
    if node.inputs != (IN,):
        written["node_inputs"] = [{"node_id": name} for name in node.inputs]
    if node.is_silent:
        written["suppress_output"] = True
    return written


def from_mapping(found: object, models: Models, file: str) -> Workflow:
    """Return the workflow that a file describes; whether it can run is checked elsewhere.

    Raises:
        ConfigFileError: it is no workflow.
        GraphError: a node is none that is known here; the error names it.
    """
    workflow = found.get("workflow") if isinstance(found, dict) else None
    nodes = workflow.get("nodes") if isinstance(workflow, dict) else None
    if not isinstance(workflow, dict) or not isinstance(nodes, list) or not nodes:
        raise ConfigFileError(
            _("“{file}” holds no workflow.").format(file=file),
            next_step=_("Choose a file that begins with “workflow:” and has “nodes:” in it."),
        )
    if len(nodes) > MAX_NODES:
        raise GraphError(
            _("“{file}” has {n} nodes; at most {most} are allowed.").format(
                file=file, n=len(nodes), most=MAX_NODES
            ),
            next_step=_("Make two workflows of it."),
        )
    name = workflow.get("id")
    return Workflow(
        name if isinstance(name, str) and name.strip() else "workflow",
        tuple(_ReadNode(node, models).node() for node in nodes),
    )


class _ReadNode:
    """One node of a file."""

    def __init__(self, found: object, models: Models) -> None:
        self._id = str(found.get("id", "?") if isinstance(found, dict) else "?")
        self._found = self._mapping(found, _NODE_KEYS)
        self._model = self._mapping(self._found.get("model"), _MODEL_KEYS)
        self._models = models

    def node(self) -> Node:
        inputs, is_silent = self._inputs(), self._is_silent()
        kind = str(self._model.get("model_type_id", MODEL))
        kind = ALIASES.get(kind, kind)
        try:
            if kind in KINDS and kind != MODEL and "model_version_id" not in self._model:
                return Node(self._id, kind, self._operator(kind), inputs, is_silent)
            if kind != MODEL and not self._is_known():
                find_kind(kind)  # refuses it by its name
            return Node(self._id, MODEL, self._asked(), inputs, is_silent)
        except GraphError:
            raise
        except UserError as error:
            self._refuse(str(error), error.next_step, error)

    def _is_known(self) -> bool:
        """Tell whether a node names a model of this app, whatever its type is called."""
        is_version = "model_version_id" in self._model
        return is_version or bool(self._models.by_name(str(self._model.get("model_id"))))

    def _asked(self) -> ModelSettings:
        if "output_info" in self._model:
            self._refuse(
                _("“{id}” gives a version of a model and settings for a new one."),
                _("Leave one of them out."),
            )
        version_id, name = self._model.get("model_version_id"), self._model.get("model_id")
        if version_id is not None and not _VERSION_ID.match(str(version_id)):
            self._refuse(
                _("“{id}” names a version that is none."),
                _("The id of a version has 32 signs, from 0 to 9 and from a to f."),
            )
        by_id = self._models.by_id(str(version_id)) if version_id else ""
        model = by_id or self._models.by_name(str(name))
        if not model:
            self._refuse(
                _("“{id}” asks a model that this app does not have."),
                _("Train it here, or bring it in, and import the workflow again."),
            )
        params = self._params(self._found.get("output_info_override") or {})
        return settings_from_values(ModelSettings, {**params, "model": model})

    def _operator(self, kind: str) -> Any:  # noqa: ANN401  # settings of that kind
        info = self._model.get("output_info") or {}
        params = dict(self._params(info))
        data = info.get("data") if isinstance(info, dict) else None
        listed = data.get("concepts") if isinstance(data, dict) else None
        is_listed = kind in ("concept-thresholder", "regex-based-classifier", "concept-filter")
        if is_listed and "concepts" in params:
            listed = params.pop("concepts")
        return settings_of(find_kind(kind), params, self._concepts(listed))

    def _concepts(self, listed: object) -> list[dict[str, Any]]:
        if listed is None:
            return []
        if not isinstance(listed, list):
            self._refuse_form()
        found = [{"id": one} if isinstance(one, str) else one for one in listed]
        if not all(isinstance(one, dict) and isinstance(one.get("id"), str) for one in found):
            self._refuse_form()
        return found

    def _params(self, info: object) -> Mapping[str, Any]:
        params = info.get("params", {}) if isinstance(info, dict) else None
        if not isinstance(params, dict):
            self._refuse_form()
        return params

    def _inputs(self) -> tuple[str, ...]:
        listed = self._found.get("node_inputs")
        if listed is None or listed == []:
            return (IN,)
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            self._refuse_form()
        return tuple(str(one.get("node_id")) for one in listed)

    def _is_silent(self) -> bool:
        said = self._found.get("suppress_output", False)
        if not isinstance(said, bool):
            self._refuse(
                _("“{id}” has a “suppress_output” that is neither true nor false."),
                _("Write “true” if what it gives shall not be shown, else take the line out."),
            )
        return said

    def _mapping(self, found: object, keys: set[str]) -> dict[str, Any]:
        if not isinstance(found, dict):
            self._refuse_form()
        if unknown := set(found) - keys:
            self._refuse(
                _("“{id}” has “{key}” in it, which is not known.").replace(
                    "{key}", min(unknown)[:60]
                ),
                _("Take it out of the file."),
            )
        return found

    def _refuse_form(self) -> NoReturn:
        self._refuse(
            _("“{id}” is no node of a workflow."),
            _("Give it “id” and “model” with “model_id”, as an exported workflow has them."),
        )

    def _refuse(self, what: str, next_step: str, error: UserError | None = None) -> NoReturn:
        shown = self._id[:MAX_ID]
        said = f"“{shown}”: {what}" if error else what.replace("{id}", shown)
        raise GraphError(said, next_step=next_step, node=self._id) from error
