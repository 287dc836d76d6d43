"""Models that write, trained by the Hugging Face templates, on tiny networks."""

import pytest

from core.jobs import Job
from core.learning import text_to_text
from core.learning.fine_tuning import LOSS_KEPT_APART
from core.learning.fine_tuning.hugging_face_networks import OtherStartError
from core.learning.text_to_text.hugging_face import reader_of
from core.learning.text_to_text_settings import (
    HuggingFaceLoraTextToTextSettings,
    HuggingFaceTextToTextSettings,
)
from tests.core.tiny_models import make_tiny

PAIRS = [text_to_text.Pair(f"parcel {i}", "late") for i in range(8)]
TEXTS = [pair.text for pair in PAIRS]


def settings_of(kind, **trainer):
    given = {"num_train_epochs": 4, "learning_rate": 1e-2, "auto_find_batch_size": True}
    return kind(device="cpu", max_new_tokens=6, trainer_config=given | trainer)


@pytest.mark.parametrize(
    ("family", "kind"),
    [
        ("gpt_neo", HuggingFaceTextToTextSettings),
        ("gpt_neo", HuggingFaceLoraTextToTextSettings),
        ("t5", HuggingFaceLoraTextToTextSettings),
    ],
)
def test_a_kept_model_writes_as_the_trained_one(tmp_path, family, kind):
    base = make_tiny(tmp_path / "base", family)
    job = Job()
    model = text_to_text.fit(
        PAIRS, settings=settings_of(kind), base=base, job=job, validation=PAIRS[:2]
    )
    losses = [m.value for m in job.measures if m.series == LOSS_KEPT_APART]
    assert losses[-1] < losses[0]
    folder = tmp_path / "model"
    folder.mkdir()
    model.save(folder)
    assert text_to_text.load(folder, base).generate(TEXTS) == model.generate(TEXTS)


def test_a_training_goes_on_from_an_earlier_version_of_its_kind_only(tmp_path):
    base = make_tiny(tmp_path / "base", "gpt_neo")
    settings = settings_of(HuggingFaceLoraTextToTextSettings)
    folder = tmp_path / "model"
    folder.mkdir()
    first = text_to_text.fit(PAIRS, settings=settings, base=base, job=Job())
    first.save(folder)
    still = settings_of(HuggingFaceLoraTextToTextSettings, num_train_epochs=1, learning_rate=0.0)
    second = text_to_text.fit(PAIRS, settings=still, base=base, job=Job(), start_from=folder)
    assert second.generate(TEXTS) == first.generate(TEXTS)
    whole = settings_of(HuggingFaceTextToTextSettings)
    with pytest.raises(OtherStartError):
        text_to_text.fit(PAIRS, settings=whole, base=base, job=Job(), start_from=folder)


def test_the_longest_text_is_what_the_tokenizer_is_told(tmp_path):
    base = make_tiny(tmp_path / "base", "gpt_neo")
    settings = HuggingFaceTextToTextSettings(tokenizer_config={"model_max_length": 40.0})
    assert reader_of(base, settings).limit(512) == 40
