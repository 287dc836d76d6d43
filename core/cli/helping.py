"""What `textwright-cli --help` says: the commands in groups, and words for each option."""

import argparse
from collections.abc import Mapping

FIRST_STEPS = """first steps:
  textwright-cli create-app Mail
  textwright-cli import Mail letters.csv
  textwright-cli train Mail --model "My model"
  textwright-cli predict Mail "My model" new.csv --out answers.csv

`textwright-cli COMMAND --help` tells more of one.
"""

GROUPS = {
    "an app and its texts": (
        *("create-app", "sample", "import", "add", "inputs", "concepts", "datasets", "freeze"),
        *("versions", "diff", "export", "search", "clusters", "index", "undo", "redo"),
    ),
    "labelling": ("label", "split", "check-data", "suggest", "next"),
    "models": (
        *("model-types", "templates", "base-models", "train", "sweep", "jobs", "resume", "models"),
        *("evaluate", "evaluations", "delete-evaluation", "compare", "leaderboard", "thresholds"),
        *("explain", "learning-curve", "report", "export-evaluation"),
    ),
    "putting models to work": ("try", "generate", "predict", "use-predictions", "workflow"),
    "elsewhere": (
        *("take-along", "bring-back", "export-model", "import-model", "export-app", "import-app"),
        *("merge-app", "settle"),
    ),
    "keeping": ("backup", "backups", "restore", "check", "self-test", "loop"),
}

EXAMPLES = {
    "import": 'import Mail letters.csv --text body --concepts topic --separator ";"',
    "inputs": 'inputs Mail --search "refund" --filter labelling=unlabelled --sort length',
    "label": 'label Mail complaint --search "refund"',
    "search": 'search Mail --meaning "wants money back" --filter split=train --limit 10',
    "train": 'train Mail --model "My model" --type text-classifier',
    "sweep": 'sweep Mail --model "My model" --type text-classifier --try "num_train_epochs=2|4"',
    "evaluate": 'evaluate Mail "My model" --cross-validate 5',
    "compare": 'compare Mail "My model:1" "My model:2"',
    "predict": 'predict Mail "My model" new.csv --out answers.csv',
    "use-predictions": "use-predictions Mail answers.csv --accept 0.95",
    "suggest": 'suggest Mail "My model" --accept 0.95 --review 0.5 --dry-run',
    "settle": "settle Mail --take theirs --input 12 --only labels",
    "workflow": 'workflow Mail run "My workflow" --file new.csv --out read.csv',
    "templates": "templates --type text-classifier",
    "take-along": 'take-along Mail --model "My model" --template NAME --out folder',
}

WORDS = {  # of what says the same in several commands
    "model": "name of a model, as “models” lists it",
    "text": "the text, in quotation marks",
    "dataset": "a dataset of the app; else its own, “texts”",
    "set": "a setting of the template; may be repeated",
    "concept": "only this concept; may be repeated",
    "dataset_version": "version of the dataset; else its texts as they are now",
    "cross_validate": "train K times, each time checked on another part of the texts",
}
OWN_WORDS = {  # of one command
    "create-app": {"name": "what the app is called"},
    "base-models": {"verb": "what is to be done; else they are listed"},
    "import": {
        "file": "a table, text or document, a folder, or a ZIP archive of these",
        "encoding": "how the file is encoded, as utf-8 or cp1252; else it is guessed",
        "delimiter": "the sign between columns, as “;”; else it is guessed",
        "dataset": "where the texts go; else the app's own dataset, “texts”",
    },
    "add": {
        "absent": "it is not this",
        "dataset": "where the text goes; else the app's own dataset, “texts”",
    },
    "inputs": {"sort": "by what the list is sorted", "descending": "the last ones first"},
    "label": {"concept": "made if it is new", "input": "key of one text; may be repeated"},
    "split": {
        "train": "share to learn from",
        "validation": "share to choose settings by",
        "test": "share to score on",
        "seed": "another number draws other texts",
        "not_stratified": "draw without regard to the concepts",
    },
    "export": {
        "file": "new file; one of that name is replaced",
        "column": "only this column; may be repeated",
    },
    "freeze": {"description": "what the version is for"},
    "diff": {"old": "number of a version", "new": "number of a later one"},
    "check-data": {"embedder": "what reads the texts, to find those that are alike"},
    "train": {"model": "what the model is called; a name that is taken gets a new version"},
    "sweep": {"model": "what the model is called; each training is a version of it"},
    "take-along": {"model": "what the model will be called"},
    "bring-back": {"folder": "that “take-along” wrote and the training filled"},
    "evaluate": {"dataset": "else the scores of its training are repeated"},
    "use-predictions": {
        "low": "only answers with this probability or more",
        "high": "only answers with this probability or less",
        "dataset": "where new texts go; else the app's own dataset, “texts”",
    },
    "compare": {"split": "only texts kept for this"},
    "leaderboard": {
        "dataset": "only evaluations on it",
        "type": "only models of this type",
        "concept": "by the scores of this concept",
        "by": "the score that ranks them",
    },
    "report": {"out": "new file, .html or .pdf", "author": "who signs it"},
    "next": {"limit": "how many texts", "strategy": "which texts come first"},
    "export-app": {"file": "new file; its name ends in .textwright"},
    "import-app": {"file": "that “export-app” wrote"},
}


def example_of(name: str) -> str | None:
    """Return what stands below the options of a command, if it has an example."""
    return f"example:\n  textwright-cli {EXAMPLES[name]}" if name in EXAMPLES else None


def overview(abouts: Mapping[str, str]) -> str:
    """Return all commands in their groups, each with what it does, and where to begin."""
    width = max(map(len, abouts)) + 2
    parts = []
    for title, names in GROUPS.items():
        lines = [f"  {name:<{width}}{abouts[name]}" for name in names]
        parts.append("\n".join([f"{title}:", *lines]))
    return "\n\n".join([*parts, FIRST_STEPS])


def fill_in(name: str, command: argparse.ArgumentParser) -> None:
    """Give the options of a command that say nothing of themselves their words."""
    own = OWN_WORDS.get(name, {})
    for action in command._actions:  # noqa: SLF001  # argparse has no other list of them
        if action.help is None:
            action.help = own.get(action.dest) or WORDS.get(action.dest)
