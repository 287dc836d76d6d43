"""The settings of text-to-text: what the model sees, how it learns, and how it answers."""

from dataclasses import dataclass
from typing import Any

from core.i18n import N_
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
from core.learning.settings import Settings, declare
from core.learning.text_to_text.prompts import check_template

STARTER = "textwright-starter"
WRITES = ("causal", "sequence-to-sequence")
DEFAULT_PROMPT = "### Input:\n{text}\n### Response:\n"  # as the starter model knows it


@dataclass(frozen=True, kw_only=True)
class TextToTextSettings(Settings):
    """What every text-to-text model is asked, whatever trains it."""

    prompt_template: str = declare(
        DEFAULT_PROMPT,
        N_("What the model sees"),
        N_("{text} stands for the text; what you write around it is shown with every one."),
    )
    learns_prompt: bool = declare(
        default=False,
        title=N_("Learn the whole text"),
        help=N_("Off, only the answer is learned; on, the text before it, too."),
        is_advanced=True,
    )
    max_tokens: int = declare(
        512,
        N_("Longest text with its answer, in tokens"),
        N_("What is longer is cut: of the text its middle, of the answer its end."),
        low=16,
        high=32_768,
        is_advanced=True,
    )
    max_new_tokens: int = declare(
        256,
        N_("Longest answer, in tokens"),
        N_("Where an answer is ended at the latest."),
        low=1,
        high=8192,
    )
    temperature: float = declare(
        0.0,
        N_("Freedom"),
        N_("0 always writes the likeliest; 1 writes as freely as the texts it learned from."),
        low=0,
        high=5,
    )
    top_p: float = declare(
        0.95,
        N_("Share of likely words"),
        N_("With some freedom, words are drawn from the likeliest that together reach this share."),
        low=0.01,
        high=1,
        is_advanced=True,
    )
    top_k: int = declare(
        0,
        N_("Number of likely words"),
        N_("With some freedom, words are drawn from so many likeliest ones; 0 means no limit."),
        low=0,
        high=1000,
        is_advanced=True,
    )
    num_beams: int = declare(
        1,
        N_("Answers weighed side by side"),
        N_("More take longer and often write better; streaming shows the best at the end."),
        low=1,
        high=32,
        is_advanced=True,
    )
    repetition_penalty: float = declare(
        1.0,
        N_("Against repeating words"),
        N_("From 1, which does nothing; 1.2 already avoids most repetition."),
        low=1,
        high=3,
        is_advanced=True,
    )
    no_repeat_ngram_size: int = declare(
        0,
        N_("Against repeating phrases"),
        N_("Phrases of so many tokens are never written twice; 0 allows them."),
        low=0,
        high=20,
        is_advanced=True,
    )
    stop_text: str = declare(
        "###",
        N_("Stop at"),
        N_("The answer ends before this; empty lets the model decide alone."),
        is_advanced=True,
    )
    invalid_data_tolerance_percent: float = tolerance()
    resume_from_model: str = resume_from_model()
    device: str = device()
    seed: int = declare(
        13,
        N_("Seed"),
        N_("The same seed, texts and settings give the same model again."),
        low=0,
        high=2**32 - 1,
        is_advanced=True,
    )

    def __post_init__(self) -> None:
        """Refuse also a prompt that does not say where the text goes.

        Raises:
            PromptTemplateError: see `check_template`.
            SettingNotAllowedError: one of the values is outside its declaration.
        """
        super().__post_init__()
        check_template(self.prompt_template)


@dataclass(frozen=True, kw_only=True)
class OwnTextToTextSettings(TextToTextSettings, LoraFields):
    """Our own way: every weight of a small base model learns, matrices beside a large one."""

    base_model: str = base_model(STARTER, WRITES)
    what_learns: str = declare(
        "automatic",
        N_("What learns"),
        N_("Automatic lets all of a small model learn, and matrices beside a large one (LoRA)."),
        choices=(
            ("automatic", N_("Automatic")),
            ("everything", N_("Everything")),
            ("lora", N_("LoRA")),
        ),
    )
    num_train_epochs: int = rounds(8)
    validation_percent: float = share_that_stops()
    patience: int = patience()
    batch_size: int = texts_at_a_time(16)
    learning_rate: float = learning_rate(
        0.0, (1e-6, 1e-2), N_("How far each step goes; 0 takes what suits the size of the model.")
    )
    gradient_checkpointing: bool = saves_memory()


@dataclass(frozen=True, kw_only=True)
class HuggingFaceTextToTextSettings(TextToTextSettings):
    """The dictionaries of the Hugging Face libraries, as the portal has them."""

    model_config: dict[str, Any] = mapping(
        {"pretrained_model_name_or_path": "facebook/opt-125m", "torch_dtype": "torch.float32"},
        N_("Model"),
        N_("What from_pretrained is given; causal and sequence-to-sequence models both do."),
    )
    tokenizer_config: dict[str, Any] = mapping(
        {"model_max_length": 512},
        N_("Tokenizer"),
        N_("What AutoTokenizer.from_pretrained is given."),
    )
    trainer_config: dict[str, Any] = mapping(
        DEFAULT_TRAINER, N_("Training"), N_("What TrainingArguments are given.")
    )


@dataclass(frozen=True, kw_only=True)
class HuggingFaceLoraTextToTextSettings(HuggingFaceTextToTextSettings):
    """As `HuggingFaceTextToTextSettings`, with matrices beside a network that stays as it is."""

    peft_config: dict[str, Any] = mapping(
        {**DEFAULT_PEFT, "task_type": "CAUSAL_LM"},
        N_("LoRA"),
        N_("What peft's LoraConfig is given."),
    )
