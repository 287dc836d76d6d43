"""Tasks about values and their names: find them in a sentence, say them in one, write them alike.

The sentences, the attribute names and the domains are our own. Those of the sets with which
the starter's fine-tuning is measured are left out on purpose.
"""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Callable, Mapping, Sequence

from starter_sentences import fill, ordinal, value

Example = tuple[str, str]
Maker = tuple[str, Callable[[random.Random], Example]]
Value = str | int | Mapping[str, object]
Written = tuple[str, Value]  # as it stands in the text, and as it is wanted

CURRENCIES = {
    "euros": "EUR",
    "euro": "EUR",
    "dollars": "USD",
    "pounds": "GBP",
    "francs": "CHF",
    "yen": "JPY",
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
}
NUMBER_WORDS: dict[str, int] = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}
PARTS = {"in the morning": 0, "in the afternoon": 12, "in the evening": 12, "at noon": 0}

# What an utterance may hold: key names to choose from, the kind of value, ways to say it.
FIELDS: tuple[tuple[str, str, str], ...] = (
    (
        "name|customer|full_name|caller|guest",
        "person",
        "this is {x}|my name is {x}|{x} here|i'm {x}",
    ),
    ("recipient|contact|to|friend", "person", "for {x}|to {x}|with {x}|that {x} asked for"),
    ("shop|company|seller|firm|merchant", "company", "from {x}|at {x}|to {x}|by {x}"),
    ("hotel|venue|restaurant|location_name", "house", "at {x}|at the {x}|near {x}|in {x}"),
    ("city|town|destination|where", "city", "in {x}|to {x}|from {x}|near {x}"),
    ("item|product|article|object", "product", "a {x}|one {x}|the {x}|that {x}|my {x}"),
    ("colour|color|shade", "colour", "in {x}|the {x} one|something {x}"),
    ("day|when|due|arrival|start|on_date", "date", "on {x}|{x}|by {x}|since {x}|from {x}|for {x}"),
    ("until|end|departure|deadline", "date", "until {x}|till {x}|to {x}|before {x}"),
    ("at|hour|start_time|clock|pickup", "time", "at {x}|around {x}|{x}|from {x}|by {x}|after {x}"),
    ("price|cost|sum|fee|total", "money", "for {x}|of {x}|worth {x}|{x}|about {x}"),
    ("quantity|count|pieces", "count", "{x} pieces|{x} of them|{x}|{x} boxes"),
    ("persons|guests|seats|party", "count", "for {x} people|{x} guests|{x} persons|we are {x}"),
    ("nights|duration_days|length", "count", "for {x} days|{x} nights|{x} days|for {x} nights"),
    ("animals|pets|dogs", "count", "{x} dogs|with {x} pets|{x} animals"),
    ("code|order|reference|booking", "code", "order {x}|number {x}|{x}|reference {x}"),
    ("phone|tel|call_back", "phone", "call me at {x}|my number is {x}|{x}"),
    ("email|mail|reply_to", "email", "write to {x}|{x}|my mail is {x}"),
    ("topic|category|about|kind", "topic", "about {x}|on {x}|{x}"),
)
OPENINGS = (
    "i want to book|can you cancel|please change|how much is|where is|i need|could you "
    "send|hello,|hi,|i'd like|is it possible to move|when can i get|what about|why did i "
    "pay|show me|give me|i have|there is|do you have|we ordered|i lost|please send|i will "
    "need|we are going|did you get|tell me about|i paid|remind me|thanks,|sorry,|||"
)


def written_date(rng: random.Random, form: str, today: datetime.date) -> Written:
    """Return a date as somebody writes it, and the same in the wanted form."""
    kind = rng.randrange(8)
    days = rng.randint(1, 27)
    then = datetime.date(today.year, rng.randint(1, 12), rng.randint(1, 28))
    month = then.strftime("%B")
    text = rng.choice(
        (
            f"{then.day} {month}",
            f"{month} {then.day}",
            f"the {ordinal(then.day)} of {month}",
            f"{ordinal(then.day)} {month[:3]}",
            f"{then.day}.{then.month}.{then.year}",
            f"{then.day}/{then.month}/{then.year}",
            f"{month} {then.day}, {then.year}",
        )
    )
    if kind == 0:
        text, then = rng.choice((("today", today), ("tomorrow", today + datetime.timedelta(1))))
    elif kind == 1:
        text, then = f"in {days} days", today + datetime.timedelta(days)
    elif kind == 2:  # noqa: PLR2004
        text, then = f"{days} days ago", today - datetime.timedelta(days)
    elif kind == 3:  # noqa: PLR2004
        text, then = "yesterday", today - datetime.timedelta(1)
    forms: dict[str, Value] = {
        "iso": then.isoformat(),
        "parts": {"day": then.day, "month": then.month, "year": then.year},
        "short": {"y": then.year, "m": then.month, "d": then.day},
        "dots": f"{then.day:02d}.{then.month:02d}.{then.year}",
    }
    return text, forms.get(form, text)


