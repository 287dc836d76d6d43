"""Writing answers: many at a time, piece by piece, with and without freedom, and ending in time."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import GPTNeoConfig, GPTNeoForCausalLM

from core.jobs import Job, JobCancelled
from core.learning.text_to_text import Generation, TextToText
from core.learning.text_to_text.generation import repeated_tail
from core.learning.text_to_text.quick_attention import quicken
from core.learning.text_to_text.writing import Answer, Pen
from core.learning.text_to_text_settings import OwnTextToTextSettings
from tests.core.tiny_models import make_tiny

SETTINGS = OwnTextToTextSettings(max_tokens=64, max_new_tokens=12, device="cpu")
TEXTS = [
    "my card has not arrived yet and I need it today",
    "see you",
    "Où est ma commande ?",
    "the parcel was late again and the box was damaged",
    "",
]
FAMILIES = ("gpt_neo", "gpt2", "opt", "llama", "t5", "bart")


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    made = {}

    def find(family="gpt_neo"):
        if family not in made:
            folder = make_tiny(tmp_path_factory.mktemp(family), family)
            made[family] = TextToText.untrained(folder, SETTINGS)
            with torch.no_grad():  # sure of itself, so that rounding decides nothing
                for weight in made[family].network.parameters():
                    weight.mul_(3)
        return made[family]

    return find


@pytest.mark.parametrize("family", FAMILIES)
def test_answers_are_the_same_one_by_one_many_at_a_time_and_in_pieces(models, family):
    model = models(family)
    together = model.generate(TEXTS)
    assert [model.generate([text])[0] for text in TEXTS] == together
    for text, answer in zip(TEXTS, together, strict=True):
        job = Job()
        assert model.stream(text, None, job) == answer
        assert job.written == answer


def test_why_an_answer_ended_is_told(models):
    model = models(FAMILIES[0])
    answer, ending = model.write(TEXTS[0], Generation(max_new_tokens=2))
    assert (ending, answer) == ("longest", model.stream(TEXTS[0], Generation(max_new_tokens=2)))
    token = model.reader.tokenizer.encode("again").ids[-1]
    circles = Answer(model.reader, Generation(), 200, frozenset())
    while not circles.is_done:
        circles.add(token)
    assert circles.ending == "repeats"
    whole = Answer(model.reader, Generation(), 200, frozenset({token}))
    whole.add(token)
    assert (whole.is_done, whole.ending) == (True, "")


@pytest.mark.parametrize("family", FAMILIES)
def test_answers_are_those_that_transformers_writes(models, family):
    model = models(family)
    how = Generation(max_new_tokens=12, stop_text="")
    for text in TEXTS[:2]:
        prompt = model._prompt(text, how)
        theirs = model.network.generate(
            input_ids=torch.tensor([prompt]),
            attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
            max_new_tokens=12,
            do_sample=False,
            forced_eos_token_id=None,
            pad_token_id=model.reader.pad,
        )[0].tolist()
        written = theirs if model.reader.writes_apart else theirs[len(prompt) :]
        # bytes that are no whole character yet are never shown
        assert (
            model.generate([text], how)[0] == model.reader.write(written).rstrip("\ufffd").strip()
        )


def test_beams_find_an_answer_at_least_as_likely(models):
    model = models()
    greedy = model.generate(TEXTS[:1], Generation(max_new_tokens=3, stop_text=""))[0]
    beams = model.generate(TEXTS[:1], Generation(max_new_tokens=3, num_beams=4, stop_text=""))[0]
    assert beams
    job = Job()
    how = Generation(max_new_tokens=3, num_beams=4, stop_text="")
    assert model.stream(TEXTS[0], how, job) == job.written == beams
    assert isinstance(greedy, str)


def test_freedom_follows_its_seed(models):
    model = models()
    free = [
        model.generate(TEXTS, Generation(temperature=3.0, top_p=1.0, max_new_tokens=8, seed=seed))
        for seed in (1, 1, 2)
    ]
    assert free[0] == free[1] != free[2]


def test_only_the_likeliest_are_drawn_from_where_that_is_asked(models):
    model = models()
    how = Generation(temperature=5.0, top_k=1, max_new_tokens=8)
    assert model.generate(TEXTS, how) == model.generate(TEXTS, Generation(max_new_tokens=8))


def test_no_phrase_is_written_twice_where_that_is_forbidden(models):
    model = models()
    how = Generation(max_new_tokens=40, no_repeat_ngram_size=2)
    prompts = [model._prompt(text, how) for text in TEXTS]
    for answer in Pen(model.network, model.reader)._answer(prompts, how, lambda _n: None):
        phrases = list(pairwise(answer.ids))
        assert len(set(phrases)) == len(phrases) > 3


def test_words_of_the_prompt_may_be_written_again(models):
    model = models("llama")
    free = model.generate(TEXTS[:1], Generation(max_new_tokens=1))
    assert model.generate(TEXTS[:1], Generation(max_new_tokens=1, repetition_penalty=3.0)) == free


def test_an_answer_ends_before_the_stop_text_and_pieces_never_show_half_of_it(models):
    reader = models().reader
    answer = Answer(reader, Generation(stop_text="###"), 50, frozenset({reader.end}))
    seen = []
    for token in reader.tokenizer.encode(
        "it is late ## so ### Input", add_special_tokens=False
    ).ids:
        if not answer.is_done:
            answer.add(token)
            seen.append(answer.certain)
    assert answer.words == "it is late ## so"
    assert all(answer.words.startswith(piece) for piece in seen)


@given(st.text(max_size=30))
def test_pieces_never_end_inside_a_character(text):
    from core.learning.text_to_text.reading import Reader
    from tests.core.tiny_models import make_tokenizer

    tokenizer = _TOKENIZERS.setdefault("gpt2", make_tokenizer("gpt2").backend_tokenizer)
    reader = Reader.of(tokenizer, {"eos_token_id": 2}, {})
    answer = Answer(reader, Generation(stop_text=""), 500, frozenset({2}))
    for token in tokenizer.encode(text, add_special_tokens=False).ids:
        if answer.is_done:
            return
        answer.add(token)
        assert text.startswith(answer.text)
    assert answer.is_done or answer.text == text


_TOKENIZERS = {}


def test_a_model_that_turns_in_circles_is_ended_and_the_phrase_stands_there_once(models):
    reader = models().reader
    answer = Answer(reader, Generation(), 500, frozenset({reader.end}))
    phrase = reader.tokenizer.encode(" the parcel was late again", add_special_tokens=False).ids
    for token in phrase * 20:
        if not answer.is_done:
            answer.add(token)
    assert answer.is_done
    assert answer.words == "the parcel was late again"


@pytest.mark.parametrize(
    ("tokens", "n_repeated"),
    [
        ([1, 2, 3, 4], 0),
        ([7] * 24, 23),
        ([7] * 10, 0),
        ([9, *[1, 2, 3, 4, 5, 6, 7, 8] * 3], 16),
        ([*[1, 2, 3, 4, 5, 6, 7, 8] * 3, 9], 0),
        ([], 0),
    ],
)
def test_only_phrases_that_are_repeated_at_length_count_as_circles(tokens, n_repeated):
    assert repeated_tail(tokens) == n_repeated


def test_a_text_that_is_too_long_is_cut_in_its_middle_as_in_training(models):
    model = models()
    prompt = model._prompt("see you tonight " * 60, Generation(max_new_tokens=12))
    assert len(prompt) <= 64 - 12
    words = model.reader.write(prompt)
    assert words.startswith("### Input:\nsee you")
    assert words.endswith("tonight \n### Response:\n")


def test_no_texts_have_no_answers(models):
    assert models().generate([]) == []
    assert models().choice_probabilities([], ["a"]).shape == (0, 1)


class ImpatientJob(Job):
    """A job whose analyst stops it once something is written."""

    def piece(self, text):
        super().piece(text)
        self.cancel()


@pytest.mark.parametrize("n_beams", [1, 2])
def test_a_stream_stops_at_the_next_token(models, n_beams):
    job = ImpatientJob()
    if n_beams > 1:
        job.cancel()
    with pytest.raises(JobCancelled):
        models().stream(TEXTS[0], Generation(max_new_tokens=40, num_beams=n_beams), job)


@pytest.mark.parametrize("n_masked", [0, 5])
def test_the_quick_attention_gives_the_numbers_of_transformers(n_masked):
    torch.manual_seed(1)
    config = GPTNeoConfig(
        vocab_size=50,
        hidden_size=16,
        num_layers=2,
        num_heads=2,
        attention_types=[[["global", "local"], 1]],
        window_size=4,
        max_position_embeddings=32,
        bos_token_id=1,
        eos_token_id=1,
    )
    network = GPTNeoForCausalLM(config).eval()
    ids = torch.randint(0, 50, (3, 12))
    mask = torch.ones_like(ids)
    mask[0, :n_masked] = 0
    with torch.no_grad():
        theirs = network(input_ids=ids, attention_mask=mask).logits
        quicken(network)
        ours = network(input_ids=ids, attention_mask=mask).logits
    real = mask.bool()
    assert np.allclose(ours[real], theirs[real], atol=1e-5)
    assert torch.isfinite(ours).all()
