"""Tries a base model once before it counts: do the libraries load it, and does it make sense?"""

import psutil
import torch
from transformers import AutoModel, AutoModelForCausalLM, AutoModelForSeq2SeqLM

from core.base_models import BaseModel, BaseModelRefusedError, ModelKind
from core.i18n import _
from core.jobs import Job
from core.learning.embedders.library import LibraryEmbedder, loading
from core.wording import size

SAME = 0.9  # the cosine of two texts above which they are as good as one
# Texts about different things, in different words: whoever reads tells them apart.
UNLIKE = ("The parcel was damaged and I want my money back.", "Photosynthesis happens in leaves.")
_OPTIONAL = ("pooler.", "position_ids", "token_type_ids")
_LOADERS = {
    ModelKind.ENCODER: AutoModel,
    ModelKind.SENTENCE_ENCODER: AutoModel,
    ModelKind.CAUSAL: AutoModelForCausalLM,
    ModelKind.SEQUENCE_TO_SEQUENCE: AutoModelForSeq2SeqLM,
}


def try_base_model(model: BaseModel, job: Job) -> str:
    """Load a base model, let it read, and return what should be known about it; mostly nothing.

    Raises:
        BaseModelError: the libraries cannot load it.
        BaseModelRefusedError: weights are missing, or what it makes of texts is no number.
        JobCancelled: the analyst asked to stop.
    """
    job.report(_("Trying the model"))
    free = psutil.virtual_memory().available
    if model.n_parameters * 4 > free:
        return _(
            "“{name}” needs about {needed} of memory and was not tried: {free} are free."
        ).format(name=model.name, needed=size(model.n_parameters * 4), free=size(free))
    _refuse_gaps(model)
    job.report(_("Trying the model"))
    if model.reads_texts:
        return _judge_reading(model)
    return ""


def _refuse_gaps(model: BaseModel) -> None:
    """Make sure that no weight is missing: the libraries would make it up, at random."""
    with loading(model):
        loaded, report = _LOADERS[model.kind].from_pretrained(
            str(model.model_folder),
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            output_loading_info=True,
        )
    lacking = [
        name for name in report["missing_keys"] if not any(part in name for part in _OPTIONAL)
    ]
    if lacking:
        raise BaseModelRefusedError(
            _("{n} parts of the weights are missing, among them “{name}”.").format(
                n=len(lacking), name=min(lacking)
            ),
            model.folder,
            next_step=_("Copy or download the model once more, then try again."),
        )
    if not all(bool(torch.isfinite(weight).all()) for weight in loaded.parameters()):
        raise BaseModelRefusedError(
            _("The weights hold values that are no numbers."),
            model.folder,
            next_step=_("Copy or download the model once more, then try again."),
        )


def _judge_reading(model: BaseModel) -> str:
    embedder = LibraryEmbedder(model.name, "", model, torch.device("cpu"))
    with loading(model):
        first, second = embedder.encode(UNLIKE, Job())
    cosine = float(first @ second)
    if not -2 < cosine < 2:  # noqa: PLR2004  # what is no number is in no interval
        raise BaseModelRefusedError(
            _("What the model makes of a text is no number."),
            model.folder,
            next_step=_("Choose another base model, or another version of this one."),
        )
    if cosine > SAME and model.kind == ModelKind.SENTENCE_ENCODER:
        return _(
            "“{name}” hardly tells two texts about different things apart; its files may be"
            " of several models."
        ).format(name=model.name)
    return ""