def written_time(rng: random.Random, form: str) -> Written:
    """Return a time of day as somebody writes it, and the same in the wanted form."""
    hour, minute = rng.randint(1, 11), rng.choice((0, 0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55))
    kind = rng.randrange(6)
    part = rng.choice(list(PARTS)[:3])
    afternoon = 12 if kind in (0, 3) else 0
    text = (
        rng.choice((f"{hour}:{minute:02d} pm", f"{hour}:{minute:02d} p.m.")),
        rng.choice((f"{hour}:{minute:02d} am", f"{hour}:{minute:02d}")),
        rng.choice((f"half past {hour}", f"{hour}:30")),
        f"{hour} pm",
        f"quarter past {hour}",
        f"{hour} {part}",
    )[kind]
    minute = (minute, minute, 30, 0, 15, 0)[kind]
    hour += PARTS[part] if kind == 5 else afternoon  # noqa: PLR2004
    forms: dict[str, Value] = {
        "iso": f"{hour:02d}:{minute:02d}",
        "parts": {"hour": hour, "minute": minute},
        "short": {"h": hour, "min": minute},
        "dots": f"{hour:02d}.{minute:02d}",
    }
    return text, forms.get(form, text)


def written_money(rng: random.Random, form: str) -> Written:
    """Return an amount as somebody writes it, and the same in the wanted form."""
    amount = rng.choice((rng.randint(1, 99), rng.randint(100, 999), 100 * rng.randint(10, 99)))
    unit = rng.choice(list(CURRENCIES))
    text = f"{unit}{amount}" if len(unit) == 1 else f"{amount} {unit}"
    forms: dict[str, Value] = {
        "iso": f"{amount} {CURRENCIES[unit]}",
        "parts": {"amount": float(amount), "currency": CURRENCIES[unit]},
        "short": {"value": float(amount), "unit": CURRENCIES[unit]},
        "dots": f"{amount}.00 {CURRENCIES[unit]}",
    }
    return text, forms.get(form, text)


def written_count(rng: random.Random, form: str) -> Written:
    """Return a small number in figures or in a word, and the same as it is wanted."""
    if rng.random() < 0.5:  # noqa: PLR2004
        word = rng.choice(list(NUMBER_WORDS))
        return word, word if form == "raw" else NUMBER_WORDS[word]
    number = rng.randint(1, 30)
    return str(number), str(number) if form == "raw" else number


def written(kind: str, rng: random.Random, form: str, today: datetime.date) -> Written:
    """Return a value of a kind as it stands in a text, and in the wanted form."""
    if kind == "date":
        return written_date(rng, form, today)
    if kind == "time":
        return written_time(rng, form)
    if kind == "money":
        return written_money(rng, form)
    if kind == "count":
        return written_count(rng, form)
    if kind == "topic":
        text = value(rng.choice(("hobby", "food", "service", "subject", "animal")), rng)
    else:
        text = value(kind, rng)
    return text, text


def _some_day(rng: random.Random) -> datetime.date:
    return datetime.date(rng.randint(2018, 2028), rng.randint(1, 12), rng.randint(1, 28))


def extraction(rng: random.Random) -> Maker:
    """Find the values in what somebody says, and write them as JSON."""
    chosen = rng.sample(FIELDS, rng.randint(2, 6))
    fields = [(rng.choice(keys.split("|")), kind, ways.split("|")) for keys, kind, ways in chosen]
    form = rng.choice(("raw", "iso", "parts", "parts", "short", "dots"))
    today, lower = _some_day(rng), rng.random() < 0.6  # noqa: PLR2004
    names = ", ".join(name for name, _, _ in fields)
    dated = f" Today is {today.isoformat()}." if form != "raw" else ""

    def example(r: random.Random) -> Example:
        picked = [f for f in fields if r.random() < 0.6] or fields[:1]  # noqa: PLR2004
        found: dict[str, Value] = {}
        said: list[tuple[str, str]] = []
        for name, kind, ways in picked:
            text, wanted = written(kind, r, form, today)
            lowered = lower and kind in ("person", "company", "house", "city")
            found[name] = str(wanted).lower() if lowered else wanted
            said.append((r.choice(ways).replace("{x}", text), name))
        r.shuffle(said)
        filler = r.choice(("", "", "please", fill("my {object}", r), fill("the {service}", r)))
        text = " ".join(
            filter(None, [r.choice(OPENINGS.split("|")), filler, *(part for part, _ in said)])
        )
        text = text.lower() if lower else text[0].upper() + text[1:]
        return text + r.choice(("", "", "?", ".")), json.dumps(found, ensure_ascii=False)

    task = rng.choice(("Find", "Extract", "Give as JSON:", "What is said about"))
    return f"{task} {names}.{dated}", example


