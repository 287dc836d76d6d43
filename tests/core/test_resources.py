"""What ships beside the code is whole, ours, licensed and true to its descriptions."""

import csv
import io
import json
from collections import Counter
from xml.etree import ElementTree

import pytest

from core import resources

SAMPLES = json.loads(resources.read_text("samples/samples.json"))
LABELLED = [sample for sample in SAMPLES if sample["concepts"]]


def general_sentences():
    return resources.read_text("negatives/general.txt").splitlines()


def sample_rows(name):
    return list(csv.DictReader(io.StringIO(resources.read_text(f"samples/{name}.csv"))))


def five_grams(text):
    text = text.casefold()
    return {text[i : i + 5] for i in range(max(1, len(text) - 4))}


def near_copies(texts, *, at_least):
    """Return pairs of texts whose character 5-grams overlap by this share (Jaccard)."""
    grams = [five_grams(text) for text in texts]
    holders = {}
    found = []
    for i, own in enumerate(grams):
        shared = Counter(j for gram in own for j in holders.get(gram, ()))
        for j, n_shared in shared.items():
            if n_shared / (len(own) + len(grams[j]) - n_shared) > at_least:
                found.append((texts[j], texts[i]))
        for gram in own:
            holders.setdefault(gram, []).append(i)
    return found


def test_text_bytes_and_path_of_a_resource_are_the_same_file():
    name = "samples/samples.json"
    assert resources.read_text(name).encode() == resources.read_bytes(name)
    assert resources.folder(name).read_bytes() == resources.read_bytes(name)


def test_a_resource_that_is_not_shipped_is_named():
    with pytest.raises(FileNotFoundError, match="unicorn"):
        resources.read_bytes("icons/unicorn.svg")


def test_there_are_at_least_a_thousand_general_sentences_none_twice():
    sentences = general_sentences()
    assert len(sentences) >= 1_000
    assert len({sentence.casefold() for sentence in sentences}) == len(sentences)
    assert all(sentence == sentence.strip() != "" for sentence in sentences)


def test_general_sentences_are_written_not_filled_into_templates():
    sentences = general_sentences()
    openings = {" ".join(sentence.casefold().split()[:3]) for sentence in sentences}
    words = [word.strip(".,;:!?\"'()").casefold() for text in sentences for word in text.split()]
    assert len(openings) > 0.9 * len(sentences)
    assert len(set(words)) > 0.3 * len(words)
    assert near_copies(sentences, at_least=0.6) == []


def test_general_sentences_are_short_and_long_and_in_several_scripts():
    sentences = general_sentences()
    lengths = sorted(len(sentence.split()) for sentence in sentences)
    assert lengths[len(lengths) // 20] <= 4
    assert lengths[-1] >= 40
    for first, last in ("ад", "一龥", "ぁん", "ءي"):
        assert any(first <= letter <= last for sentence in sentences for letter in sentence)


@pytest.mark.parametrize("sample", LABELLED, ids=lambda sample: sample["name"])
def test_a_sample_is_what_its_description_says(sample):
    rows = sample_rows(sample["name"])
    counts = Counter(row["concepts"] for row in rows)
    assert list(rows[0]) == ["text", "concepts"]
    assert len(rows) == sample["n_texts"] >= 240
    assert sorted(counts) == sample["concepts"]
    assert min(counts.values()) >= 25
    assert sample["title"]
    assert sample["description"]


def test_the_sample_to_write_from_has_a_target_and_a_split_for_each_text():
    (sample,) = [sample for sample in SAMPLES if sample not in LABELLED]
    rows = sample_rows(sample["name"])
    assert list(rows[0]) == ["text", "target", "split"]
    assert len(rows) == sample["n_texts"] == sample["n_targets"]
    assert all(row["target"].startswith("Item: ") and "Wish: " in row["target"] for row in rows)
    assert Counter(row["split"] for row in rows) == {"train": 120, "validation": 15, "test": 15}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["name"])
def test_the_texts_of_a_sample_differ_from_each_other(sample):
    texts = [row["text"] for row in sample_rows(sample["name"])]
    assert all(text == text.strip() != "" for text in texts)
    assert near_copies(texts, at_least=0.6) == []


def test_every_sample_file_is_described():
    files = {file.stem for file in resources.folder("samples").glob("*.csv")}
    assert files == {sample["name"] for sample in SAMPLES}


def test_every_icon_is_a_drawing_that_takes_the_colour_of_its_role():
    icons = set(resources.folder("icons").glob("*.svg"))
    assert icons
    for icon in icons:
        assert ElementTree.parse(icon).getroot().tag == "{http://www.w3.org/2000/svg}svg"
        assert icon.stem == "textwright" or "currentColor" in icon.read_text(encoding="utf-8")


def test_icons_and_fonts_ship_with_their_licences():
    fonts = resources.folder("fonts")
    families = {font.name.split("-")[0].removesuffix("Display") for font in fonts.glob("*.?tf")}
    assert families == {"Inter", "JetBrainsMono"}
    for family in families:
        licence = resources.read_text(f"fonts/{family}-OFL.txt")
        assert licence.startswith("Copyright")
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "ISC License" in resources.read_text("icons/LICENSE")
    assert "The MIT License (MIT)" in resources.read_text("icons/LICENSE")
