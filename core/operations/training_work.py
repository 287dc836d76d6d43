"""What a deep training has to work out, from its settings, its texts and its base model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.i18n import _
from core.learning.costs import Remedy as Cure
from core.learning.costs import Work, remedy_words
from core.learning.settings import Settings
from core.learning.text_classifier_settings import (
    ContrastiveSettings,
    EncoderLoraSettings,
    FullFineTuningSettings,
)
from core.learning.text_to_text_settings import OwnTextToTextSettings

if TYPE_CHECKING:
    from core.base_models import BaseModel

CHARS_PER_TOKEN = 4.0  # of English; the starter's and BERT's tokens alike
CHARS_PER_TOKEN_AT_LEAST = 3.0  # of the longest texts, to be on the safe side
MARKS = 2  # tokens around a text
LORA_SHARE = 0.02
SMALL = 50_000_000  # weights, below which "automatic" lets all of a model that writes learn
HEAD_SIZE = 64  # of an attention head, in nearly all families
USUAL_TOKENS, USUAL_BATCH, USUAL_EPOCHS = 512, 8, 3  # of the Hugging Face libraries


@dataclass(frozen=True)
class Place:
    """Where the numbers are worked out."""

    words: str
    is_graphics: bool
    is_half: bool
    free_bytes: int


@dataclass(frozen=True)
class Texts:
    """What is learned from: lengths in characters, with the answer where there is one."""

    n_texts: int
    mean_length: float
    most_chars: int


def work_of(settings: Settings, texts: Texts, base: "BaseModel", place: Place) -> Work:
    """Return what there is to work out; what the settings leave open is guessed."""
    trainer: Mapping[str, Any] = getattr(settings, "trainer_config", {})
    limit = base.max_tokens or USUAL_TOKENS
    most = min(int(getattr(settings, "max_tokens", USUAL_TOKENS)), limit)
    mean = min(texts.mean_length / CHARS_PER_TOKEN + MARKS, most)
    longest = min(most, round(texts.most_chars / CHARS_PER_TOKEN_AT_LEAST) + MARKS)
    batch = _number(trainer, "per_device_train_batch_size", USUAL_BATCH)
    batch_size = int(getattr(settings, "batch_size", batch))
    return Work(
        n_parameters=base.n_parameters,
        trained_share=LORA_SHARE if _learns_beside(settings, base) else 1.0,
        hidden_size=base.hidden_size,
        n_layers=base.n_layers,
        n_heads=max(1, base.hidden_size // HEAD_SIZE),
        batch_size=max(1, batch_size),
        n_tokens=max(MARKS + 1, longest, round(mean)),
        mean_tokens=mean,
        n_texts=texts.n_texts,
        n_epochs=_n_epochs(settings, trainer, texts.n_texts),
        is_half=place.is_half,
        is_graphics=place.is_graphics,
        saves_memory=_saves_memory(settings, trainer),
        words_share=min(0.9, base.n_words * base.hidden_size / max(1, base.n_parameters)),
    )


def _n_epochs(settings: Settings, trainer: Mapping[str, Any], n_texts: int) -> int:
    if isinstance(settings, ContrastiveSettings):
        return settings.n_epochs(n_texts)
    usual = _number(trainer, "num_train_epochs", USUAL_EPOCHS)
    return max(1, round(getattr(settings, "num_train_epochs", usual)))


def _number(config: Mapping[str, Any], key: str, usual: float) -> float:
    value = config.get(key)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value is not None else float(usual)


def _learns_beside(settings: Settings, base: "BaseModel") -> bool:
    if isinstance(settings, OwnTextToTextSettings):
        is_large = base.n_parameters >= SMALL
        return settings.what_learns == "lora" or (settings.what_learns == "automatic" and is_large)
    return isinstance(settings, EncoderLoraSettings) or hasattr(settings, "peft_config")


def _saves_memory(settings: Settings, trainer: Mapping[str, Any]) -> bool:
    keys = ("gradient_checkpointing", "activation_checkpointing")
    return bool(getattr(settings, keys[0], any(trainer.get(key) for key in keys)))


def can_learn_beside(settings: Settings) -> bool:
    """Tell whether a training that lets all learn could learn beside the network instead."""
    return isinstance(settings, OwnTextToTextSettings | FullFineTuningSettings)


@dataclass(frozen=True)
class Remedy:
    """A change with which a training needs less memory.

    Attributes:
        words: what it does, on a button. about: the same in a sentence.
        values: of settings that change. template: that takes the place of the one it is; "" for
            none. Both are empty where only the analyst can choose: a smaller base model.
    """

    words: str
    about: str
    values: Mapping[str, object]
    template: str = ""


def remedy_of(cure: Cure, work: Work, settings: Settings) -> Remedy | None:
    """Return the change of settings that a cure means; None where there is no setting for it."""
    about = remedy_words(cure)
    match cure:
        case Cure.SMALLER_BATCH:
            words = _("Take {n} texts at a time").format(n=work.batch_size)
            values = _changed(
                settings, "batch_size", "per_device_train_batch_size", work.batch_size
            )
        case Cure.SAVE_MEMORY:
            words, key = _("Save memory"), "gradient_checkpointing"
            values = _changed(settings, key, key, value=True)
        case Cure.SHORTER_TEXTS:
            words = _("Cut texts at {n} tokens").format(n=work.n_tokens)
            values = _changed(settings, "max_tokens", "", work.n_tokens)
        case Cure.LORA:
            words = _("Learn beside the network")
            if isinstance(settings, FullFineTuningSettings):
                return Remedy(words, about, {}, "encoder_lora")
            values = _changed(settings, "what_learns", "", "lora")
        case _:
            return Remedy(_("Choose a smaller base model"), about, {})
    return Remedy(words, about, values) if values else None


def _changed(settings: Settings, own: str, key: str, value: object) -> dict[str, object]:
    """Return the value for a setting of ours, or for a key among those of the trainer."""
    if hasattr(settings, own):
        return {own: value}
    trainer = getattr(settings, "trainer_config", None)
    return {"trainer_config": {**trainer, key: value}} if key and trainer is not None else {}
