"""The settings of the quick classifier, and those that all classifiers share."""

from dataclasses import dataclass

from core.i18n import N_
from core.learning.settings import Settings, declare

DEFAULT_MAX_CONCEPTS = 20


@dataclass(frozen=True, kw_only=True)
class ClassifierSettings(Settings):
    """What every model that answers with concepts is asked."""

    concepts_mutually_exclusive: str = declare(
        "automatic",
        N_("How many concepts per text"),
        N_("With one, the probabilities sum to 100 %. With several, each concept is judged alone."),
        choices=(
            ("automatic", N_("Automatic")),
            ("true", N_("One")),
            ("false", N_("Several or none")),
        ),
    )
    count_narrower: bool = declare(
        default=False,
        title=N_("Count narrower concepts as broader ones"),
        help=N_("A text about a kind of something counts as being about that, up to the broadest."),
    )
    max_concepts: int = declare(
        DEFAULT_MAX_CONCEPTS,
        N_("Most concepts in an answer"),
        N_("The most probable come first; 0 means 20."),
        low=0,
        high=10_000,
        is_advanced=True,
    )
    min_value: float = declare(
        0.0,
        N_("Smallest probability shown"),
        N_("Concepts that are less probable are left out of an answer."),
        low=0,
        high=1,
        is_advanced=True,
    )
    select_concepts: tuple[str, ...] = declare(
        (),
        N_("Concepts shown"),
        N_("Only these are listed in an answer; none chosen means all."),
        is_advanced=True,
    )
    seed: int = declare(
        13,
        N_("Seed"),
        N_("The same seed, texts and settings give the same model again."),
        low=0,
        high=2**32 - 1,
        is_advanced=True,
    )


@dataclass(frozen=True, kw_only=True)
class EmbeddingClassifierSettings(ClassifierSettings):
    """How the quick classifier learns and answers; the defaults suit ten texts and ten thousand."""

    base_embed_model: str = declare(
        "accurate",
        N_("How to read texts"),
        N_(
            "Accurate understands meaning better. Fast reads 20,000 texts a second, once it has "
            "prepared itself. Both know English best; elsewhere the wording counts."
        ),
        choices=(("accurate", N_("Accurate")), ("fast", N_("Fast"))),
        is_open=True,
        is_first=True,
    )
    enrich_dataset: str = declare(
        "Automatic",
        N_("Add everyday sentences"),
        N_(
            "Shows the model 1,200 sentences of ours that belong to none of your concepts, so "
            "that it dares to say “none of these”."
        ),
        choices=(("Automatic", N_("Automatic")), ("Disabled", N_("Off"))),
    )
