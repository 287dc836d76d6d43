"""Everyday English sentences from templates: fill a template, and never twice the same text.

A template holds `{slots}`, drawn from `starter_words` and from the makers below, and choices
`<like this|or this>`; what is chosen may hold slots and choices again.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from starter_words import NAMES_OF_HOUSES, SYLLABLES, WORDS

SHARE_LISTED, SHARE_INITIALS = 0.5, 0.12
_CHOICE = re.compile(r"<([^<>]*)>")
_SLOT = re.compile(r"\{(\w+)\}")


def fill(template: str, rng: random.Random) -> str:
    """Return the template with every choice made and every slot filled."""
    while "<" in template:
        template = _CHOICE.sub(lambda found: rng.choice(found[1].split("|")), template)
    filled = _SLOT.sub(lambda found: value(found[1], rng), template)
    return re.sub(r"\b([Aa]) (?=[aeioAEIO])", r"\1n ", re.sub(" +", " ", filled)).strip()


def value(slot: str, rng: random.Random) -> str:
    """Return one value of a slot: a word from the lists, or one that a maker invents."""
    maker = MAKERS.get(slot)
    return maker(rng) if maker else rng.choice(WORDS[slot])


def invented_name(rng: random.Random) -> str:
    """Return a name that is in no list, from two or three syllables."""
    return "".join(rng.choices(SYLLABLES, k=rng.choice((2, 2, 3)))).capitalize()


def person(rng: random.Random) -> str:
    """Return a person's name, often an invented one, with a middle initial now and then."""
    first = rng.choice(WORDS["first"]) if rng.random() < SHARE_LISTED else invented_name(rng)
    last = rng.choice(WORDS["last"]) if rng.random() < SHARE_LISTED else invented_name(rng)
    initial = rng.random() < SHARE_INITIALS
    middle = f" {rng.choice('ABCDEFGHJKLMNPRSTW')}." if initial else ""
    return f"{first}{middle} {last}"


def house(rng: random.Random) -> str:
    """Return the name of a shop, a hotel or a house."""
    kind = rng.randrange(5)
    noun = rng.choice(NAMES_OF_HOUSES)
    if kind == 0:
        return f"The {noun}"
    if kind == 1:
        suffix = rng.choice(("Hotel", "House", "Lodge", "Shop", "Hall", "Centre", "Place"))
        return f"{noun} {suffix}"
    if kind == 2:  # noqa: PLR2004
        return f"{rng.choice(WORDS['first'])}'s {noun}"
    if kind == 3:  # noqa: PLR2004
        return f"{invented_name(rng)} {noun}"
    return f"{invented_name(rng)}"


def company(rng: random.Random) -> str:
    """Return the name of a company, half of them invented."""
    if rng.random() < SHARE_LISTED:
        return rng.choice(WORDS["company"])
    suffix = rng.choice(("", " Ltd", " & Sons", " Group", " Foods", " Travel", " Bank", " Media"))
    return invented_name(rng) + suffix


def date(rng: random.Random) -> str:
    """Return a date as people write it."""
    day, month, year = rng.randint(1, 28), rng.choice(WORDS["month"]), rng.randint(1990, 2030)
    forms = (
        f"{day} {month} {year}",
        f"{month} {day}, {year}",
        f"{day} {month}",
        f"{month} {ordinal(day)}",
        f"the {ordinal(day)} of {month}",
        f"{rng.choice(WORDS['weekday'])}, {day} {month}",
    )
    return rng.choice(forms)


