"""What the model sees of a row: prompts, sections, cutting, the preview, and useless rows."""

import json
import subprocess
import sys

import pytest
import torch
from transformers import AutoTokenizer

from core.learning.text_to_text import (
    Fault,
    Pair,
    PromptTemplateError,
    Reader,
    SpanKind,
    TokenizerMissingError,
    encode,
    faults_of,
    pair_of,
    preview,
    prompt_of,
)
from core.learning.text_to_text.batches import collate
from core.learning.text_to_text.prompts import answer_header_of, template_of, with_answer_header
from core.learning.text_to_text_settings import OwnTextToTextSettings
from tests.core.tiny_models import make_tiny

TEMPLATE = "### Input:\n{text}\n### Response:\n"
CAUSAL = ("gpt_neo", "gpt2", "opt", "llama", "qwen2", "mistral")
APART = ("t5", "bart")
LONG = "the parcel was late again 😀 und die Karte ist noch nicht angekommen, " * 6


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    made = {}

    def find(family):
        if family not in made:
            made[family] = make_tiny(tmp_path_factory.mktemp(family), family)
        return made[family]

    return find


def test_the_last_section_is_the_answer():
    pair = pair_of("### Instruction: be kind ### Human: hello ### Assistant: good day")
    assert pair == Pair("### Instruction: be kind ### Human: hello ### Assistant:", "good day")


def test_sections_as_alpaca_writes_them_keep_their_lines():
    text = "Below is a task.\n\n### Instruction:\nAdd.\n\n### Input:\n1, 2\n\n### Response:\n3\n"
    pair = pair_of(text)
    assert pair.target == "3"
    assert pair.text.endswith("### Input:\n1, 2\n\n### Response:\n")


def test_an_answer_may_hold_hashes_that_are_no_header():
    assert pair_of("### Human: a ### Assistant: C### is no language").target == (
        "C### is no language"
    )


def test_two_columns_are_text_and_answer_even_where_the_text_has_sections():
    text = "### Human: hello ### Assistant:"
    assert pair_of(text, " good day ") == Pair(text, "good day")


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("", "answer"),
        ("  \n", "answer"),
        ("hello", ""),
        ("### Human: hello", ""),
        ("### Human: hello ### Assistant:  ", ""),
        ("### Response: all alone", ""),
    ],
)
def test_a_row_without_text_or_answer_is_no_pair(text, target):
    assert pair_of(text, target) is None


def test_the_template_stands_around_a_text_but_not_around_sections():
    assert str(prompt_of("hello", TEMPLATE)) == "### Input:\nhello\n### Response:\n"
    sections = "### Human: hello ### Assistant:"
    assert str(prompt_of(sections, TEMPLATE)) == sections


def test_braces_written_twice_stand_for_themselves():
    assert str(prompt_of("{x}", 'As JSON, {{"a": 1}}: {text}')) == 'As JSON, {"a": 1}: {x}'


@pytest.mark.parametrize(
    "template", ["", "no text", "{text} {name}", "{text} {", "} {text}", "{}", "{text}{text}"]
)
def test_a_template_that_does_not_say_where_the_text_goes_is_refused(template):
    with pytest.raises(PromptTemplateError) as caught:
        OwnTextToTextSettings(prompt_template=template)
    assert caught.value.next_step
    assert caught.value.name == "prompt_template"


def test_a_text_alone_is_shown_as_the_sections_it_was_trained_with():
    texts = [f"### Human: hello {i} ### Assistant:" for i in range(5)]
    assert template_of(texts, TEMPLATE) == "### Human: {text} ### Assistant:"
    assert template_of([*texts, "### Other: hello ### Assistant:"], TEMPLATE) == TEMPLATE
    assert template_of(["hello", "you"], TEMPLATE) == TEMPLATE


def test_an_instruction_that_is_always_the_same_is_part_of_what_is_around_a_text():
    texts = [f"### Instruction:\nbe {{kind}}\n### Input:\n{i}\n### Response:\n" for i in "ab"]
    found = template_of(texts, TEMPLATE)
    assert str(prompt_of("x", found).before) == "### Instruction:\nbe {kind}\n### Input:\n"


def test_sections_without_the_header_of_the_answer_are_given_it():
    texts = ["### Human: a ### Assistant:", "### Human: b ### Assistant:"]
    header = answer_header_of(texts)
    assert with_answer_header("### Human: x", header) == "### Human: x ### Assistant:"
    assert with_answer_header("### Human: x ### Assistant:\n", header) == (
        "### Human: x ### Assistant:"
    )
    assert with_answer_header("no sections", header) == "no sections"


@pytest.mark.parametrize("family", [*CAUSAL, *APART])
def test_a_text_becomes_the_tokens_that_transformers_makes_of_it(folders, family):
    folder = folders(family)
    reader, theirs = Reader.of_folder(folder), AutoTokenizer.from_pretrained(folder)
    text = "### Input:\nWhere is my card? Où 😀\n### Response:\n"
    ours = reader.tokenizer.encode(text, add_special_tokens=False).ids
    assert [*reader.before, *ours, *reader.after] == theirs(text).input_ids
    assert (reader.end, reader.pad) == (theirs.eos_token_id, theirs.pad_token_id)


