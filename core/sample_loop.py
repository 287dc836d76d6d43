"""The whole loop on a sample app in a temporary folder: a proof that it works, without a screen."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from core.i18n import _
from core.jobs import Job
from core.operations.create_sample import SampleRequest, create_sample
from core.operations.train import TrainRequest, train
from core.operations.try_text import TryRequest, try_text
from core.records import Evaluation

SAMPLE, MODEL = "spam-or-not", "Spam or not"
TEXTS = (
    "You have won a voucher worth 500 pounds! Reply WIN to claim it today.",
    "Running ten minutes late, save me a seat please",
    "Final notice: your parcel is on hold, pay the fee at the link",
)


@dataclass(frozen=True)
class LoopResult:
    """What the loop found: one sentence, the scores, and an answer for each of three texts."""

    headline: str
    evaluation: Evaluation
    predictions: tuple[tuple[str, str], ...]


def run_sample_loop(job: Job) -> LoopResult:
    """Make a sample app, train a model, score it, and try it on three texts."""
    with tempfile.TemporaryDirectory(prefix="textwright-") as place:
        app = create_sample(SampleRequest(SAMPLE, MODEL, Path(place) / "app"), job)
        trained = train(app, TrainRequest(model=MODEL), job)
        tried = [(text, try_text(app, TryRequest(MODEL, text), job)) for text in TEXTS]
        answers = tuple(
            (
                text,
                _("{concept}, {share:.0%} sure").format(
                    concept=result.chosen[0], share=result.predictions[0].probability
                )
                if result.chosen
                else _("none of the concepts"),
            )
            for text, result in tried
        )
    headline = _("A sample app was made, and a model trained on its {n} texts.").format(
        n=trained.model_version.summary["n_texts"]
    )
    return LoopResult(headline, trained.evaluation, answers)
