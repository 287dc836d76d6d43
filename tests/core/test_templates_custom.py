"""Templates that the analyst makes: kept, found, exchanged as files."""

import json
import unicodedata

import pytest
import yaml

from core.errors import NotWritableError
from core.learning.settings import SettingNotAllowedError, SettingUnknownError
from core.paths import templates_folder
from core.records import EMBEDDING_CLASSIFIER, TEXT_CLASSIFIER, TEXT_TO_TEXT
from core.templates import (
    SHIPPED,
    ModelTypeMissingError,
    TemplateMissingError,
    damaged_templates,
    delete_template,
    export_template,
    find_template,
    import_template,
    list_templates,
    save_template,
    shipped_template,
    values_of,
)
from core.templates.config_errors import (
    ConfigFileError,
    ConfigNamesUnknownError,
    TemplateNameError,
    TemplateTypeError,
)
from core.templates.custom import TemplateExistsError

DEEP = find_template(TEXT_CLASSIFIER, "full_fine_tuning")


def save(name="thorough", **values):
    return save_template(name, "Thorough", "Takes its time.", DEEP, values)


def write(path, words):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words, encoding="utf-8")
    return path


def test_a_saved_template_stands_behind_those_that_ship_and_trains_as_they_do():
    saved = save(num_train_epochs=12)
    assert list_templates()[len(SHIPPED) :] == [saved]
    assert list_templates(TEXT_CLASSIFIER)[-1] == saved
    assert saved not in list_templates(TEXT_TO_TEXT)
    found = find_template(TEXT_CLASSIFIER, "thorough")
    assert found == find_template("", "thorough") == saved
    assert found.parse([]) == DEEP.with_values({"num_train_epochs": 12})
    assert (found.shipped_name, found.is_recommended) == ("full_fine_tuning", False)
    assert found.words() == ("Thorough", "Takes its time.")
    assert damaged_templates() == []


def test_a_template_made_from_one_of_the_analysts_has_the_shipped_one_behind_it():
    first = save(num_train_epochs=12)
    second = save_template("more thorough", "", "", first, {"patience": 5})
    assert second.shipped_name == "full_fine_tuning"
    assert second.title == "more thorough"
    assert second.parse([]) == DEEP.with_values({"num_train_epochs": 12, "patience": 5})


def test_a_version_to_go_on_from_belongs_to_one_app_and_is_not_kept():
    assert save(resume_from_model="spam:3").parse([]).resume_from_model == ""


@pytest.mark.parametrize("name", ["Gründlich", "ละเอียด", "गहन जाँच", "تدقيق", "彻底", "a", "ö" * 60])
def test_a_template_may_have_a_name_in_any_script(name):
    assert save(name).name == name
    assert find_template("", name).name == name
    assert damaged_templates() == []


@pytest.mark.parametrize(
    "name",
    [
        *("", "  ", "a" * 61, "../up", "a/b", "a\\b", "c:", ".hidden", "-option", "end.", "a*"),
        *("CON", "nul.txt", "Com1", "writer", "WRITER", "HF_GPTNeo_125m_lora", "a\u200bb", "\0"),
    ],
)
def test_a_name_that_is_no_safe_file_name_or_that_of_a_shipped_one_is_refused(name):
    with pytest.raises(TemplateNameError):
        save(name)
    assert not templates_folder().exists()


def test_a_name_is_taken_once_whatever_the_case_of_its_letters():
    save("Größe")
    with pytest.raises(TemplateExistsError):
        save("größe")
    with pytest.raises(TemplateExistsError):
        save(unicodedata.normalize("NFD", "Größe"))
    changed = save_template("Größe", "", "", DEEP, {"seed": 1}, replaces=True)
    assert find_template("", "Größe") == changed
    assert len(list(templates_folder().iterdir())) == 1


def test_what_a_training_does_to_its_settings_never_reaches_the_template():
    base = find_template(TEXT_CLASSIFIER, "HF_GPTNeo_125m_lora")
    saved = save_template("mine", "", "", base, {"trainer_config": {"seed": 1}})
    for template in (base, saved):
        before = values_of(template.parse([]))
        template.parse([]).model_config.clear()
        template.parse([]).trainer_config.clear()
        assert values_of(template.parse([])) == before


