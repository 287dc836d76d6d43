from contextlib import suppress
from dataclasses import asdict, fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UserError
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.hugging_face_settings import doubts_of
from core.learning.settings import (
    Kind,
    SettingNotAllowedError,
    SettingUnknownError,
    declared,
    parse_settings,
    settings_from_values,
)
from core.learning.text_classifier_settings import (
    ContrastiveSettings,
    EncoderLoraSettings,
    FullFineTuningSettings,
)
from core.learning.text_to_text_settings import (
    HuggingFaceTextToTextSettings,
    OwnTextToTextSettings,
)

PARSE = EmbeddingClassifierSettings


def test_every_setting_carries_what_a_form_draws():
    for setting in declared(EmbeddingClassifierSettings):
        declaration = setting.declaration
        assert declaration.title
        assert declaration.help.endswith(".")
        if declaration.kind == Kind.CHOICE:
            assert setting.default in dict(declaration.choices)


def test_a_field_tells_the_same_as_its_declaration():
    (field,) = [f for f in fields(EmbeddingClassifierSettings) if f.name == "base_embed_model"]
    metadata = field.metadata
    assert metadata["kind"] == "choice"
    assert [word for word, _title in metadata["choices"]] == ["accurate", "fast"]
    assert not metadata["is_advanced"]


def test_the_defaults_are_the_portals_but_for_exclusiveness():
    assert asdict(EmbeddingClassifierSettings()) == {
        "base_embed_model": "accurate",
        "concepts_mutually_exclusive": "automatic",
        "count_narrower": False,
        "enrich_dataset": "Automatic",
        "max_concepts": 20,
        "min_value": 0.0,
        "select_concepts": (),
        "seed": 13,
    }


def test_settings_are_read_from_words_whatever_their_case():
    words = ["base_embed_model=FAST", "concepts_mutually_exclusive = True", "min_value=0.25"]
    words += ["select_concepts=a | b,c", "enrich_dataset=disabled", "max_concepts=0", "seed=7"]
    assert parse_settings(PARSE, words) == EmbeddingClassifierSettings(
        base_embed_model="fast",
        concepts_mutually_exclusive="true",
        enrich_dataset="Disabled",
        max_concepts=0,
        min_value=0.25,
        select_concepts=("a", "b,c"),
        seed=7,
    )


def test_an_unknown_setting_names_the_known_ones():
    with pytest.raises(SettingUnknownError) as refused:
        parse_settings(PARSE, ["epochs=3"])
    assert "epochs" in str(refused.value)
    assert "min_value" in refused.value.next_step


def test_a_setting_that_was_mistyped_is_guessed():
    with pytest.raises(SettingUnknownError) as refused:
        parse_settings(PARSE, ["min_values=0.5"])
    assert refused.value.next_step == "Perhaps “min_value” is meant."


@pytest.mark.parametrize(
    ("word", "allowed"),
    [
        ("min_value=1.5", "from 0 to 1"),
        ("min_value=nan", "from 0 to 1"),
        ("min_value=high", "number"),
        ("seed=-1", "whole number"),
        ("seed=1.5", "whole number"),
        ("max_concepts=true", "whole number"),
        ("base_embed_model= ", "accurate, fast"),
        ("enrich_dataset=best", "Automatic, Disabled"),
        ("seed", "seed=value"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_with_what_is(word, allowed):
    with pytest.raises(SettingNotAllowedError) as refused:
        parse_settings(PARSE, [word])
    assert allowed in refused.value.next_step


@given(st.text(max_size=30))
def test_whatever_is_typed_gives_settings_or_a_user_error(word):
    for line in (word, f"seed={word}", f"min_value={word}", f"select_concepts={word}"):
        with suppress(UserError):
            assert isinstance(parse_settings(PARSE, [line]), EmbeddingClassifierSettings)


def test_settings_come_back_from_json():
    settings = EmbeddingClassifierSettings(select_concepts=("a",), min_value=0.5)
    values = asdict(settings) | {"select_concepts": ["a"]}  # JSON knows no tuples
    assert settings_from_values(EmbeddingClassifierSettings, values) == settings


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (OwnTextToTextSettings, {"stop_text": "\ud800"}),
        (OwnTextToTextSettings, {"base_model": "\udfff"}),
        (HuggingFaceTextToTextSettings, {"trainer_config": {"lr_scheduler_type": ["\ud800"]}}),
        (EmbeddingClassifierSettings, {"select_concepts": ["fine", "\ud800"]}),
    ],
)
def test_half_a_character_is_refused_before_it_meets_a_file(kind, values):
    with pytest.raises(SettingNotAllowedError):
        settings_from_values(kind, values)


@pytest.mark.parametrize(
    ("settings", "is_doubted"),
    [
        (FullFineTuningSettings(), False),
        (FullFineTuningSettings(learning_rate=0), True),
        (FullFineTuningSettings(learning_rate=1), True),
        (ContrastiveSettings(learning_rate=1e-9), True),
        (EncoderLoraSettings(learning_rate=5e-3), False),
        (OwnTextToTextSettings(learning_rate=0), False),  # 0 is what suits the model
        (OwnTextToTextSettings(learning_rate=0.5), True),
        (HuggingFaceTextToTextSettings(), False),
        (HuggingFaceTextToTextSettings(trainer_config={"learning_rate": 1}), True),
        (HuggingFaceTextToTextSettings(trainer_config={"learning_rate": "x"}), False),
    ],
)
def test_a_learning_rate_that_hardly_ever_works_is_allowed_and_doubted(settings, is_doubted):
    doubts = doubts_of(settings)
    assert bool(doubts) == is_doubted
    assert all("is usual." in doubt for doubt in doubts.values())


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ((1,), "[1]"),
        (("a", "b"), "a|b"),
        (True, "true"),
        (None, "null"),
        ("x" * 200, "x" * 99 + "…"),
    ],
)
def test_a_value_that_is_refused_is_not_shown_as_python_writes_it(value, words):
    with pytest.raises(SettingNotAllowedError) as raised:
        settings_from_values(FullFineTuningSettings, {"device": value})
    assert str(raised.value) == f"“device” cannot be “{words}”."
