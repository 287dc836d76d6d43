"""The self-test: the whole loop on a sample in a temporary folder, with the network taken away.

It has to be the first thing that a process does: see `core.worker.run_apart`. Everything that it
makes is removed again; nothing of the analyst is read or changed.
"""

import csv
import platform
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from typing_extensions import override

from core import SWITCHED_OFF
from core.app_folder import AppFolder
from core.errors import UserError
from core.files import preview
from core.i18n import N_, _, ngettext
from core.jobs import Job, JobCancelled
from core.offline import Attempt, Watch, count_refused_by_system, forbid_network, leave_network
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.create_app import CreateAppRequest, create_app
from core.operations.export_inputs import ExportRequest, export_inputs
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.predict import PredictRequest, predict
from core.operations.train import TrainRequest, train
from core.operations.try_text import TryRequest, try_text
from core.resources import folder
from core.temporary import temporary_folder
from core.wording import number

SAMPLE, MODEL = "spam-or-not", "Self-test"
LEARNED_TEXTS, PREDICTED_TEXTS = 120, 20
STEPS = (
    N_("Create an app"),
    N_("Import texts"),
    N_("Label them"),
    N_("Train a model"),
    N_("Try a text"),
    N_("Predict a file"),
    N_("Export"),
)
TRIED = "You have won a voucher worth 500 pounds! Reply WIN to claim it today."


@dataclass(frozen=True)
class SelfTestRequest:
    """What to test; `is_offline` takes the network away and counts who asks for it."""

    is_offline: bool = True


@dataclass(frozen=True)
class LoopStep:
    """One step of the loop: what was done, how long it took, and why not, if it failed."""

    what: str
    seconds: float
    found: str
    has_passed: bool = True


@dataclass(frozen=True)
class SelfTestResult:
    """What the self-test did and found.

    Attributes:
        steps: the steps of the loop as far as it came; the last one may have failed.
        is_offline: the network was forbidden. has_no_network: the process had none at all.
        attempts: who asked for the network. n_refused: how often the system found no way out.
        programs: names of other programs that were started, each with how often.
    """

    steps: tuple[LoopStep, ...]
    is_offline: bool
    has_no_network: bool
    attempts: tuple[Attempt, ...]
    n_refused: int
    programs: dict[str, int]

    @property
    def has_passed(self) -> bool:
        """Tell whether the whole loop worked and nothing asked for the network."""
        return all(step.has_passed for step in self.steps) and not self.asked

    @property
    def asked(self) -> int:
        """How often the network was asked for; the system counts again what Python refused not."""
        return len(self.attempts) + self.n_refused

    def headline(self) -> str:
        """Return the outcome in one sentence."""
        if not all(step.has_passed for step in self.steps):
            return _("The self-test did not come to its end.")
        if self.asked:
            words = ngettext(
                "Something asked for the network {n} time.",
                "Something asked for the network {n} times.",
                self.asked,
            )
            return words.format(n=number(self.asked))
        if self.is_offline:
            return _("Everything works, and nothing asked for the network.")
        return _("Everything works.")

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        lines = [self.headline(), ""]
        for step in self.steps:
            sign = "✓" if step.has_passed else "✗"
            words = _("{sign} {what}: {found} ({seconds:.1f} s)")
            lines.append(words.format(sign=sign, **asdict(step)))
        if self.is_offline:
            lines += ["", *self.offline_lines()]
        return lines

    def offline_lines(self) -> list[str]:
        """Return how the network was taken away, and who asked for it."""
        own = _("Connections of every kind were refused and counted inside the program.")
        system = (
            _("The system gave this test no network at all, and counted who asked for a way out.")
            if self.has_no_network
            else _("This system cannot take the network from one program; it was only counted.")
        )
        lines = [own, system]
        for attempt in self.attempts:
            words = _("Asked for the network: {what} {address} in {where}")
            lines.append(words.format(**asdict(attempt)))
        if self.n_refused:
            words = _("Refused by the system itself: {n}")
            lines.append(words.format(n=number(self.n_refused)))
        if self.programs:
            told = ", ".join(f"{name} ({n})" for name, n in sorted(self.programs.items()))
            lines.append(_("Other programs that were started: {names}").format(names=told))
        return lines

    def value(self) -> dict[str, Any]:
        """Return the report for machines, with what it was run on."""
        return {
            "has_passed": self.has_passed,
            **asdict(self),
            "switched_off": SWITCHED_OFF,
            "system": platform.platform(),
            "python": platform.python_version(),
        }


