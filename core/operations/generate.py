"""Let a text-to-text model answer one text, and its base model beside it."""

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.app_folder import AppFolder
from core.changes import Changes
from core.i18n import _
from core.jobs import Job
from core.learning.settings import settings_from_values
from core.learning.text_to_text_settings import TextToTextSettings
from core.operations.add_texts import checked_text
from core.operations.fitting import load_writer, warm_untrained_of
from core.storage.models import find_model_version

if TYPE_CHECKING:
    from core.learning.text_to_text import Generation

HOW = (  # the settings that an answer goes by, and that a request may change
    "max_new_tokens", "temperature", "top_p", "top_k", "num_beams", "repetition_penalty",
    "no_repeat_ngram_size", "stop_text", "seed",
)  # fmt: skip


@dataclass(frozen=True)
class GenerateRequest:
    """Which model version (0 means the newest), the text, and how it is answered.

    Attributes:
        how: settings of `HOW` that differ from those of the version.
        asks_untrained: whether the base model answers, too, as it was before the training.
    """

    model: str
    text: str
    number: int = 0
    how: dict[str, Any] = field(default_factory=dict)
    asks_untrained: bool = False


@dataclass(frozen=True)
class GenerateResult:
    """The answer.

    Attributes:
        prompt: what the model saw.
        untrained: what its base model answers; "" where it was not asked.
        elapsed_ms: how long the answer took.
        ending: why it ended before the model ended it (see `ENDINGS`); "" where it did not.
    """

    answer: str
    prompt: str
    untrained: str
    elapsed_ms: float
    ending: str = ""
    changes: Changes = Changes.NOTHING


def generate(app: AppFolder, request: GenerateRequest, job: Job) -> GenerateResult:
    """Answer one text, piece by piece; nothing is stored.

    Raises:
        ModelMissingError, WritesNothingError: there is no such model.
        SettingUnknownError, SettingNotAllowedError: it cannot be answered in this way.
        NoTextError, TextTooLongError: the text is empty, or longer than a book.
    """
    text = checked_text(request.text)
    began = time.perf_counter()
    job.report(_("Reading the text"))
    with app.database() as db:
        version = find_model_version(db, request.model, request.number)
    model = load_writer(app, version)
    how = generation_of(model.settings, request.how)
    answer, ending = model.write(text, how, job)
    elapsed_ms = (time.perf_counter() - began) * 1000
    untrained = ""
    if request.asks_untrained:
        untrained = warm_untrained_of(model.settings).generate([text], how, job)[0]
    return GenerateResult(answer, model.prompt_text(text), untrained, elapsed_ms, ending)


def generation_of(settings: TextToTextSettings, how: dict[str, Any]) -> "Generation":
    """Return how answers are written: as the settings say, but for what is said here.

    Raises:
        SettingUnknownError, SettingNotAllowedError: it is none that they can have.
    """
    from core.learning.settings import SettingUnknownError
    from core.learning.text_to_text import Generation

    for name in how:
        if name not in HOW:
            raise SettingUnknownError(name, HOW)
    return Generation.of(settings_from_values(type(settings), {**vars(settings), **how}))
