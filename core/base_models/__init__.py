"""Models that others are made from: those that came along, and those that an analyst added.

A base model is a folder in Hugging Face layout with its weights as safetensors. Whatever comes
from outside is checked here before any library that learns opens it; nothing is ever fetched.
"""

from core.base_models.built_in import READER, SHA256, STARTER, base_model_folder, check_base_model
from core.base_models.checking import check_base_model_folder
from core.base_models.errors import (
    BaseModelDamagedError,
    BaseModelError,
    BaseModelExistsError,
    BaseModelMissingError,
    BaseModelRefusedError,
)
from core.base_models.families import FAMILIES, ModelKind, kind_words
from core.base_models.records import BaseModel
from core.base_models.store import (
    Probe,
    add_base_model,
    find_base_model,
    list_base_models,
    recover_base_models,
    remove_base_model,
)
from core.base_models.weights import WEIGHTS

__all__ = [
    "FAMILIES",
    "READER",
    "SHA256",
    "STARTER",
    "WEIGHTS",
    "BaseModel",
    "BaseModelDamagedError",
    "BaseModelError",
    "BaseModelExistsError",
    "BaseModelMissingError",
    "BaseModelRefusedError",
    "ModelKind",
    "Probe",
    "add_base_model",
    "base_model_folder",
    "check_base_model",
    "check_base_model_folder",
    "find_base_model",
    "kind_words",
    "list_base_models",
    "recover_base_models",
    "remove_base_model",
]
