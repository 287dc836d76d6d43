"""The starter model that ships, and the script that made it."""

import json
import random

import pytest
import torch
from starter_tasks import task_document
from starter_text import read_lines
from train_starter import Plan, main, train
from transformers import AutoModelForCausalLM, AutoTokenizer

from core.resources import folder as resource

MOST_BYTES = 30_000_000
TINY = Plan(steps=3, vocabulary=600, tokenizer_documents=60, hidden=48, layers=4, heads=3, batch=2)


def load(folder):
    model = AutoModelForCausalLM.from_pretrained(
        folder, local_files_only=True, use_safetensors=True
    )
    return model, AutoTokenizer.from_pretrained(folder, local_files_only=True)


def answer(model, tokenizer, text):
    given = tokenizer(text, return_tensors="pt")
    with torch.inference_mode():
        made = model.generate(**given, max_new_tokens=24, do_sample=False)
    return tokenizer.decode(made[0, given["input_ids"].shape[1] :], skip_special_tokens=True)


@pytest.fixture(scope="module")
def shipped():
    return resource("base_models") / "textwright-starter"


def test_what_ships_is_small_and_holds_no_pickle(shipped):
    names = {path.name for path in shipped.iterdir()}
    assert names == {
        "README.md",
        "config.json",
        "generation_config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
    }
    assert sum(path.stat().st_size for path in shipped.iterdir()) < MOST_BYTES


def test_what_ships_is_a_gpt_neo_with_global_and_local_attention(shipped):
    config = json.loads((shipped / "config.json").read_text("utf-8"))
    assert config["model_type"] == "gpt_neo"
    assert set(config["attention_layers"]) == {"global", "local"}


def test_the_shipped_model_loads_in_full_precision_and_answers(shipped):
    model, tokenizer = load(shipped)
    assert model.dtype == torch.float32
    said = answer(model, tokenizer, "### Input:\nThe kettle is red.\n### Response:\n")
    assert said.strip()


def test_the_tokenizer_gives_every_text_back(shipped):
    _, tokenizer = load(shipped)
    text = "name[Ferrin], 12.50 € at “Café”\n\t### Input:  😀"
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def test_a_name_has_the_same_parts_with_and_without_a_space_before_it(shipped):
    _, tokenizer = load(shipped)
    apart, joined = tokenizer.tokenize("[Torvalsha"), tokenizer.tokenize(" Torvalsha")
    assert "".join(apart[1:]) == "".join(joined).lstrip("Ġ")
    assert apart[2:] == joined[-len(apart[2:]) :]


def test_the_script_trains_a_tiny_model_on_our_own_text_only(tmp_path, capsys):
    measured = train(TINY, None, tmp_path / "tiny")
    assert "learning from our own text only" in capsys.readouterr().out
    assert all(perplexity > 1 for perplexity in measured.values())
    model, tokenizer = load(tmp_path / "tiny")
    assert isinstance(answer(model, tokenizer, "### Input:\nhello\n### Response:\n"), str)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tiny"]


def test_the_same_seed_gives_the_same_weights(tmp_path):
    for name in ("one", "two"):
        train(TINY, None, tmp_path / name)
    one, two = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("one", "two"))
    assert one == two


def test_public_sets_are_read_from_their_train_files_only(tmp_path):
    folder = tmp_path / "banking77"
    folder.mkdir()
    (folder / "train.csv").write_text("text,concepts\nmay be read,a\n", "utf-8")
    (folder / "test.csv").write_text("text,concepts\nmust not be read,a\n", "utf-8")
    assert read_lines(tmp_path).public == ["may be read"]


def test_every_task_has_an_answer_and_is_never_twice_the_same():
    rng = random.Random(1)
    documents = [task_document(rng) for _ in range(300)]
    assert all(any(answer and text for text, answer in pieces) for pieces in documents)
    assert len({"".join(text for text, _ in pieces) for pieces in documents}) > 290


def test_the_script_needs_a_folder_for_the_result():
    with pytest.raises(SystemExit):
        main([])