# Domains for values told in a sentence: attribute names, kind of value, phrases that follow the
# noun, and verb phrases. With yes_no, {n} is nothing or "not", and {no} nothing or "no".
DOMAINS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "place to stay": (
        (
            "type|kind",
            "=guest house,inn,spa,hostel",
            "of the {x} kind",
            "is a kind of {x}|is a {x}",
        ),
        ("town|city|location", "city", "in {x}|located in {x}", "is in {x}|can be found in {x}"),
        ("street|address", "street", "on {x}", "stands on {x}|is on {x}"),
        (
            "stars|rating|score",
            "rating",
            "with a {x} rating|rated {x}",
            "has a {x} rating|is rated {x}",
        ),
        ("rate|cost|price", "money", "for {x} a night|at {x}", "costs {x}|asks for {x} a night"),
        (
            "pets|dogs",
            "yes_no",
            "where pets are {n} welcome",
            "does {n} welcome pets|takes {no} dogs",
        ),
        (
            "next to|close to",
            "house",
            "near {x}|close to {x}|next to {x}",
            "is near {x}|is next to {x}",
        ),
        ("rooms", "few", "with {x} rooms", "has {x} rooms|offers {x} rooms"),
    ),
    "thing to buy": (
        ("brand|maker", "company", "from {x}|made by {x}", "is made by {x}|comes from {x}"),
        ("color|colour", "colour", "in {x}", "is {x}|comes in {x}"),
        ("material", "material", "of {x}|made of {x}", "is made of {x}"),
        ("size", "size", "in size {x}", "is {x} in size|has the size {x}"),
        ("price|cost", "money", "for {x}|at {x}", "costs {x}|is sold for {x}"),
        ("warranty", "yes_no", "with {no} warranty", "has {no} warranty"),
        ("review|stars", "rating", "with {x} reviews|rated {x}", "has {x} reviews|is rated {x}"),
        ("shop|seller", "house", "sold at {x}|from {x}", "is sold at {x}|can be bought at {x}"),
    ),
    "person": (
        ("job|work|profession", "job", "who works as a {x}", "is a {x}|works as a {x}"),
        ("born|birth year", "year", "born in {x}", "was born in {x}"),
        ("home|lives in", "city", "from {x}|living in {x}", "lives in {x}|comes from {x}"),
        ("hobby|likes", "hobby", "who likes {x}|fond of {x}", "likes {x}|enjoys {x}"),
        ("speaks|language", "language", "who speaks {x}", "speaks {x}"),
        ("employer|company", "company", "at {x}|who works for {x}", "works for {x}|is with {x}"),
        ("married", "yes_no", "who is {n} married", "is {n} married"),
        ("phone", "phone", "with the number {x}", "can be called at {x}|has the number {x}"),
    ),
    "event": (
        (
            "host|organiser",
            "company",
            "by {x}|organised by {x}",
            "is organised by {x}|is hosted by {x}",
        ),
        ("day|date", "date", "on {x}", "takes place on {x}|is on {x}"),
        ("start|time", "time", "at {x}|starting at {x}", "starts at {x}|begins at {x}"),
        ("place|venue", "house", "at {x}|held at {x}", "is held at {x}|takes place at {x}"),
        ("speaker|guest", "person", "with {x}", "has {x} as a guest|is led by {x}"),
        ("fee|ticket", "money", "for {x}|with tickets at {x}", "costs {x}|has tickets for {x}"),
        ("for beginners", "yes_no", "{n} for beginners", "is {n} for beginners"),
        ("town", "city", "in {x}", "is in {x}|comes to {x}"),
    ),
    "vehicle": (
        ("from|start", "city", "from {x}", "starts in {x}|leaves from {x}"),
        ("to|goal", "city", "to {x}|bound for {x}", "goes to {x}|is bound for {x}"),
        ("leaves|departure", "time", "leaving at {x}|at {x}", "leaves at {x}|departs at {x}"),
        ("day", "weekday", "on {x}", "runs on {x}"),
        ("fare|price", "money", "for {x}|at {x}", "costs {x}|has a fare of {x}"),
        ("operator|line", "company", "run by {x}|of {x}", "is run by {x}|belongs to {x}"),
        ("stops", "few", "with {x} stops", "has {x} stops|stops {x} times"),
        ("bicycles", "yes_no", "with {no} room for bicycles", "takes {no} bicycles"),
    ),
}
NOUNS = {
    "place to stay": ("house", "=hotel,house,place,hotel,lodge"),
    "thing to buy": ("new", "product"),
    "person": ("person", "=person,woman,man,neighbour,colleague"),
    "event": ("house", "event"),
    "vehicle": ("new", "vehicle"),
}
SHAPES = (
    "{S} is {noun} {mods}. It {verbs}.",
    "{S} is {noun} {mods} that {verbs}.",
    "There is {noun} called {S} {mods}. It {verbs}.",
    "{S}, {noun} {mods}, {verbs}.",
    "{Mods}, {S} {verbs}.",
    "{S} {mods} {verbs}. ",
    "{S} is {noun}. It {verbs}. You find it {mods}.",
    "{Noun} {mods} is {S}, which {verbs}.",
    "{Noun} called {S} {verbs} {mods}.",
)
FORMS: tuple[Callable[[Sequence[tuple[str, str]]], str], ...] = (
    lambda pairs: ", ".join(f"{key}[{said}]" for key, said in pairs),
    lambda pairs: ", ".join(f"{key}[{said}]" for key, said in pairs),
    lambda pairs: ", ".join(f"{key}: {said}" for key, said in pairs),
    lambda pairs: "; ".join(f"{key} = {said}" for key, said in pairs),
    lambda pairs: " | ".join(f"{key} : {said}" for key, said in pairs),
    lambda pairs: json.dumps(dict(pairs), ensure_ascii=False),
    lambda pairs: "\n".join(f"{key}: {said}" for key, said in pairs),
)


