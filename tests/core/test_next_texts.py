import pytest

from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, AnswerRequest, annotate
from core.operations.edit_inputs import InputDeletion, edit_inputs
from core.operations.next_texts import (
    NextRequest,
    NoExampleError,
    NoTextsToChooseError,
    RandomShareError,
    next_texts,
)
from core.records import Status
from core.storage.concepts import ConceptMissingError
from core.storage.filters import InputFilter
from tests.core.conftest import HAM, SPAM

pytestmark = pytest.mark.usefixtures("fake_embedder")


@pytest.fixture
def many(app):
    """An app with 60 texts without a label, each third of them spam."""
    texts = [f"{text} {i}" for i in range(3) for text in SPAM[:7]]
    texts += [f"{text} {i}" for i in range(4) for text in HAM]
    add_texts(app, AddTextsRequest(tuple(texts), ()), Job())
    return app


def ask(app, **others):
    return next_texts(app, NextRequest(**others), Job())


def is_spam(text):
    return any(text.startswith(spam) for spam in SPAM)


def label(app, texts):
    for one in texts:
        concept = "spam" if is_spam(one.text) else "ham"
        annotate(app, AnnotateRequest((one.input_id,), concept), Job())


def test_without_labels_texts_of_every_kind_come_first_and_nothing_is_suggested(many):
    found = ask(many, n_texts=10)
    assert len({one.input_id for one in found.texts}) == 10
    assert found.n_learned == 0
    assert all(one.predictions == () for one in found.texts)
    assert {is_spam(one.text) for one in found.texts} == {True, False}


def test_after_a_few_labels_it_suggests_concepts_with_their_probability(many):
    label(many, ask(many, n_texts=15).texts)
    found = ask(many, n_texts=40)
    assert found.n_learned == 15
    best = {one.text: one.predictions[0] for one in found.texts}
    right = [is_spam(text) == (said.concept == "spam") for text, said in best.items()]
    assert sum(right) > 0.8 * len(right)
    assert all(0.5 <= said.probability <= 1 for said in best.values())


def test_one_in_five_is_chosen_at_random_and_says_so(many):
    found = ask(many, n_texts=20)
    assert sum(one.is_random for one in found.texts) == 4
    assert not any(one.is_random for one in ask(many, n_texts=20, random_share=0).texts)
    assert all(one.is_random for one in ask(many, strategy="random").texts)


def test_what_chance_asked_for_stays_asked_for_until_it_is_answered(many):
    first = [one.input_id for one in ask(many, n_texts=20).texts if one.is_random]
    label(many, [one for one in ask(many, n_texts=20).texts if not one.is_random])
    again = [one.input_id for one in ask(many, n_texts=30).texts if one.is_random]
    assert again[:4] == first


def test_the_shares_of_the_concepts_come_from_the_random_texts_alone(many):
    by_chance = ask(many, strategy="random", n_texts=30).texts
    label(many, by_chance)
    found = ask(many)
    assert found.n_drawn >= 30
    shares = {one.concept: one for one in found.shares}
    assert sum(one.share for one in found.shares) == pytest.approx(1)
    assert shares["spam"].low < 21 / 61 < shares["spam"].high
    others = ask(many, strategy="rare", random_share=0, n_texts=10).texts
    label(many, others[-1:])  # out of turn: it waits until chance gets there
    assert found.n_drawn <= ask(many).n_drawn <= found.n_drawn + 1


def test_texts_that_nobody_could_answer_do_not_stop_the_estimate(many):
    first, *others = ask(many, strategy="random", n_texts=10).texts
    annotate(many, AnswerRequest((first.input_id,), Status.UNSURE), Job())
    label(many, others)
    assert ask(many).n_drawn == 9


def test_a_few_random_texts_say_nothing_of_the_shares(many):
    drawn = ask(many, strategy="random", n_texts=10).texts
    label(many, drawn[:-1])
    assert ask(many).shares == ()
    label(many, drawn[-1:])
    assert ask(many).shares


def test_a_text_that_was_left_unsure_or_skipped_is_not_open_any_more(many):
    found = ask(many, n_texts=10)
    unsure, skipped, labelled = found.texts[:3]
    annotate(many, AnswerRequest((unsure.input_id,), Status.UNSURE), Job())
    annotate(many, AnswerRequest((skipped.input_id,), Status.SKIPPED), Job())
    label(many, [labelled])
    assert ask(many).n_open == found.n_open - 3


def test_a_deleted_text_leaves_the_estimate_as_it_was(many):
    by_chance = ask(many, strategy="random", n_texts=10).texts
    label(many, by_chance)
    edit_inputs(many, InputDeletion((by_chance[3].input_id,)), Job())
    assert ask(many).n_drawn == 9


def test_a_rare_concept_is_found_from_an_example_and_a_word(many):
    annotate(many, AnnotateRequest((22,), "ham"), Job())  # so that there is another concept
    annotate(many, AnnotateRequest((1,), "spam"), Job())
    found = ask(many, concept="spam", like=("you won a prize",), words="cash", n_texts=6)
    assert sum(is_spam(one.text) for one in found.texts) >= 5
    assert found.n_learned == 0


def test_then_a_model_takes_over_and_says_how_likely_each_is(many):
    annotate(many, AnnotateRequest((1, 2, 3), "spam"), Job())
    annotate(many, AnnotateRequest((22, 23, 24), "ham"), Job())
    found = ask(many, concept="spam", n_texts=10)
    assert found.n_learned == 6
    likely = [one.predictions[0].probability for one in found.texts]
    assert likely == sorted(likely, reverse=True)
    assert sum(is_spam(one.text) for one in found.texts) >= 8


@pytest.mark.parametrize("strategy", ["mixed", "uncertain", "diverse", "rare", "random"])
def test_every_strategy_offers_texts_without_a_label_only(many, strategy):
    label(many, ask(many, n_texts=12).texts)
    labelled = 12
    found = ask(many, strategy=strategy, n_texts=1000)
    assert len({one.input_id for one in found.texts}) == len(found.texts) <= 61 - labelled


def test_texts_that_somebody_was_unsure_of_take_no_place_of_others(many):
    label(many, ask(many, n_texts=12).texts)
    doubtful = ask(many, strategy="uncertain", random_share=0, n_texts=10).texts
    annotate(many, AnswerRequest(tuple(t.input_id for t in doubtful), Status.UNSURE), Job())
    found = ask(many, strategy="uncertain", random_share=0, n_texts=10).texts
    assert not {t.input_id for t in found} & {t.input_id for t in doubtful}
    assert not any(t.is_random for t in found)


def test_a_filter_narrows_what_is_chosen_from(many):
    found = ask(many, wanted=InputFilter(labelling="unlabelled", containing="prize"))
    assert found.texts
    assert all("prize" in one.text for one in found.texts)


def test_what_cannot_be_chosen_is_refused(many, app):
    with pytest.raises(RandomShareError):
        NextRequest(random_share=1.5)
    with pytest.raises(ConceptMissingError):
        ask(many, concept="nobody")
    annotate(many, AnnotateRequest((1,), "spam", positive=False), Job())
    with pytest.raises(NoExampleError):
        ask(many, concept="spam")
    annotate(many, AnnotateRequest(InputFilter(), "spam"), Job())
    with pytest.raises(NoTextsToChooseError):
        ask(many)
