"""The settings of deep classifiers: those that all share, and those of each way to train one."""

from dataclasses import dataclass
from typing import Any

from core.i18n import N_
from core.learning.classifier_settings import ClassifierSettings
from core.learning.deep_settings import (
    DEFAULT_PEFT,
    DEFAULT_TRAINER,
    LoraFields,
    base_model,
    device,
    learning_rate,
    mapping,
    patience,
    resume_from_model,
    rounds,
    saves_memory,
    share_that_stops,
    texts_at_a_time,
    tolerance,
)
from core.learning.settings import declare

BUILT_IN = "all-MiniLM-L6-v2"
READS = ("encoder", "sentence-encoder")
ROUNDS = 30  # of comparing few texts, as long as the number of steps allows
FEWEST_STEPS, MOST_STEPS = 45, 300
READS_OR_WRITES = (*READS, "causal")


@dataclass(frozen=True, kw_only=True)
class TextClassifierSettings(ClassifierSettings):
    """What every deep classifier is asked, whatever trains it."""

    invalid_data_tolerance_percent: float = tolerance()
    resume_from_model: str = resume_from_model()
    device: str = device()


@dataclass(frozen=True, kw_only=True)
class OwnLoopSettings(TextClassifierSettings):
    """What the ways to train that are our own share."""

    base_model: str = base_model(BUILT_IN, READS)
    batch_size: int = texts_at_a_time(32)
    max_tokens: int = declare(
        256,
        N_("Longest text, in tokens"),
        N_("What is longer is cut off at its end. A token is a short word or a part of one."),
        low=8,
        high=8192,
        is_advanced=True,
    )


@dataclass(frozen=True, kw_only=True)
class StepByStepSettings(OwnLoopSettings):
    """What training over the texts again and again is asked, of the whole network or a part."""

    num_train_epochs: int = rounds(6)
    validation_percent: float = share_that_stops()
    patience: int = patience()
    learning_rate: float = learning_rate(1e-4, (1e-6, 1e-3))
    warmup_percent: float = declare(
        10.0,
        N_("Gentle start, in percent of the steps"),
        N_("The learning rate rises over these steps, then falls."),
        low=0,
        high=100,
        is_advanced=True,
    )
    weight_decay: float = declare(
        0.01,
        N_("Weight decay"),
        N_("Keeps the weights small, so that single words do not decide too much."),
        low=0,
        high=1,
        is_advanced=True,
    )
    gradient_checkpointing: bool = saves_memory()


@dataclass(frozen=True, kw_only=True)
class FullFineTuningSettings(StepByStepSettings):
    """Every weight of the network learns; the layers near the words least."""

    layer_decay: float = declare(
        0.9,
        N_("Learning rate from layer to layer"),
        N_("Each layer below the top learns at this share of the rate of the one above it."),
        low=0.1,
        high=1,
        is_advanced=True,
    )


@dataclass(frozen=True, kw_only=True)
class EncoderLoraSettings(StepByStepSettings, LoraFields):
    """Small matrices beside the network learn; the network itself stays as it is."""

    learning_rate: float = learning_rate(1e-3, (1e-5, 1e-2))


@dataclass(frozen=True, kw_only=True)
class ContrastiveSettings(OwnLoopSettings):
    """Texts of one concept are drawn together and others apart; then a head learns."""

    n_pairs: int = declare(
        0,
        N_("Pairs of texts"),
        N_("How many pairs are compared; 0 takes as many as suit the number of texts."),
        low=0,
        high=1_000_000,
        is_advanced=True,
    )
    learning_rate: float = learning_rate(5e-5, (1e-6, 1e-3))

    def n_epochs(self, n_texts: int) -> int:
        """Return how many rounds over so many texts the comparing goes."""
        per_round = max(1, -(-n_texts // self.batch_size))
        n_steps = min(max(ROUNDS * per_round, FEWEST_STEPS), MOST_STEPS)
        if self.n_pairs:
            n_steps = self.n_pairs // (min(self.batch_size, n_texts) ** 2 // 2 or 1)
        return max(1, round(n_steps / per_round))


@dataclass(frozen=True, kw_only=True)
class HuggingFaceClassifierSettings(TextClassifierSettings):
    """The dictionaries of the Hugging Face libraries, as the portal has them."""

    model_config: dict[str, Any] = mapping(
        {
            "problem_type": "multi_label_classification",
            "pretrained_model_name_or_path": "bert-base-cased",
            "torch_dtype": "torch.float32",
        },
        N_("Model"),
        N_("What AutoModelForSequenceClassification.from_pretrained is given."),
    )
    tokenizer_config: dict[str, Any] = mapping(
        {}, N_("Tokenizer"), N_("What AutoTokenizer.from_pretrained is given.")
    )
    trainer_config: dict[str, Any] = mapping(
        DEFAULT_TRAINER, N_("Training"), N_("What TrainingArguments are given.")
    )


@dataclass(frozen=True, kw_only=True)
class HuggingFaceLoraClassifierSettings(HuggingFaceClassifierSettings):
    """As `HuggingFaceClassifierSettings`, with matrices beside a network that stays as it is."""

    peft_config: dict[str, Any] = mapping(
        {**DEFAULT_PEFT, "task_type": "SEQ_CLS"}, N_("LoRA"), N_("What peft's LoraConfig is given.")
    )
