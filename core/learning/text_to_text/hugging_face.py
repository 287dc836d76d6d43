"""Models that write, trained by transformers' Trainer as the Hugging Face templates say."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel, set_peft_model_state_dict
from torch import Tensor, nn
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, PreTrainedModel

from core.i18n import _
from core.jobs import Job
from core.learning.fine_tuning.batches import padded
from core.learning.fine_tuning.hugging_face import Course, Lesson
from core.learning.fine_tuning.hugging_face import train as run
from core.learning.fine_tuning.hugging_face_networks import (
    OtherStartError,
    config_of,
    is_adapted,
    make_network,
    most_tokens,
    tokenizer_of,
)
from core.learning.text_to_text.encoding import IGNORED, Encoded, encode
from core.learning.text_to_text.loading import adapter_of, load_reader, merged
from core.learning.text_to_text.model import Base, TextToText, trained_frame
from core.learning.text_to_text.prompts import Pair
from core.learning.text_to_text.reading import Reader
from core.learning.text_to_text.saving import load_adapter, load_words
from core.learning.text_to_text_settings import HuggingFaceTextToTextSettings

_OF_LENGTH = {"model_max_length", "padding_side", "truncation_side", "use_fast"}


def fit(  # noqa: PLR0913  # as every kind of model that writes is trained
    pairs: Sequence[Pair],
    *,
    settings: HuggingFaceTextToTextSettings,
    base: Path,
    job: Job,
    base_identity: tuple[str, str] | None = None,
    checkpoints: Path | None = None,
    validation: Sequence[Pair] | None = None,
    start_from: Path | None = None,
) -> TextToText:
    """Train a base model as the dictionaries say; what is given is as for `training.fit`.

    Without validation, the last state is taken for the best.

    Raises:
        JobCancelled: the analyst asked to stop.
        UserError: a dictionary is refused, the earlier version does not fit, or memory is short.
    """
    reader = reader_of(base, settings)
    task = "SEQ_2_SEQ_LM" if reader.writes_apart else "CAUSAL_LM"
    encoded = _encode(pairs, reader, settings, job)
    kept = _encode(validation or (), reader, settings, job)
    course = Course(
        settings=settings,
        make=lambda: _make(base, settings, task, start_from),
        lessons=[_lesson(one, reader, settings) for one in encoded],
        checked=[_lesson(one, reader, settings) for one in kept],
        collate=lambda lessons: _collate(lessons, reader.pad),
        base=base,
    )
    network = run(course, job, checkpoints)
    adapter = adapter_of(network) if is_adapted(settings) else None  # before it is merged
    longest = max(len(one.answer) for one in encoded)
    return TextToText(
        network=_plain(network),
        reader=reader,
        settings=settings,
        frame=trained_frame([pair.text for pair in pairs], settings, longest),
        folder=base,
        base=Base(*(base_identity or (base.name, ""))),
        adapter=adapter,
    )


def _plain(network: nn.Module) -> PreTrainedModel:
    """Return a network to answer with; what was added is merged into it."""
    plain: Any = merged(network) if isinstance(network, PeftModel) else network
    assert isinstance(plain, PreTrainedModel)  # `run` and `merged` leave it ready to answer
    return plain.requires_grad_(requires_grad=False)


def reader_of(base: Path, settings: HuggingFaceTextToTextSettings) -> Reader:
    """Return how a base model reads, with what `tokenizer_config` says otherwise.

    Raises:
        KeyUnknownError, KeyRefusedError: see `check_dictionaries`.
        TokenizerMissingError: the base model has no tokenizer.
    """
    config = config_of(base)
    tokenizer = tokenizer_of(base, settings)
    limit = most_tokens(tokenizer, config)
    if set(settings.tokenizer_config) <= _OF_LENGTH:
        reader = load_reader(base)
    else:
        words = {"eos_token": tokenizer.eos_token, "pad_token": tokenizer.pad_token}
        reader = Reader.of(tokenizer.backend_tokenizer, config.to_dict(), words)
    return replace(reader, positions=min(limit, reader.positions or limit))


def _encode(
    pairs: Sequence[Pair], reader: Reader, settings: HuggingFaceTextToTextSettings, job: Job
) -> list[Encoded]:
    return [
        encode(pair, reader, template=settings.prompt_template, max_tokens=settings.max_tokens)
        for pair in job.track(pairs, _("Reading texts"))
    ]


def _make(
    base: Path, settings: HuggingFaceTextToTextSettings, task: str, start_from: Path | None
) -> nn.Module:
    kind = AutoModelForCausalLM if task == "CAUSAL_LM" else AutoModelForSeq2SeqLM
    if start_from is None or not is_adapted(settings):
        return make_network(kind, base, settings, task=task, start_from=start_from)
    words = load_words(start_from)
    if words["adapter"] is None:
        raise OtherStartError
    network = make_network(kind, base, settings, task=task)
    try:
        set_peft_model_state_dict(network, dict(load_adapter(start_from, words).numbers))
    except RuntimeError as error:  # matrices of another size
        raise OtherStartError from error
    return network


def _lesson(one: Encoded, reader: Reader, settings: HuggingFaceTextToTextSettings) -> Lesson:
    if reader.writes_apart:
        return {"ids": list(one.prompt), "labels": list(one.answer)}
    labels = one.labels(learns_prompt=settings.learns_prompt)
    return {"ids": list(one.ids), "labels": list(labels)}


def _collate(lessons: Sequence[Lesson], pad: int) -> dict[str, Tensor]:
    processor = torch.device("cpu")
    ids, mask = padded([lesson["ids"] for lesson in lessons], pad, processor)
    labels, _mask = padded([lesson["labels"] for lesson in lessons], IGNORED, processor)
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}
