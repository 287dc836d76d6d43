"""A model that writes: texts in, answers out, or how likely each of some answers is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from transformers import PreTrainedModel

from core.i18n import N_, _
from core.jobs import Job
from core.learning.devices import device_of
from core.learning.splits import Floats
from core.learning.text_to_text.choosing import choice_scores
from core.learning.text_to_text.encoding import answer_tokens, encode_prompt
from core.learning.text_to_text.generation import Generation
from core.learning.text_to_text.loading import Adapter, load_network, load_reader
from core.learning.text_to_text.prompts import (
    answer_header_of,
    has_sections,
    prompt_of,
    template_of,
    with_answer_header,
)
from core.learning.text_to_text.reading import Reader
from core.learning.text_to_text.writing import Pen
from core.learning.text_to_text_settings import TextToTextSettings

WRITING = N_("Writing answers")
COMPARING = N_("Comparing answers")
_SHARE_FOR_ANSWER = 4  # of the model's limit, a fourth, where nothing is known of its answers


@dataclass(frozen=True)
class Frame:
    """What training found out about the texts, and answering goes by.

    Attributes:
        template: what is written around a text without sections.
        answer_header: put behind a text with sections that does not end with it; or "".
        longest_answer: of the texts it learned from, in tokens; 0 if it has not learned.
    """

    template: str
    answer_header: str = ""
    longest_answer: int = 0


@dataclass(frozen=True)
class Base:
    """The base model that a model was made from: what it is called, and which one exactly."""

    name: str
    identity: str


@dataclass
class TextToText:
    """A network that writes answers, with everything that it was trained with.

    Attributes:
        network: which answers; what an adapter learned is merged into it.
        reader: how it reads.
        settings: of its training.
        frame: what is around its texts.
        folder: where its tokenizer lies.
        base: its base model.
        adapter: what was learned beside the base model; None if the network itself learned.
        report: how the training went, as JSON keeps it.
    """

    network: PreTrainedModel
    reader: Reader
    settings: TextToTextSettings
    frame: Frame
    folder: Path
    base: Base
    adapter: Adapter | None = None
    report: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def untrained(
        cls, folder: Path, settings: TextToTextSettings, *, base: Base | None = None
    ) -> "TextToText":
        """Return a base model that answers as it came, for comparison.

        Raises:
            BaseUnreadableError: its folder is damaged. TokenizerMissingError: or incomplete.
            DeviceMissingError: the settings name a device that is not there.
        """
        network = load_network(folder).to(device_of(settings.device))  # type: ignore[arg-type]
        return cls(
            network=network,
            reader=load_reader(folder),
            settings=settings,
            frame=Frame(settings.prompt_template),
            folder=folder,
            base=base or Base(folder.name, ""),
        )

    def asked_as(self, settings: TextToTextSettings) -> "TextToText":
        """Return an untrained model that is asked as other settings have it."""
        return replace(self, settings=settings, frame=Frame(settings.prompt_template))

    def generate(
        self, texts: Sequence[str], how: Generation | None = None, job: Job | None = None
    ) -> list[str]:
        """Return an answer to each text, worked out many at a time.

        Args:
            texts: with or without sections; what is too long is cut in its middle.
            how: they are answered; None for what the settings say.
            job: told how many are done.

        Raises:
            JobCancelled: the analyst asked to stop.
        """
        job, how = job or Job(), self._within_limit(how)
        if not texts:
            return []
        job.report(_(WRITING), 0, len(texts))
        prompts = [self._prompt(text, how) for text in texts]
        return Pen(self.network, self.reader).write(
            prompts, how, lambda n_done: job.report(_(WRITING), n_done, len(texts))
        )

    def stream(self, text: str, how: Generation | None = None, job: Job | None = None) -> str:
        """Return what `write` does without how it ended."""
        return self.write(text, how, job)[0]

    def write(
        self, text: str, how: Generation | None = None, job: Job | None = None
    ) -> tuple[str, str]:
        """Return the answer to a text, and publish it with `job.piece` while it is written.

        Behind it stands why it ended before the model ended it: "longest" where it is as long as
        an answer may be, "repeats" where the model turned in circles; else "".

        The pieces together are the answer, unless the model turned in circles: then the answer
        ends before the first repetition, and it is what counts.

        Args:
            text: as in `generate`.
            how: as in `generate`.
            job: given the pieces; no piece ends inside a character.

        Raises:
            JobCancelled: the analyst asked to stop; at the next token.
        """
        job, how = job or Job(), self._within_limit(how)
        answer = Pen(self.network, self.reader).stream(
            self._prompt(text, how), how, job.piece, lambda: job.report(_(WRITING))
        )
        return answer.words, answer.ending

    def choice_probabilities(
        self, texts: Sequence[str], choices: Sequence[str], job: Job | None = None
    ) -> Floats:
        """Return how probable each of some answers is, (n_texts, n_choices), rows summing to 1.

        Args:
            texts: as in `generate`.
            choices: the answers, such as the names of concepts.
            job: told how many are done.

        Raises:
            JobCancelled: the analyst asked to stop.
        """
        job = job or Job()
        if not texts or not choices:
            return np.zeros((len(texts), len(choices)), np.float32)
        prompts, answers = self._prompts_and_choices(texts, choices)
        n_done = 0

        def tick() -> None:
            nonlocal n_done
            n_done += 1
            job.report(_(COMPARING), n_done)

        scores = choice_scores(self.network, self.reader, prompts, answers, tick)
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        found: Floats = shares / shares.sum(axis=1, keepdims=True)
        return found

    def save(self, folder: Path) -> None:
        """Write the model into an existing, empty folder; `load` reads it."""
        from core.learning.text_to_text.saving import save

        save(self, folder)

    def prompt_text(self, text: str) -> str:
        """Return what the model sees of a text, before anything is cut."""
        return str(prompt_of(self._framed(text), self.frame.template))

    def _framed(self, text: str) -> str:
        return with_answer_header(text, self.frame.answer_header)

    def _prompt(self, text: str, how: Generation) -> tuple[int, ...]:
        return self._read(text, min(how.max_new_tokens, self._expected_answer()))

    def _read(self, text: str, reserved: int) -> tuple[int, ...]:
        return encode_prompt(
            self._framed(text),
            self.reader,
            template=self.frame.template,
            max_tokens=self.settings.max_tokens,
            reserved=reserved,
        )

    def _expected_answer(self) -> int:
        """Return how much room is kept for an answer: as much as the longest in training had."""
        limit = self.reader.limit(self.settings.max_tokens)
        return min(self.frame.longest_answer or limit // _SHARE_FOR_ANSWER, limit // 2)

    def _within_limit(self, how: Generation | None) -> Generation:
        how = how or Generation.of(self.settings)
        most = self.reader.positions
        return how if most is None else replace(how, max_new_tokens=min(how.max_new_tokens, most))

    def _prompts_and_choices(
        self, texts: Sequence[str], choices: Sequence[str]
    ) -> tuple[list[tuple[int, ...]], list[list[tuple[int, ...]]]]:
        """Return the tokens of the prompts, and of each choice behind each of them."""
        start, after = (
            (self.reader.before, self.reader.after)
            if self.reader.writes_apart
            else (
                (),
                (),
            )
        )
        ending = after if after and after[-1] == self.reader.end else (*after, self.reader.end)
        limit = self.reader.limit(self.settings.max_tokens)
        known: dict[bool, list[tuple[int, ...]]] = {}
        answers = []
        for text in texts:
            seen = self.prompt_text(text)
            key = bool(seen) and seen[-1].isspace()
            if key not in known:
                found = [answer_tokens(choice.strip(), seen, self.reader).ids for choice in choices]
                known[key] = [(*start, *ids[: limit // 2], *ending) for ids in found]
            answers.append(known[key])
        longest = max(len(ids) for one in known.values() for ids in one)
        return [self._read(text, longest) for text in texts], answers


def trained_frame(
    prompts: Sequence[str], settings: TextToTextSettings, longest_answer: int
) -> Frame:
    """Return what training texts have in common, so that new ones are shown alike."""
    with_sections = [text for text in prompts if has_sections(text)]
    is_usual = len(with_sections) > len(prompts) // 2
    template = settings.prompt_template
    return Frame(
        template_of(with_sections, template) if is_usual else template,
        answer_header_of(with_sections) if is_usual else "",
        longest_answer,
    )