def ordinal(number: int) -> str:
    """Return 1st for 1, 22nd for 22, 13th for 13."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def clock(rng: random.Random) -> str:
    """Return a time of day as people write it."""
    hour, minute = rng.randint(1, 12), rng.choice((0, 0, 5, 10, 15, 20, 30, 30, 40, 45, 50))
    half = rng.choice(("am", "pm", " a.m.", " p.m."))
    forms = (
        f"{hour}:{minute:02d}{half}",
        f"{hour + rng.choice((0, 11)):02d}:{minute:02d}",
        f"{hour}{half}",
        f"{hour} o'clock",
        f"half past {hour}",
        f"quarter to {hour}",
    )
    return rng.choice(forms)


def money(rng: random.Random) -> str:
    """Return an amount of money."""
    whole = rng.choice((rng.randint(1, 99), rng.randint(100, 999), 10 * rng.randint(100, 900)))
    forms = (
        f"£{whole}",
        f"${whole}",
        f"€{whole}",
        f"{whole} euros",
        f"{whole} dollars",
        f"{whole} pounds",
        f"${whole}.{rng.randint(0, 99):02d}",
        f"{whole} francs",
    )
    return rng.choice(forms)


def phone(rng: random.Random) -> str:
    """Return a telephone number of no country in particular."""
    return f"0{rng.randint(100, 999)} {rng.randint(100, 999)} {rng.randint(1000, 9999)}"


def email(rng: random.Random) -> str:
    """Return an e-mail address under a domain that nobody can own."""
    host = f"{invented_name(rng)}.example".lower()
    return f"{rng.choice(WORDS['first'])}.{invented_name(rng)}@{host}".lower()


def code(rng: random.Random) -> str:
    """Return an order or room number."""
    letters = "".join(rng.choices("ABCDEFGHKLMNPRSTUXZ", k=rng.randint(1, 3)))
    return f"{letters}{rng.choice(('', '-'))}{rng.randint(10, 99999)}"


def plural(rng: random.Random) -> str:
    """Return an animal or an object in the plural."""
    word = rng.choice(WORDS[rng.choice(("animal", "object"))])
    irregular = {
        "mouse": "mice",
        "goose": "geese",
        "sheep": "sheep",
        "deer": "deer",
        "fox": "foxes",
    }
    return irregular.get(word, word + ("es" if word.endswith(("x", "ch", "sh")) else "s"))


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "person": person,
    "house": house,
    "company": company,
    "date": date,
    "time": clock,
    "money": money,
    "phone": phone,
    "email": email,
    "code": code,
    "plural": plural,
    "new": invented_name,
    "number": lambda rng: str(rng.choice((rng.randint(2, 12), rng.randint(13, 400)))),
    "few": lambda rng: str(rng.randint(2, 9)),
    "year": lambda rng: str(rng.randint(1900, 2030)),
}

TEMPLATES: tuple[str, ...] = tuple(
    line.strip()
    for line in """
{first} {verb_past} the {object} in the {place}.
{first} and {first} went to the {place} on {weekday}.
The {adj} {animal} sat <near|behind|in front of|next to> the {place}.
On {date} {person} moved from {city} to {city}.
It was a {weather} day in {month}, and the {place} was {adj}.
My {relative} is a {job} and works in {city}.
My {relative} likes {food} and {drink}, but not {food}.
I bought a {colour} {product} for {money} last {weekday}.
The {product} I ordered on {date} <has not arrived|arrived broken|is the wrong colour> yet.
The {product} is {good}, and the {service} was easy.
The {product} is {bad}, and nobody answered my e-mail.
Our stay at {house} was {good}. The room was {adj} and the {food} at breakfast was {good}.
Our stay at {house} was {bad}. The room was {adj}, {adj} and {bad}.
Please <call|ring|phone> {person} at {phone} before {time}.
Please send the {service} to {email} by {date}.
Could you <tell me|explain> how to change my {service}?
Can I cancel my {service} before {date}?
How much does the {colour} {product} cost?
Where can I find a {job} in {city}?
When does the {event} in {city} start?
Who {verb_past} my {object}?
Why was the {vehicle} to {city} late?
What time does the {vehicle} leave for {city}?
I would like to book a room at {house} for {few} nights from {date}.
We need a table for {few} people at {time} on {weekday}.
The {event} starts at {time} and ends at {time}.
The {vehicle} from {city} to {city} leaves at {time} and costs {money}.
{company} opened a new {place} in {city} on {date}.
{company} paid {money} for {company} in {year}.
{person}, {number}, a {job} from {city}, won the {sport} race on {weekday}.
In {year} there were only {number} {plural} in the whole of {country}.
The price of {food} <rose|fell> from {money} to {money} in {month}.
{first} felt {feeling} because {reason}.
{first} {verb_past} a {adj} {object} because {reason}.
If it is {weather} tomorrow, we will stay at home and read.
I think that {opinion}.
Many people say that {opinion}, but I am not so sure.
In my opinion {opinion}, and {opinion}.
Everybody knows that {fact}.
Did you know that {fact}?
The teacher explained that {fact} and that {fact}.
{greeting} {first}, are we still meeting at the {place} at {time}?
{greeting} {first}, can you bring the {object} to the {place}? {thanks}!
Sorry, I am running late. See you at {time}.
Happy birthday, {first}! I hope you have a <lovely|great|wonderful> day.
{thanks} for the {object}, it is {good}.
I {adverb} go to the {place} when I feel {feeling}.
She has been a {job} since {year}.
He speaks {language} and {language} and wants to learn {language}.
{first} has {few} {plural} and one {animal}.
There are {number_word} {plural} on the table.
The box holds {number} {plural} and {number} {plural}.
The {place} is <open|closed> on {weekday} from {time} to {time}.
The {adj} house on {street} has a {colour} door and {few} windows.
{person} lives at {number} {street}, {city}.
My order number is {code} and my name is {person}.
Your {service} {code} is ready. Please come to the {place} on {weekday}.
Your {service} of {money} was received on {date}.
I was charged {money} twice for my {service}.
My {service} does not work, and I need it by {weekday}.
I have lost my {object} on the {vehicle} to {city}.
The {product} is made of {material} and comes in {colour} and {colour}.
The {product} costs {money}, is {size} and weighs {few} kilos.
{first} studies {subject} and {subject} in {city}.
The {subject} course with {person} begins on {date} in room {code}.
Take the {vehicle} to {city}, then walk to {street}.
{first} has {illness} and cannot come to the {event}.
The doctor said that {first} should drink {drink} and sleep more.
To make the soup you need {few} {food}, some {food} and a little salt.
Cut the {food}, add the {food} and cook it for {number} minutes.
In {season} the {place} is full of {plural}.
A {animal} is not a {animal}, as every child knows.
Nobody saw the {animal} in the {place}, but everybody heard it.
"Where is my {object}?" asked {first}. "In the {place}," said {first}.
"I am {feeling}," said the {animal}. "So am I," said the {animal}.
The {job} looked at the {object}, shook her head and went back to the {place}.
{first} wanted to be a {job}, but became a {job}.
My favourite hobby is {hobby}; my {relative} prefers {hobby}.
We played {sport} in the {place} until {time}.
The meeting with {company} is moved to {date} at {time}.
Please answer by {date}, or call {phone}.
Dear {person}, your {service} ends on {date}.
Best wishes, {person}, {company}
The news from {country}: the {event} in {city} was {good}.
The news from {country}: {number} people were at the {event} in {city}.
<Free|Cheap|New> {plural} for everybody at {house}, only on {weekday}!
You have won {money}! Call {phone} now.
{house} is a {size} hotel in {city} with {number} rooms.
{house} on {street} sells {food}, {food} and {food}.
{new} is a small town in {country} with {number} people.
{new} is a kind of {food} that people in {country} eat in {season}.
{first}'s {relative} gave {first} a {colour} {object} and {few} {plural}.
The {colour} {product} is {good}, the {colour} one is {bad}.
I {adverb} {verb_past} the {object}, and then {reason}.
Can you recommend a {good} {product} for my {relative}?
What is the difference between a {product} and a {product}?
Is there a {place} near {street}?
Do you sell {plural} in {colour}?
I want to <buy|sell|return|exchange> a {product}.
Is {few} {time} on {weekday} too late for the {event}?
The water was {adj}, the air was {adj} and the road was {adj}.
A {job} needs patience, a {adj} hand and a {adj} head.
After the {event} we ate {food} and drank {drink}.
Before {time} the {place} is {adj}; after {time} it is {adj}.
{company} is looking for a {job} in {city}; the pay is {money} a month.
{person} has worked as a {job} for {few} years and likes {hobby}.
For {few} weeks {first} {verb_past} nothing, and nobody knew why.
""".splitlines()
    if line.strip()
)

STORIES: tuple[str, ...] = (
    "One {weather} {weekday} {A} went to the {place} with {B}. {A} had {verb_past} a {adj} "
    "{object} there. <Suddenly|Then|After a while> a {animal} came and took the {object}. {A} was"
    " {feeling}, but {B} laughed. In the end they found it in the {place}.",
    "{A} was a {job} in {city}. Every {weekday} {A} went to the {place} and talked to {B}, who "
    "sold {food}. <One day|In {month}> {B} was not there. {A} asked everybody, and learned that "
    "{reason}. The next week {B} was back, and they had {drink} together.",
    "There was once a {adj} {animal} that lived in a {place}. It wanted to be a {animal}, because"
    " {fact}. An old {animal} said: be what you are. The {animal} felt {feeling} and went home.",
    "{A} and {B} wanted to go to {city} by {vehicle}. They waited until {time}, but {reason}. So "
    "they walked to the {place} and ate {food}. {B} said that it was the best day of the "
    "{season}.",
    "When {A} was {few} years old, {A}'s {relative} gave {A} a {colour} {object}. {A} carried it "
    "everywhere. Years later {A} became a {job} and gave the {object} to {B}.",
    "{A} bought a {product} from {company} for {money}. After {few} days it was broken. {A} wrote"
    " to the company on {date}. {B} answered politely and sent a new one, which was {good}.",
    "{B} lost a {object} on the way to the {event}. {A} helped to look for it. They looked in the"
    " {place}, in the {place} and in the {place}. <It was in the bag all the time|A {animal} had "
    "it>.",
)


def sentence(rng: random.Random) -> str:
    """Return one sentence, or a few that belong to one template."""
    text = fill(rng.choice(TEMPLATES), rng)
    return text[0].upper() + text[1:] if rng.random() < 0.9 else text.lower()  # noqa: PLR2004


def story(rng: random.Random) -> str:
    """Return a story of a few sentences about two people."""
    first, second = rng.sample(WORDS["first"], 2)
    template = rng.choice(STORIES).replace("{A}", first).replace("{B}", second)
    return fill(template, rng)


def passage(rng: random.Random) -> str:
    """Return running text: a story, or some sentences one after another."""
    if rng.random() < 0.4:  # noqa: PLR2004
        return story(rng)
    separator = rng.choice((" ", " ", "\n"))
    return separator.join(sentence(rng) for _ in range(rng.randint(1, 6)))
