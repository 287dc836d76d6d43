"""A training as a folder, for other computers, several graphics processors, or several nodes.

It holds the texts, the settings and which base model is meant, and `run.py`, which accelerate
starts once for each processor. What comes out is a model folder as every training here makes one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml  # type: ignore[import-untyped]
from accelerate import PartialState  # type: ignore[import-untyped]

from core.asides import written_aside
from core.errors import UserError, writing_to
from core.i18n import _
from core.jobs import Job
from core.learning.fine_tuning.hugging_face import is_first_process
from core.learning.fine_tuning.hugging_face_networks import is_adapted
from core.learning.hugging_face_settings import check_dictionaries
from core.learning.settings import Settings, settings_from_values
from core.learning.text_classifier_settings import (
    HuggingFaceClassifierSettings,
    HuggingFaceLoraClassifierSettings,
)
from core.learning.text_to_text_settings import (
    HuggingFaceLoraTextToTextSettings,
    HuggingFaceTextToTextSettings,
)

DATA, SETTINGS, RUN, README = "data.jsonl", "settings.yaml", "run.py", "README.md"
MODEL, CHECKPOINTS, BASE_FILE = "model", "checkpoints", "base.json"
FORMAT = 1
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
_KINDS: dict[str, type[Settings]] = {
    "text-classifier": HuggingFaceClassifierSettings,
    "text-classifier-lora": HuggingFaceLoraClassifierSettings,
    "text-to-text": HuggingFaceTextToTextSettings,
    "text-to-text-lora": HuggingFaceLoraTextToTextSettings,
}
_SCRIPT = '''"""Trains what lies beside this file; README.md says how it is started."""

import argparse
import sys
from pathlib import Path

from core.errors import UserError
from core.jobs import Job, Measure, Note
from core.learning.fine_tuning.job_folder import run_job_folder


class SpokenJob(Job):
    def publish(self, event):
        super().publish(event)
        if isinstance(event, Note):
            print(event.line, flush=True)
        elif isinstance(event, Measure):
            print(f"{event.series} {event.step:.2f}: {event.value:.4f}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, help="the folder of the base model")
    given = parser.parse_args()
    try:
        print(run_job_folder(Path(__file__).resolve().parent, SpokenJob(), base=given.base))
    except UserError as error:
        sys.exit(f"{error} {error.next_step}")
'''


class NotExportableError(UserError):
    """Only the templates that the Hugging Face libraries train can be run elsewhere."""

    def __init__(self) -> None:
        super().__init__(
            _("This template trains on this computer only."),
            next_step=_("Choose one of the Hugging Face templates to train elsewhere."),
        )


class JobFolderDamagedError(UserError):
    """A folder is no exported training, or a file of it is missing or changed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            _("“{folder}” is no exported training, or not a whole one.").format(folder=folder.name),
            next_step=_("Export the training again."),
        )


class BaseElsewhereError(UserError):
    """The base model of an exported training is not where it was."""

    def __init__(self, name: str, place: str) -> None:
        super().__init__(
            _("The base model “{name}” is not at “{place}”.").format(name=name, place=place),
            next_step=_("Give its folder with --base."),
        )


