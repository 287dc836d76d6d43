"""What the trainings of all model types share: what they are given, and what they give back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from core.app_folder import AppFolder
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.learning.settings import Settings
from core.operations.scoring import Found
from core.operations.written import Written
from core.records import DatasetVersion, FrozenInput, Method, ModelStatus
from core.storage.database import Database
from core.storage.models import find_model_version


class TooManyUnusableError(UserError):
    """More texts are of no use to a training than the settings put up with."""

    status = ModelStatus.MODEL_TRAINING_INSUFFICIENT_DATA

    def __init__(self, found: Mapping[str, int], n_texts: int, tolerated_percent: float) -> None:
        reasons = "; ".join(f"{words} ({n})" for words, n in found.items())
        n = sum(found.values())
        super().__init__(
            _("{n} of {total} texts cannot be used: {reasons}").format(
                n=n, total=n_texts, reasons=reasons
            ),
            next_step=_(
                "Mend or delete these texts, or allow more than {percent:g} percent of them in the "
                "settings."
            ).format(percent=tolerated_percent),
        )


def check_tolerance(found: Mapping[str, int], n_texts: int, settings: Settings, job: Job) -> None:
    """Refuse to train where too many texts are unusable; else note how many are left out.

    Args:
        found: how many there are, by the reason in words.
        n_texts: all texts, usable or not.
        settings: with `invalid_data_tolerance_percent`.
        job: gets the note.

    Raises:
        TooManyUnusableError: there are more than the settings put up with.
    """
    n_unusable = sum(found.values())
    tolerated: float = getattr(settings, "invalid_data_tolerance_percent", 100.0)
    if n_unusable * 100 > tolerated * n_texts:
        raise TooManyUnusableError(found, n_texts, tolerated)
    for words, n in found.items():
        job.note(
            _("Left out {n} of {total} texts: {reason}").format(n=n, total=n_texts, reason=words)
        )


class Savable(Protocol):
    """A trained model that can be written into a folder."""

    def save(self, folder: Path) -> None: ...  # noqa: D102


@dataclass(frozen=True)
class Example:
    """One text to learn from, as a training elsewhere is given it.

    Attributes:
        target: what a model shall write for it; "" where it has concepts.
        is_checked: whether it only says when to stop.
    """

    text: str
    concepts: tuple[str, ...] = ()
    target: str = ""
    is_checked: bool = False


Elsewhere = Callable[[list[Example], tuple[str, ...]], Any]
"""Takes the examples and the concepts, and returns the model that was trained of them."""


@dataclass(frozen=True)
class Lesson:
    """What a training is given.

    Attributes:
        concepts: to predict; empty means every concept of the version.
        checkpoints: a folder for what it needs to go on after an interruption.
        elsewhere: what learns instead of this computer; None for this computer.
    """

    app: AppFolder
    db: Database
    version: DatasetVersion
    inputs: list[FrozenInput]
    concepts: tuple[str, ...]
    settings: Settings
    checkpoints: Path
    elsewhere: Elsewhere | None = None

    def earlier_folder(self, type: str) -> Path | None:  # noqa: A002  # the field's word
        """Return the folder of the version that the training goes on from, if any.

        Raises:
            ModelMissingError, ModelVersionMissingError: there is no such version.
            EarlierTypeError: it is of another type.
        """
        name, _colon, number = getattr(self.settings, "resume_from_model", "").rpartition(":")
        if not name:
            name, number = number, "0"
        if not name:
            return None
        earlier = find_model_version(self.db, name, int(number) if number.isdecimal() else 0)
        if earlier.type != type:
            raise EarlierTypeError(name)
        return self.app.models / earlier.folder


class EarlierTypeError(UserError):
    """A training cannot go on from a model of another type."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("A training cannot go on from “{name}”, which is of another type.").format(name=name),
            next_step=_("Choose a version of the same type, or none."),
        )


@dataclass(frozen=True)
class Fitted:
    """What a training gives back.

    Attributes:
        concepts: that the model answers with; empty where it writes texts.
        found: the scores, and what is kept of each text.
        n_folds: from 2 where they are of cross-validation.
        n_texts: that it learned from.
        about: what else the version's summary tells.
        stands_on_base: whether its weights are worth something only beside its base model.
    """

    model: Savable
    settings: Settings
    concepts: tuple[str, ...]
    found: Found | Written
    method: Method
    n_folds: int
    n_texts: int
    about: dict[str, Any]
    stands_on_base: bool = False
