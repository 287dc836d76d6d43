"""Clean texts, and texts with every defect that the data check looks for."""

import zlib

import numpy as np

from core.app_folder import MAIN_DATASET
from core.storage.concepts import add_concepts
from core.storage.database import transaction
from core.storage.datasets import get_dataset
from core.storage.inputs import NewInput, add_inputs

TOPICS = {
    "delivery": (
        "parcel courier driver doorstep tracking depot van late missing arrived",
        "My {0} is still {1} although the {2} said that the {3} came to the {4} this {5}",
    ),
    "payment": (
        "invoice refund charge account balance card fee bank twice wrong",
        "Why does the {0} on my {1} show a {2} that the {3} took {4} from me in {5}",
    ),
    "praise": (
        "friendly helpful lovely wonderful staff service thanks great happy visit",
        "What a {0} and {1} day, the {2} were so {3} that I will {4} again next {5}",
    ),
}
TIMES = ("morning", "evening", "January", "February", "March", "April", "summer", "winter")


class TopicEmbedder:
    """Embeds a text by its topic and its own words: no weights."""

    name, identity, dim = "fast", "fake-2", 64

    def encode(self, texts, job):
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for i, text in enumerate(job.track(texts, "Reading texts")):
            words = text.lower().split()
            for place, (known, _pattern) in enumerate(TOPICS.values()):
                vectors[i, place] = min(1, sum(word in known.split() for word in words) / 3)
            own = np.random.default_rng(zlib.crc32(text.encode())).normal(size=self.dim - 4)
            vectors[i, 4:] = own / np.linalg.norm(own)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def clean_texts(n):
    """Yield different sentences with their concepts, no two of them alike."""
    rng = np.random.default_rng(13)
    known = set()
    while len(known) < n:
        concept = list(TOPICS)[len(known) % 3]
        words, pattern = TOPICS[concept]
        chosen = rng.permutation(words.split())[:5]
        text = (
            f"{pattern.format(*chosen, rng.choice(TIMES))} {' '.join(rng.permutation(FILLERS)[:8])}"
        )
        if text not in known:
            known.add(text)
            yield text, concept


FILLERS = (
    *("honestly", "yesterday", "somewhere", "between", "another", "question", "window", "garden"),
    *("perhaps", "nobody", "picture", "kitchen", "travel", "mountain", "yellow", "paper"),
    *("quickly", "together", "village", "letter", "corner", "dinner", "market", "signal"),
)
DUPLICATE = "The courier left my parcel in the rain and the depot does not answer any letter"
NEAR = "The bank charged the fee for my card twice and the balance is wrong since Monday"
DISPUTED = "Thanks to the wonderful staff for the great service during our visit last April"
LEAKED = "Why is there a second charge on the invoice although the bank sent me a refund"
SLIP = "The driver put my missing parcel on the doorstep of the depot, tracking says arrived late"
GERMAN = (
    "Guten Tag, ich habe meine Bestellung leider immer noch nicht bekommen, bitte helfen Sie mir"
)
RUSSIAN = "Здравствуйте, я до сих пор не получил свой заказ, помогите мне пожалуйста разобраться"
PERSONAL = "Please write to anna.berg@example.org or call +49 30 901820 about the garden window"
ODD = "Photosynthesis converts sunlight into chemical energy inside the chloroplasts of leaves"
LONG = "window garden village " * 3_000
PLANTED = (
    (DUPLICATE, ("delivery",), "train"),
    (f"  {DUPLICATE.upper()} ", (), "train"),
    (NEAR, ("payment",), "train"),
    (f"{NEAR} night", (), "train"),
    (DISPUTED, ("praise",), "train"),
    (DISPUTED, ("payment",), "train"),
    (DISPUTED, ("praise",), "train"),
    (LEAKED, ("payment",), "train"),
    (LEAKED, ("payment",), "test"),
    (SLIP, ("praise",), "train"),
    (GERMAN, ("delivery",), "train"),
    (RUSSIAN, ("delivery",), "train"),
    (PERSONAL, ("delivery",), "train"),
    (ODD, ("praise",), "train"),
    (LONG, ("praise",), "train"),
    ("?!", ("praise",), "train"),
    ("ok", ("praise",), "train"),
    ("A signal from another corner of the kitchen market that nobody has labelled", (), "train"),
    ("The complaint about a yellow letter is the only text of its concept", ("rare",), "train"),
)
N_CLEAN = 240


def add_clean(app, n=N_CLEAN):
    """Add clean texts to an app, every fifth of them for testing."""
    add(app, [(t, (c,), "train" if i % 5 else "test") for i, (t, c) in enumerate(clean_texts(n))])


def add_mixed(app, n=N_CLEAN):
    """Add clean texts to an app, and after them those with defects."""
    add_clean(app, n)
    add(app, PLANTED)


def add(app, texts):
    """Add texts with their concepts and splits."""
    with app.database() as db, transaction(db):
        ids = add_concepts(db, [*TOPICS, *(c for _text, said, _split in texts for c in said)])
        new = [
            NewInput(text, "made up", split=split, concepts=tuple((ids[c], True) for c in said))
            for text, said, split in texts
        ]
        add_inputs(db, new, get_dataset(db, MAIN_DATASET).id)
