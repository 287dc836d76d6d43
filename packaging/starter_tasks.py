"""Tasks in the text-to-text form: prompts with their answers, made as they are needed.

A maker fixes what one task is (which keys, which form of the values, which rule), and the task
then gives any number of examples of it. Some documents hold several examples of one task, so
that the model learns to see from earlier examples, or from training, what is wanted.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass

from starter_fields import extraction, normalising, sentence_to_values, values_to_sentence
from starter_sentences import STORIES, TEMPLATES, fill, invented_name, sentence, value
from starter_words import WORDS

Example = tuple[str, str]
Piece = tuple[str, bool]  # a part of a document, and whether it is an answer


@dataclass(frozen=True)
class Task:
    """One task: what to do in words, and how to get an example of it."""

    instruction: str
    example: Callable[[random.Random], Example]


def copying(rng: random.Random) -> Task:
    """Copy the input, or a part of it that is easy to point at."""
    kind = rng.randrange(5)
    some = rng.choice((_words, sentence, lambda rng: fill("{person}, {house}, {code}", rng)))
    if kind == 0:
        return Task(rng.choice(("Copy the text.", "Repeat the input.")), lambda r: _same(some(r)))
    if kind == 1:
        return Task("Repeat the text in quotation marks.", lambda r: _quoted(some(r)))
    if kind == 2:  # noqa: PLR2004
        return Task("Give the last word.", lambda r: _with(some(r), lambda t: t.split()[-1]))
    if kind == 3:  # noqa: PLR2004
        return Task("Give the first word.", lambda r: _with(some(r), lambda t: t.split()[0]))
    return Task("Repeat the text twice.", lambda r: _with(_words(r), lambda t: f"{t} {t}"))


def rewriting(rng: random.Random) -> Task:
    """Change letters or the order of words by a rule."""
    rules: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("Write in upper case.", str.upper),
        ("Write in lower case.", str.lower),
        ("Write every word with a capital.", str.title),
        ("Sort the words.", lambda t: " ".join(sorted(t.split(), key=str.lower))),
        ("Reverse the order of the words.", lambda t: " ".join(reversed(t.split()))),
        ("Put commas between the words.", lambda t: ", ".join(t.split())),
        ("Make a JSON list of the words.", lambda t: json.dumps(t.split())),
        ("Count the words.", lambda t: str(len(t.split()))),
        ("Join the words with hyphens.", lambda t: "-".join(t.split())),
    )
    instruction, rule = rng.choice(rules)
    some = sentence if "case" in instruction and rng.random() < 0.5 else _words  # noqa: PLR2004
    return Task(instruction, lambda r: _with(some(r), rule))


def cleaning(rng: random.Random) -> Task:
    """Mend the spelling, the spaces or the capitals of a sentence."""
    instruction = rng.choice(
        ("Correct the spelling.", "Clean up this text.", "Write this properly.", "Fix the typos.")
    )

    def example(r: random.Random) -> Example:
        text = sentence(r)
        return _noise(text, r), text

    return Task(instruction, example)


def classifying(rng: random.Random) -> Task:
    """Say which of a few labels a text has; the labels change from task to task."""
    kind = rng.randrange(3)
    names: tuple[str, ...]
    lists: tuple[str, ...]
    forms: tuple[str, ...]
    if kind == 0:
        names = rng.choice((("positive", "negative"), ("good", "bad"), ("happy", "unhappy")))
        lists = ("good", "bad")
        thing = rng.choice(("{product}", "{food}", "{place}", "{event}", "{service}", "{vehicle}"))
        forms = (f"The {thing} <was|is> {{x}}.", f"{{x}} {thing}!", f"I found the {thing} {{x}}")
    elif kind == 1:
        lists = tuple(rng.sample(("animal", "food", "job", "vehicle", "sport", "country"), 3))
        names = lists
        forms = ("{first} talked about the {x}.", "I like {x}", "{x} and {x}", "Tell me about {x}.")
    else:
        return _question_types(rng)

    def example(r: random.Random) -> Example:
        which = r.randrange(len(lists))
        return fill(r.choice(forms).replace("{x}", f"{{{lists[which]}}}"), r), names[which]

    return Task(f"Choose one: {', '.join(names)}.", example)


def _question_types(rng: random.Random) -> Task:
    types = {
        "person": ("Who {verb_past} the {object}?", "Who is the {job} of {city}?"),
        "time": ("When does the {event} start?", "What time does the {vehicle} leave?"),
        "place": ("Where is the {place}?", "In which city does the {event} take place?"),
        "number": ("How many {plural} are there?", "How much does the {product} cost?"),
        "reason": ("Why is the {place} closed?", "Why do people say that {fact}?"),
        "thing": ("What is a {product}?", "Which {object} did {first} buy?"),
    }
    names = rng.sample(list(types), rng.randint(2, 6))

    def example(r: random.Random) -> Example:
        name = r.choice(names)
        return fill(r.choice(types[name]), r), name

    return Task(f"What does the question ask for? {', '.join(names)}", example)


def answering(rng: random.Random) -> Task:
    """Answer a question from the sentences given with it."""
    facts = (
        ("{A} lives in {x}.", "Where does {A} live?", "city"),
        ("{A} is a {x}.", "What is {A}'s job?", "job"),
        ("{A} ordered a {x}.", "What did {A} order?", "product"),
        ("{A} arrives on {x}.", "When does {A} arrive?", "date"),
        ("{A} paid {x}.", "How much did {A} pay?", "money"),
        ("{A} met {x} yesterday.", "Whom did {A} meet?", "person"),
        ("{A} works for {x}.", "Who does {A} work for?", "company"),
        ("{A}'s number is {x}.", "What is {A}'s number?", "phone"),
        ("{A} stayed at {x}.", "Where did {A} stay?", "house"),
        ("{A} feels {x} today.", "How does {A} feel?", "feeling"),
        ("{A} comes at {x}.", "At what time does {A} come?", "time"),
        ("{A} has {x} chairs.", "How many chairs does {A} have?", "few"),
    )
    question_first = rng.random() < 0.3  # noqa: PLR2004

    def example(r: random.Random) -> Example:
        chosen = r.sample(facts, r.randint(1, 4))
        people = [r.choice((r.choice(WORDS["first"]), invented_name(r))) for _ in chosen]
        values = [value(slot, r) for _, _, slot in chosen]
        told = [
            fact.replace("{A}", who).replace("{x}", what)
            for (fact, _, _), who, what in zip(chosen, people, values, strict=True)
        ]
        which = r.randrange(len(chosen))
        question = chosen[which][1].replace("{A}", people[which])
        text = " ".join(told)
        return (f"{question}\n{text}" if question_first else f"{text}\n{question}"), values[which]

    return Task("Answer the question from the text.", example)


def converting(rng: random.Random) -> Task:
    """Take structured values from one notation to another."""
    keys = rng.sample(list(WORDS), rng.randint(2, 4))
    keys = [key for key in keys if key not in ("fact", "opinion", "reason")] or ["product"]
    forms: tuple[Callable[[dict[str, str]], str], ...] = (
        json.dumps,
        lambda d: ", ".join(f"{k}[{v}]" for k, v in d.items()),
        lambda d: "; ".join(f"{k}: {v}" for k, v in d.items()),
        lambda d: " | ".join(f"{k} = {v}" for k, v in d.items()),
        lambda d: "\n".join(f"- {k}: {v}" for k, v in d.items()),
        lambda d: "".join(f"<{k}>{v}</{k}>" for k, v in d.items()),
    )
    before, after = rng.sample(forms, 2)

    def example(r: random.Random) -> Example:
        values = {key: r.choice(WORDS[key]) for key in keys}
        return before(values), after(values)

    return Task("Write the values in the other form.", example)


def choosing(rng: random.Random) -> Task:
    """Give the value of one key, or only the words of one kind."""
    keys = rng.sample(("city", "job", "product", "food", "animal", "colour", "month"), 3)
    if rng.random() < 0.5:  # noqa: PLR2004

        def of_key(r: random.Random) -> Example:
            values = {key: value(key, r) for key in keys}
            asked = r.choice(keys)
            listed = ", ".join(f"{k}: {v}" for k, v in values.items())
            return f"{listed}\n{asked}?", values[asked]

        return Task("Give the value of the key that is asked for.", of_key)

    def of_kind(r: random.Random) -> Example:
        wanted = [value(keys[0], r) for _ in range(r.randint(1, 3))]
        others = [value(r.choice(keys[1:]), r) for _ in range(r.randint(1, 3))]
        listed = sorted(wanted + others, key=lambda _: r.random())
        return ", ".join(listed), ", ".join(word for word in listed if word in wanted)

    return Task(f"Keep only: {keys[0]}", of_kind)


def continuing(rng: random.Random) -> Task:
    """Write a sentence or a story with the words that are given."""
    templates = [t for t in (*TEMPLATES, *STORIES) if "{first}" in t and "{place}" in t]
    template = rng.choice(templates)

    def example(r: random.Random) -> Example:
        who, where = value("first", r), value("place", r)
        text = template.replace("{first}", who, 1).replace("{place}", where, 1)
        return f"{who}, {where}", fill(text, r)

    return Task("Write a sentence with these words.", example)


def _made(
    maker: Callable[[random.Random], tuple[str, Callable[[random.Random], Example]]],
) -> Callable[[random.Random], Task]:
    return lambda rng: Task(*maker(rng))


MAKERS: tuple[tuple[Callable[[random.Random], Task], float], ...] = (
    (_made(extraction), 5.0),
    (_made(values_to_sentence), 5.0),
    (_made(sentence_to_values), 2.0),
    (_made(normalising), 3.0),
    (copying, 2.0),
    (rewriting, 1.5),
    (cleaning, 1.5),
    (classifying, 1.0),
    (answering, 2.0),
    (converting, 1.0),
    (choosing, 0.7),
    (continuing, 0.5),
)


def task_document(rng: random.Random) -> list[Piece]:
    """Return one document: a task, and one or several examples of it in one of the forms."""
    makers, weights = zip(*MAKERS, strict=True)
    task = rng.choices(makers, weights)[0](rng)
    shots = rng.choice((1, 1, 1, 2, 3, 4))
    form = rng.choices(("sections", "bare", "arrow", "lines"), (5, 4, 1.5, 1))[0]
    pieces: list[Piece] = []
    for number in range(shots):
        given, answer = task.example(rng)
        pieces += [(_prompt(task.instruction, given, form, first=number == 0), False)]
        pieces += [(answer, True), ("\n" if form == "arrow" else "\n\n", False)]
    return pieces[:-1]


def _prompt(instruction: str, given: str, form: str, *, first: bool) -> str:
    if form == "sections":
        head = f"### Instruction:\n{instruction}\n" if first else ""
        return f"{head}### Input:\n{given}\n### Response:\n"
    if form == "bare":
        return f"### Input:\n{given}\n### Response:\n"
    if form == "arrow":
        return f"{given} -> "
    head = f"{instruction}\n" if first else ""
    return f"{head}Input: {given}\nOutput: "


def _words(rng: random.Random) -> str:
    lists = [WORDS[key] for key in ("first", "last", "city", "product", "animal", "job", "object")]
    return " ".join(
        invented_name(rng) if rng.random() < 0.25 else rng.choice(rng.choice(lists))  # noqa: PLR2004
        for _ in range(rng.randint(1, 7))
    )


def _same(text: str) -> Example:
    return text, text


def _quoted(text: str) -> Example:
    return f"{text}", f'"{text}"'


def _with(text: str, rule: Callable[[str], str]) -> Example:
    return text, rule(text)


def _noise(text: str, rng: random.Random) -> str:
    """Return the text as somebody in a hurry types it."""
    letters = list(text.lower() if rng.random() < 0.4 else text)  # noqa: PLR2004
    for _ in range(rng.randint(1, 1 + len(letters) // 15)):
        place = rng.randrange(len(letters))
        if not letters[place].isalpha():
            continue
        change = rng.randrange(4)
        if change == 0:
            letters[place] = ""
        elif change == 1:
            letters[place] *= 2
        elif change == 2 and place + 1 < len(letters):  # noqa: PLR2004
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        else:
            letters[place] = rng.choice("abcdefghijklmnopqrstuvwxyz")
        letters = list("".join(letters))
    return "".join(letters)