def told(
    rng: random.Random, domain: str, form: Callable[[Sequence[tuple[str, str]]], str]
) -> Example:
    """Return values written in a form, and a sentence or two that tell all of them."""
    attributes = rng.sample(DOMAINS[domain], rng.randint(2, 7))
    subject, noun = (_drawn(kind, rng) for kind in NOUNS[domain])
    pairs = [(rng.choice(("name", "name", "title", "called")), subject)]
    if rng.random() < 0.7:  # noqa: PLR2004
        pairs.append((rng.choice(("what", "sort", "group", "class")), noun))
    phrases: list[tuple[str, str]] = []
    for keys, kind, *ways in attributes:
        said = _drawn(kind, rng)
        pairs.append((rng.choice(keys.split("|")), said))
        no, negated = ("", "") if said == "yes" else ("no", "not")
        mod, verb = (
            rng.choice(way.split("|"))
            .replace("{no}", no)
            .replace("{n}", negated)
            .replace("{x}", said)
            for way in ways
        )
        phrases.append((mod, verb))
    rng.shuffle(phrases)
    return form(pairs), _sentence(rng, subject, noun, phrases)


def _drawn(kind: str, rng: random.Random) -> str:
    return rng.choice(kind[1:].split(",")) if kind[0] == "=" else value(kind, rng)


def _sentence(rng: random.Random, subject: str, noun: str, phrases: list[tuple[str, str]]) -> str:
    cut = rng.randint(1, max(1, min(3, len(phrases) - 1)))
    mods = rng.choice((" ", ", ")).join(mod for mod, _ in phrases[:cut])
    verbs = [verb for _, verb in phrases[cut:]]
    text = rng.choice(SHAPES)
    said = ", ".join(verbs[:-1]) + (" and " if len(verbs) > 1 else "") + "".join(verbs[-1:])
    text = text.replace("{mods}", mods).replace("{verbs}", said)
    text = text.replace("{S}", subject).replace("{noun}", f"a {noun}")
    text = text.replace("{Mods}", mods[:1].upper() + mods[1:]).replace("{Noun}", f"A {noun}")
    return fill(text, rng)


def values_to_sentence(rng: random.Random) -> Maker:
    """Tell the given values in a sentence."""
    domain, form = rng.choice(list(DOMAINS)), rng.choice(FORMS)
    task = rng.choice(("Write a sentence with these values.", "Describe it.", "Say this in words."))
    return task, lambda r: told(r, domain, form)


def sentence_to_values(rng: random.Random) -> Maker:
    """Write the values that a sentence tells."""
    domain, form = rng.choice(list(DOMAINS)), rng.choice(FORMS)
    task = rng.choice(("List the values.", "Write what the sentence says as values.", "Read off."))

    def example(r: random.Random) -> Example:
        pairs, text = told(r, domain, form)
        return text, pairs

    return task, example


def normalising(rng: random.Random) -> Maker:
    """Write a date, a time, an amount or a number in one fixed form."""
    kind = rng.choice(("date", "date", "time", "money", "count"))
    form, today = rng.choice(("iso", "parts", "short", "dots")), _some_day(rng)
    around = rng.choice(
        ("{x}", "{x}", "{first} comes {x}", "the {service} {x}", "{new} {x} please")
    )

    def example(r: random.Random) -> Example:
        text, wanted = written(kind, r, form, today)
        answer = wanted if isinstance(wanted, str) else json.dumps(wanted)
        return fill(around.replace("{x}", text), r), answer

    now = f" Today is {today.isoformat()}." if kind == "date" else ""
    return f"Write the {kind} in the usual form.{now}", example