@pytest.mark.parametrize("family", [*CAUSAL, *APART])
@pytest.mark.parametrize("text", ["my card", LONG, "### Human: my card ### Assistant:"])
@pytest.mark.parametrize("learns_prompt", [False, True])
def test_the_preview_is_what_training_learns_from(folders, family, text, learns_prompt):
    settings = OwnTextToTextSettings(max_tokens=64, learns_prompt=learns_prompt)
    pair = Pair(text, "it is late")
    view = preview(pair, folders(family), settings)
    reader = Reader.of_folder(folders(family))
    encoded = encode(pair, reader, template=settings.prompt_template, max_tokens=64)
    batch = collate([encoded], reader, learns_prompt=learns_prompt, device=torch.device("cpu"))
    labels = batch["labels"][0].tolist()
    if reader.writes_apart:
        assert batch["input_ids"][0].tolist() + labels == list(view.ids)
        labels = [-100] * len(encoded.prompt) + labels
    else:
        assert batch["input_ids"][0].tolist() == list(view.ids)
    assert labels == list(view.labels)
    assert view.n_learned_tokens == sum(label != -100 for label in labels)
    seen = "".join(s.text for s in view.spans if not s.is_cut and s.kind != SpanKind.END)
    written = reader.write([i for i in view.ids if i != reader.end])
    assert "".join(written.split()) == "".join(seen.split())
    assert len(view.ids) <= 64 if not reader.writes_apart else len(encoded.prompt) <= 64


def test_a_long_text_loses_its_middle_and_the_prompt_stays(folders):
    view = preview(Pair(LONG, "late"), folders("gpt_neo"), OwnTextToTextSettings(max_tokens=64))
    kinds = [(span.kind, span.is_cut) for span in view.spans]
    assert kinds == [
        (SpanKind.FRAME, False),
        (SpanKind.TEXT, False),
        (SpanKind.TEXT, True),
        (SpanKind.TEXT, False),
        (SpanKind.FRAME, False),
        (SpanKind.ANSWER, False),
        (SpanKind.END, False),
    ]
    assert "".join(span.text for span in view.spans[1:4]) == LONG
    assert [span.is_learned for span in view.spans] == [False] * 5 + [True] * 2


def test_a_long_answer_loses_its_end_and_the_mark_that_it_ends(folders):
    view = preview(Pair("my card", LONG), folders("gpt_neo"), OwnTextToTextSettings(max_tokens=64))
    *_before, kept, cut = view.spans
    assert (kept.is_cut, cut.is_cut, cut.kind) == (False, True, SpanKind.ANSWER)
    assert kept.text + cut.text == LONG
    assert 60 < len(view.ids) <= 64


def test_cutting_never_tears_a_character_apart(folders):
    reader = Reader.of_folder(folders("gpt2"))
    for limit in range(24, 60):
        one = encode(Pair("😀ü" * 40, "😀" * 40), reader, template="a {text} b ", max_tokens=limit)
        assert "\ufffd" not in reader.write(one.prompt) + reader.write(one.answer)
        assert len(one.ids) <= limit


def test_an_answer_behind_a_word_begins_with_a_space_and_one_behind_a_line_does_not(folders):
    reader = Reader.of_folder(folders("gpt2"))
    begun = [
        reader.write(encode(Pair("x", "late"), reader, template=t, max_tokens=64).answer[:-1])
        for t in ("{text} ->", "{text}\n")
    ]
    assert begun == [" late", "late"]


def test_what_is_wrong_with_rows_is_told_row_by_row(folders):
    rows = [
        ("my card", "late"),
        ("", "late"),
        ("my card", " "),
        ("### Human: a ### Assistant:", ""),
        ("### Human: a", ""),
        ("half \ud83d", "late"),
        ("### Human: a ### Assistant: b", ""),
    ]
    reader = Reader.of_folder(folders("gpt_neo"))
    found = faults_of(rows, template=TEMPLATE, max_tokens=64, reader=reader)
    assert found == {
        1: Fault.EMPTY_TEXT,
        2: Fault.EMPTY_ANSWER,
        3: Fault.EMPTY_ANSWER,
        4: Fault.NO_ANSWER_SECTION,
        5: Fault.UNREADABLE,
    }
    assert faults_of([("text", "")], template=TEMPLATE, max_tokens=64) == {
        0: Fault.NO_ANSWER_SECTION
    }


def test_a_prompt_that_leaves_no_room_for_the_text_is_too_long(folders):
    reader = Reader.of_folder(folders("gpt_neo"))
    template = "please answer this " * 10 + "{text}: "
    found = faults_of([("my card", "late")], template=template, max_tokens=40, reader=reader)
    assert found == {0: Fault.TOO_LONG}
    assert not faults_of([(LONG, LONG)], template=TEMPLATE, max_tokens=40, reader=reader)


def test_the_two_files_of_gpt_2_are_read_where_no_other_tokenizer_is(folders, tmp_path):
    source = folders("gpt2")
    theirs = AutoTokenizer.from_pretrained(source)
    for name in ("config.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((source / name).read_bytes())
    model = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))["model"]
    (tmp_path / "vocab.json").write_text(json.dumps(model["vocab"]), encoding="utf-8")
    merges = [" ".join(m) if isinstance(m, list) else m for m in model["merges"]]
    (tmp_path / "merges.txt").write_text("\n".join(["#version: 0.2", *merges]), encoding="utf-8")
    reader = Reader.of_folder(tmp_path)
    text = "Where is my card? Où 😀\n"
    assert reader.tokenizer.encode(text).ids == theirs(text).input_ids
    assert reader.end == theirs.eos_token_id


def test_a_folder_without_a_tokenizer_is_refused_with_a_next_step(tmp_path):
    with pytest.raises(TokenizerMissingError) as caught:
        preview(Pair("a", "b"), tmp_path, OwnTextToTextSettings())
    assert caught.value.next_step


def test_the_preview_needs_no_torch(folders):
    code = f"""
import sys
from pathlib import Path
from core.learning.text_to_text import Pair, faults_of, preview
from core.learning.text_to_text_settings import OwnTextToTextSettings
preview(Pair("a", "b"), Path({str(folders("gpt_neo"))!r}), OwnTextToTextSettings())
assert not {{"torch", "transformers"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