def test_values_that_a_template_cannot_have_are_refused_by_the_field():
    with pytest.raises(SettingNotAllowedError, match="num_train_epochs"):
        save(num_train_epochs=0)
    with pytest.raises(SettingUnknownError, match="epochs"):
        save(epochs=1)
    with pytest.raises(TemplateNameError):
        save_template("long", "x" * 101, "", DEEP, {})
    assert list_templates() == list(SHIPPED)


def test_a_deleted_template_is_gone_and_shipped_ones_stay():
    save()
    delete_template("thorough")
    assert list_templates() == list(SHIPPED)
    for name in ("thorough", "writer", "../preferences"):
        with pytest.raises(TemplateMissingError):
            delete_template(name)


def test_a_place_that_cannot_be_written_to_is_named():
    write(templates_folder(), "a file where the folder should be")
    with pytest.raises(NotWritableError):
        save()
    assert list_templates() == list(SHIPPED)


def test_a_damaged_file_is_left_out_of_the_list_and_named_with_its_reason():
    save()
    folder = templates_folder()
    whole = (folder / "thorough.yaml").read_text(encoding="utf-8")
    write(folder / "cut.yaml", whole[:200])
    write(folder / "other.yaml", whole)
    write(folder / "newer.yaml", whole.replace("format: 1", "format: 2"))
    write(folder / "tuned.yaml", whole.replace("thorough", "tuned").replace("seed: 13", "seed: -1"))
    write(folder / "empty.yaml", "")
    (folder / "folder.yaml").mkdir()
    (folder / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    write(folder / ".thorough.yaml.writing", "for")
    write(folder / "notes.txt", "mine")
    assert [one.name for one in list_templates()[len(SHIPPED) :]] == ["thorough"]
    reasons = {one.path.name: one.what for one in damaged_templates()}
    names = {"cut", "other", "newer", "tuned", "empty", "folder", "bytes"}
    assert set(reasons) == {f"{name}.yaml" for name in names}
    assert "thorough" in reasons["other.yaml"]
    assert "seed" in reasons["tuned.yaml"]
    delete_template("cut")
    assert len(damaged_templates()) == len(names) - 1


@pytest.mark.parametrize("template", SHIPPED, ids=lambda one: f"{one.type}-{one.name}")
def test_every_template_goes_out_as_yaml_and_comes_back_the_same(template, tmp_path):
    path = tmp_path / "mine.yaml"
    export_template(template, path)
    with pytest.raises(TemplateNameError):
        import_template(path)
    kept = import_template(path, name="mine again")
    assert (kept.type, kept.shipped_name) == (template.type, template.name)
    assert kept.parse([]) == template.parse([])
    assert find_template("", "mine again") == kept
    others = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert template.with_values(others["settings"]) == template.parse([])


def test_a_template_travels_to_another_computer(tmp_path, monkeypatch):
    saved = save(num_train_epochs=2)
    export_template(saved, tmp_path / "out.yaml")
    monkeypatch.setenv("TEXTWRIGHT_HOME", str(tmp_path / "other"))
    assert import_template(tmp_path / "out.yaml") == saved
    assert list_templates()[-1] == saved


def test_a_template_written_by_hand_names_only_what_differs(tmp_path):
    words = """
format: 1
model_type: text-classifier
template: full_fine_tuning
settings:
  learning_rate: 3e-5   # no point in it
  num_train_epochs: 4.0
  concepts_mutually_exclusive: true
"""
    kept = import_template(write(tmp_path / "by hand.yaml", words))
    values = {"learning_rate": 3e-5, "num_train_epochs": 4, "concepts_mutually_exclusive": "true"}
    assert kept.name == "by hand"
    assert kept.parse([]) == DEEP.with_values(values)


def test_the_portals_parameters_become_a_template(tmp_path):
    portal = {
        "dataset_id": "",
        "concepts": [],
        "train_params": {
            "template": "HuggingFace_AdvancedConfig",
            "model_config": {"problem_type": "multi_label_classification"},
            "trainer_config": {"num_train_epochs": 3.0},
        },
        "inference_params": {"select_concepts": []},
    }
    path = write(tmp_path / "portal.yaml", yaml.safe_dump(portal))
    kept = import_template(path)
    assert (kept.name, kept.type) == ("portal", TEXT_CLASSIFIER)
    assert kept.parse([]).trainer_config == {"num_train_epochs": 3.0}
    path = write(tmp_path / "portal.json", json.dumps(portal))
    assert import_template(path, name="as JSON").parse([]) == kept.parse([])


@pytest.mark.parametrize(
    ("params", "type"),
    [
        ({"template": "HF_GPTNeo_125m_lora", "peft_config": {"task_type": "CAUSAL_LM"}}, "to-text"),
        ({"template": "HF_GPTNeo_125m_lora", "peft_config": {"task_type": "SEQ_CLS"}}, "text-cl"),
        ({"enrich_dataset": "Automatic"}, "embedding"),
        ({"template": "encoder_lora"}, "text-cl"),
    ],
)
def test_the_portals_parameters_tell_for_which_type_of_model_they_are(params, type, tmp_path):  # noqa: A002
    path = write(tmp_path / "portal.yaml", yaml.safe_dump({"train_params": params}))
    assert type in import_template(path).type


def test_a_file_that_does_not_say_its_type_of_model_asks_for_it(tmp_path):
    words = "train_params: {template: HuggingFace_AdvancedConfig, tokenizer_config: {}}"
    path = write(tmp_path / "portal.yaml", words)
    with pytest.raises(TemplateTypeError) as refused:
        import_template(path)
    assert EMBEDDING_CLASSIFIER in refused.value.next_step
    assert import_template(path, type=TEXT_TO_TEXT).type == TEXT_TO_TEXT
    bare = write(tmp_path / "bare.yaml", "num_train_epochs: 2")
    with pytest.raises(TemplateTypeError):
        import_template(bare)
    assert import_template(bare, template="encoder_lora").parse([]).num_train_epochs == 2
    assert import_template(bare, type=TEXT_CLASSIFIER, name="b").shipped_name == "full_fine_tuning"
    with pytest.raises(ModelTypeMissingError):
        import_template(bare, type="visual-classifier")
    with pytest.raises(TemplateMissingError):
        import_template(bare, template="HF_Mistral_7b_instruct_GPTQ_lora")


def test_python_becomes_a_template_without_being_run(tmp_path):
    words = 'model_type = "text-classifier"\ntemplate = "encoder_lora"\nlora_rank = 4 * 2\n'
    kept = import_template(write(tmp_path / "training_config.py", words))
    assert kept.parse([]).lora_rank == 8
    assert kept.shipped_name == "encoder_lora"


HEAD = "format: 1\nname: n\nmodel_type: text-classifier\ntemplate: encoder_lora\n"


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (HEAD + "settings: {seed: x}", SettingNotAllowedError),
        (HEAD + "settings: {seeds: 1}", ConfigNamesUnknownError),
        (HEAD + "settings: [1]", ConfigFileError),
        (HEAD + "colour: red", ConfigNamesUnknownError),
        (HEAD + "title: [1]", ConfigFileError),
        (HEAD.replace("1", "1.0"), ConfigFileError),
        (HEAD.replace("1", "true"), ConfigFileError),
        (HEAD.replace("encoder_lora", "writer"), TemplateMissingError),
        (HEAD.replace("text-classifier", "visual-classifier"), ModelTypeMissingError),
        (HEAD.replace("name: n", "name: ../n"), TemplateNameError),
        ("- 1", ConfigFileError),
    ],
)
def test_a_file_with_something_wrong_in_it_is_refused_and_nothing_is_kept(words, error, tmp_path):
    with pytest.raises(error):
        import_template(write(tmp_path / "mine.yaml", words))
    assert list_templates() == list(SHIPPED)


def test_a_template_goes_out_as_yaml_alone(tmp_path):
    with pytest.raises(ConfigFileError):
        export_template(DEEP, tmp_path / "mine.py")
    with pytest.raises(NotWritableError):
        export_template(DEEP, tmp_path / "missing" / "mine.yaml")
    assert list(tmp_path.iterdir()) == []


def test_models_of_a_custom_template_are_kept_under_the_shipped_one():
    saved = save(num_train_epochs=12)
    again = shipped_template(saved.type, saved.shipped_name)
    assert again.with_values(values_of(saved.parse([]))) == saved.parse([])
