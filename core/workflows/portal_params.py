"""The settings of a node as the portal's files call them, and back."""

from collections.abc import Mapping
from typing import Any

from core.learning.settings import settings_from_values
from core.workflows.node_settings import NodeSettings
from core.workflows.nodes import EMBEDDER, LABELS, NodeKind

COMPARISONS = {
    ">": "GREATER_THAN",
    ">=": "GREATER_THAN_OR_EQUAL_TO",
    "<": "LESS_THAN",
    "<=": "LESS_THAN_OR_EQUAL_TO",
    "=": "EQUAL_TO",
}
_BY_NUMBER = {1: ">", 2: ">=", 3: "<", 4: "<=", 5: "="}  # as the portal also writes them
_SIGNS = {words: sign for sign, words in COMPARISONS.items()}
ALIASES = {"concept-threshold": "concept-thresholder", "keyword-filter": "keyword-filter-operator"}
_OURS = {  # the portal's name of a setting, with ours
    "random-sample": {"keep_fraction": "share"},
    "language-id-operator": {"topk": "top_k"},
}
_OF_NO_USE_HERE = {  # what the portal needs for accounts and servers
    LABELS: {"annotation_status", "annotation_user_id", "annotation_info", "task_id", "overwrite"},
    "language-id-operator": {"library", "lowercase", "model"},
    EMBEDDER: {"model", "description"},
}


def params_of(kind: NodeKind, settings: NodeSettings) -> dict[str, Any]:
    """Return the settings of a node as `output_info.params` has them."""
    names = {ours: portal for portal, ours in _OURS.get(kind.name, {}).items()}
    params: dict[str, Any] = {
        names.get(name, name): list(value) if isinstance(value, tuple) else value
        for name, value in vars(settings).items()
    }
    match kind.name:
        case "concept-thresholder":
            params["concept_threshold_type"] = COMPARISONS[params.pop("comparison")]
            own = params.pop("concepts")
            params["concepts"] = [{"id": name, "value": value} for name, value in own.items()]
        case "regex-based-classifier":
            found = params["expressions"]
            if len(set(map(str, found.values()))) == 1:
                params["regex"] = str(next(iter(found.values())))
                params["concepts"] = [{"id": concept} for concept in params.pop("expressions")]
        case "concept-filter":
            params["concepts"] = [{"id": concept} for concept in params["concepts"]]
    return params


def settings_of(
    kind: NodeKind, params: Mapping[str, Any], concepts: list[dict[str, Any]]
) -> NodeSettings:
    """Return the settings that a file of the portal's, or of ours, gives a node.

    Args:
        kind: of the node.
        params: of its `output_info`.
        concepts: of its `output_info.data`, or of its params, each with `id` and maybe `value`.

    Raises:
        SettingUnknownError, SettingNotAllowedError: one is none that it can have.
    """
    names, useless = _OURS.get(kind.name, {}), _OF_NO_USE_HERE.get(kind.name, set())
    values = {names.get(name, name): v for name, v in params.items() if name not in useless}
    match kind.name:
        case "concept-thresholder":
            said = values.pop("concept_threshold_type", None)
            if said is not None:
                by_number = _BY_NUMBER.get(said) if isinstance(said, int) else None
                values["comparison"] = by_number or _SIGNS.get(str(said), str(said))
            if concepts:
                values["concepts"] = {one["id"]: one.get("value", 0.5) for one in concepts}
                values.setdefault("others", "value" if "value" in values else "drop")
        case "regex-based-classifier" if "regex" in values:
            expression = values.pop("regex")
            values["expressions"] = {one["id"]: expression for one in concepts}
        case "concept-filter":
            values["concepts"] = [one["id"] for one in concepts]
    return settings_from_values(kind.settings, values)
