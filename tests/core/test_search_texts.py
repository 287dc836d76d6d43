import numpy as np
import pytest

from core.jobs import Job, JobCancelled
from core.learning import vector_index
from core.learning.vector_index import VectorIndex
from core.operations import ranking_texts
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.edit_inputs import InputDeletion, TextEdits, edit_inputs
from core.operations.index_texts import IndexRequest, index_texts, look_at_index
from core.operations.keep_search import (
    FreezeSearchRequest,
    NothingFoundError,
    SearchDeletion,
    keep_search,
)
from core.operations.search_texts import EmptySearchError, SearchRequest, search_texts
from core.operations.undo import undo
from core.storage.concepts import get_concept
from core.storage.datasets import get_dataset
from core.storage.filters import InputFilter
from core.storage.inputs import get_inputs
from core.storage.searches import (
    Meaning,
    Narrowed,
    Predicted,
    SavedSearch,
    Search,
    SearchMissingError,
    Words,
    get_saved_search,
    list_saved_searches,
)
from tests.core.conftest import HAM, SPAM


@pytest.fixture
def texts_of(labelled_app):
    def texts_of(*parts, limit=5):
        found = search_texts(labelled_app, SearchRequest(Search(parts), limit), Job())
        with labelled_app.database() as db:
            return [one.text for one in get_inputs(db, found.input_ids)]

    return texts_of


@pytest.fixture(autouse=True)
def _fake(fake_embedder):
    return fake_embedder


def test_a_search_by_meaning_finds_the_nearest_first_with_scores_from_1_to_0(labelled_app):
    request = SearchRequest(Search((Meaning("win a free prize now"),)), limit=20)
    found = search_texts(labelled_app, request, Job())
    assert found.input_ids[0] == 1
    assert found.scores[0] == pytest.approx(1, abs=1e-3)
    assert list(found.scores) == sorted(found.scores, reverse=True)
    assert 0 <= min(found.scores) < 0.3
    assert found.n_matching == 20


def test_an_example_is_not_found_itself_but_its_twin_is(labelled_app, texts_of):
    add_texts(labelled_app, AddTextsRequest((SPAM[0],)), Job())
    assert texts_of(Meaning(SPAM[0], input_id=1), limit=1) == [SPAM[0]]
    found = search_texts(
        labelled_app, SearchRequest(Search((Meaning(SPAM[0], input_id=1),))), Job()
    )
    assert found.input_ids[0] == 21
    assert 1 not in found.input_ids


def test_least_like_ranks_the_other_way_round(texts_of):
    nearest = texts_of(Meaning(SPAM[0]), limit=20)
    farthest = texts_of(Meaning(SPAM[0], is_negated=True), limit=20)
    assert farthest[-1] == nearest[0] == SPAM[0]


def test_several_examples_count_alike(texts_of):
    found = texts_of(Meaning(SPAM[0]), Meaning(HAM[4]), limit=2)
    assert set(found) == {SPAM[0], HAM[4]}


def test_words_and_filters_narrow_a_search_by_meaning_and_can_be_negated(labelled_app, texts_of):
    with labelled_app.database() as db:
        spam = get_concept(db, "spam").id
    about = Meaning("claim cash now")
    is_spam = Narrowed(InputFilter(has=(spam,)))
    assert set(texts_of(about, is_spam, limit=20)) == set(SPAM)
    not_spam = Narrowed(InputFilter(has=(spam,)), is_negated=True)
    assert set(texts_of(about, not_spam, limit=20)) == set(HAM)
    both = texts_of(about, is_spam, Words("free"), Words("voucher", is_negated=True), limit=20)
    assert set(both) == {t for t in SPAM if "free" in t and "voucher" not in t}


def test_words_alone_are_found_in_the_order_in_which_they_came(labelled_app, texts_of):
    assert texts_of(Words("prize"), limit=9) == [t for t in SPAM if "prize" in t]


def test_many_matching_texts_are_found_as_few_are(monkeypatch, labelled_app, texts_of):
    parts = (Meaning("claim cash now"), Words("now"))
    few = texts_of(*parts, limit=4)
    monkeypatch.setattr(ranking_texts, "FEW", 0)
    assert texts_of(*parts, limit=4) == few


def test_nothing_to_search_for_is_refused(labelled_app):
    with pytest.raises(EmptySearchError):
        search_texts(labelled_app, SearchRequest(Search()), Job())


def test_a_text_that_comes_is_changed_or_goes_is_found_as_it_is_now(labelled_app, texts_of):
    assert texts_of(Meaning("brand new words"), limit=1) != ["brand new words"]
    add_texts(labelled_app, AddTextsRequest(("brand new words",)), Job())
    assert texts_of(Meaning("brand new words"), limit=1) == ["brand new words"]
    edit_inputs(labelled_app, TextEdits(((21, "quite other matters"),)), Job())
    assert texts_of(Meaning("quite other matters"), limit=1) == ["quite other matters"]
    edit_inputs(labelled_app, InputDeletion((21,)), Job())
    assert texts_of(Meaning("quite other matters"), limit=1) != ["quite other matters"]
    undo(labelled_app, Job())
    assert texts_of(Meaning("quite other matters"), limit=1) == ["quite other matters"]