def self_test(request: SelfTestRequest, job: Job) -> SelfTestResult:
    """Run the whole loop in this process, which must be a fresh one of its own.

    Raises:
        JobCancelled: the analyst asked to stop.
    """
    has_no_network = request.is_offline and leave_network()
    watch = forbid_network() if request.is_offline else Watch()
    steps: list[LoopStep] = []
    with temporary_folder() as place:
        for what, act in zip(STEPS, _loop(place), strict=True):
            began = time.monotonic()
            found, has_passed = _try(act, _StepJob(job, _(what), len(steps)))
            steps.append(LoopStep(_(what), time.monotonic() - began, found, has_passed))
            if not has_passed:
                break
    return SelfTestResult(
        steps=tuple(steps),
        is_offline=request.is_offline,
        has_no_network=has_no_network,
        attempts=tuple(watch.attempts),
        n_refused=count_refused_by_system() if has_no_network else 0,
        programs=dict(Counter(watch.programs)),
    )


class _StepJob(Job):
    """Tells of what happens within a step only which step it is."""

    def __init__(self, whole: Job, what: str, n_done: int) -> None:
        super().__init__()
        self._whole, self._what, self._n_done = whole, what, n_done
        self.report(what)

    @override
    def report(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Publish the step; raise `JobCancelled` if the analyst asked to stop."""
        self._whole.report(self._what, self._n_done, len(STEPS))


def _try(act: Callable[[Job], str], job: Job) -> tuple[str, bool]:
    try:
        return act(job), True
    except JobCancelled:
        raise
    except UserError as error:
        return f"{error} {error.next_step}", False
    except Exception as error:  # noqa: BLE001  # a step that breaks is what is looked for
        return type(error).__name__, False


def _loop(place: Path) -> Iterator[Callable[[Job], str]]:
    """Yield what does the steps, one after the other, and says what came of each."""
    with (folder("samples") / f"{SAMPLE}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:LEARNED_TEXTS]
    texts = place / "texts.csv"
    app = AppFolder(place / "app")
    yield lambda job: _create(app.path, job)
    yield lambda job: _import(app, _write(texts, rows), job)
    yield lambda job: _label(app, rows, job)
    yield lambda job: _train(app, job)
    yield lambda job: _try_out(app, job)
    yield lambda job: _predict(app, _write(texts, rows[-PREDICTED_TEXTS:]), job)
    yield lambda job: _export(app, place / "exported.csv", job)


def _write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text"])
        writer.writerows([row["text"]] for row in rows)
    return path


def _create(path: Path, job: Job) -> str:
    create_app(CreateAppRequest(_("Self-test"), path), job)
    return _("done")


def _import(app: AppFolder, path: Path, job: Job) -> str:
    result = import_texts(app, ImportRequest(path, preview(path).mapping), job)
    return _texts(result.n_added)


def _label(app: AppFolder, rows: list[dict[str, str]], job: Job) -> str:
    for concept in sorted({row["concepts"] for row in rows}):
        ids = tuple(i for i, row in enumerate(rows, start=1) if row["concepts"] == concept)
        annotate(app, AnnotateRequest(ids, concept), job)
    return _texts(len(rows))


def _train(app: AppFolder, job: Job) -> str:
    result = train(app, TrainRequest(model=MODEL), job)
    share = result.evaluation.report["top1_accuracy"]
    return _("{share:.0%} right on texts that it had not seen").format(share=share)


def _try_out(app: AppFolder, job: Job) -> str:
    result = try_text(app, TryRequest(MODEL, TRIED), job)
    best = result.predictions[0]
    return _("{concept}, {share:.0%} sure").format(concept=best.concept, share=best.probability)


def _predict(app: AppFolder, path: Path, job: Job) -> str:
    request = PredictRequest(MODEL, path, path.with_name("predicted.csv"), preview(path).mapping)
    return _texts(predict(app, request, job).n_predicted)


def _export(app: AppFolder, path: Path, job: Job) -> str:
    return _texts(export_inputs(app, ExportRequest(path), job).n_inputs)


def _texts(n: int) -> str:
    return ngettext("{n} text", "{n} texts", n).format(n=number(n))