@dataclass(frozen=True)
class Row:
    """A text to learn from.

    Attributes:
        text: of it.
        concepts: that it has; of a text to answer, none.
        target: the answer that a model shall write to it; "" for a text with concepts.
        is_checked: whether it is kept apart to find the best state with.
    """

    text: str
    concepts: tuple[str, ...] = ()
    target: str = ""
    is_checked: bool = False


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Which base model is meant: its name, which weights exactly, and where it lies here."""

    name: str
    identity: str
    folder: Path


def export_job_folder(
    out: Path,
    rows: Sequence[Row],
    *,
    settings: Settings,
    concepts: Sequence[str],
    base: Reference,
    n_processes: int = 1,
) -> list[str]:
    """Write a training into a new folder; return the words of the command that runs it there.

    Args:
        out: the folder; it appears whole or not at all.
        rows: the texts.
        settings: of a Hugging Face template.
        concepts: of a classifier; none of a model that writes.
        base: the base model, which is not copied.
        n_processes: graphics processors to train with.

    Raises:
        NotExportableError: the settings are of another template.
        KeyUnknownError, KeyRefusedError, ValueRefusedError: see `check_dictionaries`.
        DiskFullError, NotWritableError: it could not be written.
    """
    kind = next((name for name, known in _KINDS.items() if known is type(settings)), None)
    if kind is None:
        raise NotExportableError
    check_dictionaries(settings)
    told = {
        "format": FORMAT,
        "kind": kind,
        "concepts": list(concepts),
        "base": {**asdict(base), "folder": str(base.folder)},
        "settings": _plain(asdict(settings)),  # type: ignore[call-overload]
    }
    lines = [json.dumps(asdict(row), ensure_ascii=False) for row in rows]
    command = launch_command(n_processes)
    with written_aside(out) as aside:
        (aside / DATA).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        words = yaml.safe_dump(told, allow_unicode=True, sort_keys=False)
        (aside / SETTINGS).write_text(words, encoding="utf-8")
        (aside / RUN).write_text(_SCRIPT, encoding="utf-8")
        (aside / README).write_text(_read_me(command, base), encoding="utf-8")
    return command


def launch_command(n_processes: int = 1, *, on_processor: bool = False) -> list[str]:
    """Return the words that start a training in its folder, on so many processors at once."""
    several = ["--multi_gpu"] if n_processes > 1 and not on_processor else []
    return [
        *("accelerate", "launch", *several, *(["--cpu"] if on_processor else [])),
        *("--num_processes", str(n_processes), "--num_machines", "1"),
        *("--mixed_precision", "no", "--dynamo_backend", "no", RUN),
    ]


def run_job_folder(folder: Path, job: Job, *, base: Path | None = None) -> Path:
    """Run an exported training; return the folder of the trained model.

    Called by each of the processes that train together; the first one writes.

    Args:
        folder: that `export_job_folder` wrote; what it holds from an earlier run is gone on from.
        job: told of steps and losses.
        base: the folder of the base model, if it is not where it was.

    Raises:
        JobFolderDamagedError: it is none, or not whole.
        BaseElsewhereError: the base model is not there.
        UserError: the training could not go on.
    """
    try:
        told, rows = _read(folder)
        settings = settings_from_values(_KINDS[told["kind"]], told["settings"])
        name, place = str(told["base"]["name"]), base or Path(told["base"]["folder"])
    except (*_UNREADABLE, yaml.YAMLError) as error:
        raise JobFolderDamagedError(folder) from error
    if not (place / "config.json").is_file():
        raise BaseElsewhereError(name, str(place))
    check_dictionaries(settings)
    model = _fit(settings, told, rows, place, job, folder / CHECKPOINTS)
    if is_first_process():
        with writing_to(folder), written_aside(folder / MODEL) as aside:
            model.save(aside)
            if is_adapted(settings):
                known = {key: told["base"][key] for key in ("name", "identity")}
                words = json.dumps(known, ensure_ascii=False)
                (aside / BASE_FILE).write_text(words, encoding="utf-8")
    PartialState().destroy_process_group()
    return folder / MODEL


def _fit(
    settings: Settings,
    told: Mapping[str, Any],
    rows: Sequence[Row],
    base: Path,
    job: Job,
    checkpoints: Path,
) -> Any:  # noqa: ANN401  # a model of either type; both save alike
    learned = [row for row in rows if not row.is_checked]
    kept = [row for row in rows if row.is_checked]
    if isinstance(settings, HuggingFaceTextToTextSettings):
        from core.learning import text_to_text  # which trains with this package

        return text_to_text.fit(
            [text_to_text.Pair(row.text, row.target) for row in learned],
            settings=settings,
            base=base,
            base_identity=(told["base"]["name"], told["base"]["identity"]),
            job=job,
            checkpoints=checkpoints,
            validation=[text_to_text.Pair(row.text, row.target) for row in kept],
        )
    from core.learning import text_classifier  # as above

    assert isinstance(settings, HuggingFaceClassifierSettings)
    concepts = [str(concept) for concept in told["concepts"]]
    return text_classifier.fit(
        [row.text for row in learned],
        _targets(learned, concepts),
        concepts=concepts,
        settings=settings,
        base=base,
        job=job,
        checkpoints=checkpoints,
        validation=([row.text for row in kept], _targets(kept, concepts)) if kept else None,
    )


def _targets(rows: Sequence[Row], concepts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.int8]]:
    return np.array([[concept in row.concepts for concept in concepts] for row in rows], np.int8)


def _read(folder: Path) -> tuple[dict[str, Any], list[Row]]:
    told = yaml.safe_load((folder / SETTINGS).read_text(encoding="utf-8"))
    if told["format"] != FORMAT:
        raise ValueError(f"format {told['format']}")
    rows = []
    with (folder / DATA).open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            rows.append(Row(**{**row, "concepts": tuple(row["concepts"])}))
    return told, rows


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: list(v) if isinstance(v, tuple) else v for key, v in values.items()}


def _read_me(command: Sequence[str], base: Reference) -> str:
    return _(
        "# A training to run elsewhere\n\n"
        "Where Textwright is installed and the base model “{name}” is at hand,\n"
        "run in this folder:\n\n"
        "    {command}\n\n"
        "Put `--base FOLDER` behind it where the base model lies in another folder. On several\n"
        "computers, give each its number with `--machine_rank`, all of them `--num_machines` and\n"
        "`--main_process_ip`. When it is broken off, the same command goes on where it was.\n\n"
        "The trained model is then in the folder `model`. Bring that one back into Textwright.\n"
    ).format(name=base.name, command=" ".join(command))
