"""Text-to-text: a model that reads a text and writes another one, as in the examples.

What a window needs at once (prompts, the preview, what is wrong with the data) comes without
torch. Everything but the prompts is imported when it is first asked for, since the settings,
which every window reads, need the prompts only.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from core.learning.text_to_text.prompts import (
    Pair,
    PromptTemplateError,
    check_template,
    has_sections,
    pair_of,
    prompt_of,
)

if TYPE_CHECKING:
    from core.learning.text_to_text.copying import Copied, copied_from_training
    from core.learning.text_to_text.encoding import Encoded, encode
    from core.learning.text_to_text.generation import Generation
    from core.learning.text_to_text.invalid import FAULT_WORDS, Fault, faults_of
    from core.learning.text_to_text.measures import TextMeasures, measure
    from core.learning.text_to_text.model import TextToText
    from core.learning.text_to_text.reading import Reader, TokenizerMissingError
    from core.learning.text_to_text.saving import load, save
    from core.learning.text_to_text.training import fit
    from core.learning.text_to_text.viewing import Span, SpanKind, TrainingView, preview

__all__ = [
    "FAULT_WORDS",
    "Copied",
    "Encoded",
    "Fault",
    "Generation",
    "Pair",
    "PromptTemplateError",
    "Reader",
    "Span",
    "SpanKind",
    "TextMeasures",
    "TextToText",
    "TokenizerMissingError",
    "TrainingView",
    "check_template",
    "copied_from_training",
    "encode",
    "faults_of",
    "fit",
    "has_sections",
    "load",
    "measure",
    "pair_of",
    "preview",
    "prompt_of",
    "save",
]

_LATER = {
    "Copied": "copying",
    "Encoded": "encoding",
    "FAULT_WORDS": "invalid",
    "Fault": "invalid",
    "Generation": "generation",
    "Reader": "reading",
    "Span": "viewing",
    "SpanKind": "viewing",
    "TextMeasures": "measures",
    "TextToText": "model",
    "TokenizerMissingError": "reading",
    "TrainingView": "viewing",
    "copied_from_training": "copying",
    "encode": "encoding",
    "faults_of": "invalid",
    "fit": "training",
    "load": "saving",
    "measure": "measures",
    "preview": "viewing",
    "save": "saving",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  # whatever the module gives
    if name not in _LATER:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