def test_an_app_in_the_place_of_another_is_not_searched_in_the_old_index(
    tmp_path, labelled_app, texts_of
):
    assert texts_of(Meaning(SPAM[0]), limit=1) == [SPAM[0]]
    with labelled_app.database() as db:
        db.execute("DELETE FROM embeddings")
    assert texts_of(Meaning(HAM[0]), limit=1) == [HAM[0]]


def test_the_index_says_what_it_lacks_and_reads_only_that(labelled_app):
    assert look_at_index(labelled_app, IndexRequest(), Job()).n_unread == 20
    assert index_texts(labelled_app, IndexRequest(), Job()).n_read == 20
    assert look_at_index(labelled_app, IndexRequest(), Job()).n_unread == 0
    add_texts(labelled_app, AddTextsRequest(("one more",)), Job())
    assert look_at_index(labelled_app, IndexRequest(), Job()).embedder == "accurate"
    assert index_texts(labelled_app, IndexRequest("fast"), Job()).n_read == 1
    assert look_at_index(labelled_app, IndexRequest(), Job()).embedder == "fast"


def test_many_texts_are_read_fast_unless_something_else_was_chosen(monkeypatch, labelled_app):
    monkeypatch.setattr("core.operations.index_texts.MOST_FEW", 10)
    assert look_at_index(labelled_app, IndexRequest(), Job()).embedder == "fast"
    index_texts(labelled_app, IndexRequest("accurate"), Job())
    assert look_at_index(labelled_app, IndexRequest(), Job()).embedder == "accurate"


def test_reading_for_the_index_can_be_stopped(labelled_app, impatient):
    with pytest.raises(JobCancelled):
        index_texts(labelled_app, IndexRequest(), impatient(3))
    assert (
        search_texts(
            labelled_app,
            SearchRequest(Search((Meaning(SPAM[0]),)), reads_missing=False),
            Job(),
        ).found
        == ()
    )


def test_a_saved_search_comes_back_as_it_was(labelled_app):
    wanted = InputFilter(has=(1,), metadata=(("team", "red"),), added_from="2026-11-01")
    search = Search(
        (
            Words("prize", is_negated=True),
            Meaning("win", input_id=1),
            Predicted("spam", 0.4, "Messages 1", is_negated=True),
            Narrowed(wanted),
        )
    )
    keep_search(labelled_app, SavedSearch("Prizes", search), Job())
    with labelled_app.database() as db:
        assert get_saved_search(db, "Prizes").search == search
    keep_search(labelled_app, SearchDeletion("Prizes"), Job())
    with labelled_app.database() as db:
        assert not list_saved_searches(db)
        with pytest.raises(SearchMissingError):
            get_saved_search(db, "Prizes")


def test_a_frozen_search_keeps_what_it_found_and_is_a_dataset(labelled_app):
    search = Search((Meaning(SPAM[0]),))
    found = search_texts(labelled_app, SearchRequest(search, limit=3), Job())
    saved = SavedSearch("Golden", search, True, found.input_ids, found.scores)
    keep_search(labelled_app, FreezeSearchRequest(saved), Job())
    add_texts(labelled_app, AddTextsRequest((SPAM[0],)), Job())
    with labelled_app.database() as db:
        kept = get_saved_search(db, "Golden")
        assert (kept.is_frozen, kept.input_ids) == (True, found.input_ids)
        assert kept.scores == pytest.approx(found.scores)
        assert get_dataset(db, "Golden").n_inputs == 3
    undo(labelled_app, Job())  # the text that came
    undo(labelled_app, Job())  # the dataset
    with labelled_app.database() as db:
        assert "Golden" not in [row[0] for row in db.execute("SELECT name FROM datasets")]


def test_nothing_found_cannot_be_frozen(labelled_app):
    saved = SavedSearch("Nothing", Search((Words("zebra"),)), is_frozen=True)
    with pytest.raises(NothingFoundError):
        keep_search(labelled_app, FreezeSearchRequest(saved), Job())


def test_eight_bits_rank_nearly_as_full_vectors_do(monkeypatch):
    random = np.random.default_rng(5)
    vectors = random.normal(size=(3_000, 48)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    exact, coarse = VectorIndex(48), VectorIndex(48)
    exact.add(np.arange(1, 3_001), vectors)
    monkeypatch.setattr(vector_index, "EXACT", 1_000)
    for start in range(0, 3_000, 500):
        coarse.add(np.arange(start + 1, start + 501), vectors[start : start + 500])
    assert coarse.is_coarse
    question = vectors[7] - 0.5 * vectors[8]
    assert np.abs(coarse.all_scores(question) - exact.all_scores(question)).max() < 0.01
    best = exact.rank(question, 20).keys
    assert np.isin(best, coarse.rank(question, 40).keys).all()


def test_a_large_app_is_compared_again_in_full(monkeypatch, labelled_app, texts_of):
    nearest = texts_of(Meaning("claim cash now"), limit=9)
    monkeypatch.setattr(vector_index, "EXACT", 5)
    monkeypatch.setattr(ranking_texts, "FEW", 0)
    add_texts(labelled_app, AddTextsRequest(("nothing of it",)), Job())
    assert texts_of(Meaning("claim cash now"), limit=9) == nearest
    monkeypatch.setattr(ranking_texts, "FEW", 1_000)
    assert (
        texts_of(Meaning("claim cash now"), Words("claim"), limit=3)
        == [t for t in nearest if "claim" in t][:3]
    )
    assert texts_of(Meaning("claim cash now"), Words("zebra")) == []
