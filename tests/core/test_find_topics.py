import numpy as np
import pytest

from core.jobs import Job, JobCancelled
from core.learning import topics
from core.learning.topic_words import TopicWords, words_of
from core.learning.topics import chances_of, sort_texts
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.edit_inputs import InputDeletion, edit_inputs
from core.operations.find_topics import (
    TooFewToSortError,
    TopicNumberError,
    TopicsRequest,
    find_topics,
)
from core.operations.look_at_topics import LookRequest, look_at_topics
from core.storage.filters import InputFilter, list_input_ids
from core.storage.inputs import text_hash
from core.storage.topics import find_topic_run

SUBJECTS = {
    "parcel": "my parcel box {} was delivered late by the courier van",
    "card": "the bank card number {} payment account was declined",
    "garden": "our garden tree {} flower roses bloom in spring soil",
}


def texts_about(subject, start=0, n=30):
    return tuple(SUBJECTS[subject].format(f"w{i}") for i in range(start, start + n))


@pytest.fixture
def subjects_app(app, fake_embedder):
    for subject in SUBJECTS:
        add_texts(app, AddTextsRequest(texts_about(subject), (subject,)), Job())
    return app


def names(app):
    with app.database() as db:
        return {topic.number: topic.name for topic in find_topic_run(db).topics}


def test_texts_of_three_subjects_make_three_topics_named_by_their_words(subjects_app):
    result = find_topics(subjects_app, TopicsRequest(), Job())
    assert (result.n_topics, result.n_inputs) == (3, 90)
    view = look_at_topics(subjects_app, LookRequest(), Job())
    about = {stand.concepts[0] for stand in view.stands}
    assert about == {("parcel", 1.0), ("card", 1.0), ("garden", 1.0)}
    for stand in view.stands:
        subject = stand.concepts[0][0]
        assert set(stand.topic.words) <= set(SUBJECTS[subject].split())
        assert len(stand.topic.typical) == 5
    assert sum(stand.n_inputs for stand in view.stands) + view.n_without == 90


def test_the_same_texts_give_the_same_topics_in_whatever_order_they_came(
    subjects_app, tmp_path, fake_embedder
):
    from core.app_folder import create_app_folder

    other = create_app_folder("Other", tmp_path / "other")
    for subject in reversed(SUBJECTS):
        add_texts(other, AddTextsRequest(texts_about(subject)[::-1]), Job())
    for one in (subjects_app, other):
        find_topics(one, TopicsRequest(), Job())
    assert names(subjects_app) == names(other)


def test_a_few_more_texts_keep_numbers_and_names(subjects_app):
    find_topics(subjects_app, TopicsRequest(), Job())
    before = names(subjects_app)
    add_texts(subjects_app, AddTextsRequest(texts_about("garden", 30, 9)), Job())
    assert look_at_topics(subjects_app, LookRequest(), Job()).n_unsorted == 9
    assert find_topics(subjects_app, TopicsRequest(), Job()).n_inputs == 99
    assert names(subjects_app) == before


def test_a_subject_that_comes_up_is_a_new_topic_and_the_others_keep_theirs(subjects_app):
    find_topics(subjects_app, TopicsRequest(number=3), Job())
    before = names(subjects_app)
    new = tuple(f"storm rain wind weather cloud w{i}" for i in range(40))
    add_texts(subjects_app, AddTextsRequest(new), Job())
    find_topics(subjects_app, TopicsRequest(number=4), Job())
    after = names(subjects_app)
    assert {number: after[number] for number in before} == before
    assert set(after) - set(before) == {4}


def test_what_came_in_since_a_day_is_compared_with_before(subjects_app):
    with subjects_app.database() as db:
        db.execute("UPDATE inputs SET added = '2026-10-01T10:00:00+00:00' WHERE id <= 80")
    find_topics(subjects_app, TopicsRequest(), Job())
    view = look_at_topics(subjects_app, LookRequest("2026-11-01"), Job())
    assert view.n_since == 10
    first = view.stands[0]
    assert first.concepts[0][0] == "garden"
    assert first.share_since >= 0.8  # a text or two may belong to none
    assert first.share_before == pytest.approx(20 / 80, abs=0.05)


def test_topics_whose_texts_are_all_gone_are_empty(subjects_app):
    find_topics(subjects_app, TopicsRequest(), Job())
    with subjects_app.database() as db:
        ids = tuple(list_input_ids(db))
    edit_inputs(subjects_app, InputDeletion(ids), Job())
    add_texts(subjects_app, AddTextsRequest(("a later one",), ("garden",)), Job())
    view = look_at_topics(subjects_app, LookRequest(), Job())
    assert (view.n_inputs, view.n_unsorted) == (0, 1)
    assert all(stand.n_inputs == 0 for stand in view.stands)


def test_a_text_that_is_like_no_other_belongs_to_no_topic():
    random = np.random.default_rng(3)
    middles = np.eye(16, dtype=np.float32)[:3]
    vectors = np.repeat(middles, 40, axis=0) + random.normal(0, 0.05, (120, 16))
    stranger = np.zeros((1, 16))
    stranger[0, 9] = 1
    vectors = np.concatenate([vectors, stranger]).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    chances = chances_of([text_hash(str(i)) for i in range(121)])
    found = sort_texts(vectors, chances, Job())
    assert len(found.centres) == 3
    assert found.topics[-1] == topics.NO_TOPIC
    assert (found.topics[:-1] >= 0).mean() > 0.9


def test_more_topics_than_there_can_be_are_as_many_as_can(app, fake_embedder):
    for subject in SUBJECTS:
        add_texts(app, AddTextsRequest(texts_about(subject, n=4), (subject,)), Job())
    result = find_topics(app, TopicsRequest(number=50), Job())
    assert 1 <= result.n_topics <= 4


def test_too_few_texts_and_no_number_are_refused(app, fake_embedder):
    add_texts(app, AddTextsRequest(("one", "two")), Job())
    with pytest.raises(TooFewToSortError):
        find_topics(app, TopicsRequest(), Job())
    with pytest.raises(TopicNumberError):
        TopicsRequest(number=1)


def test_only_texts_that_a_filter_leaves_are_sorted(subjects_app):
    result = find_topics(subjects_app, TopicsRequest(InputFilter(containing="parcel")), Job())
    assert result.n_inputs == 30


def test_sorting_can_be_stopped_and_the_last_run_stays(subjects_app, impatient):
    find_topics(subjects_app, TopicsRequest(), Job())
    before = names(subjects_app)
    with pytest.raises(JobCancelled):
        find_topics(subjects_app, TopicsRequest(number=5), impatient(4))
    assert names(subjects_app) == before


def test_words_without_a_meaning_of_their_own_name_nothing():
    counted = TopicWords(2)
    counted.add(["The card was not there", "The card and the bank"] * 3, [0] * 6)
    counted.add(["Der Garten ist nicht groß", "Die Gärten und der Baum"] * 3, [1] * 6)
    assert counted.best(2) == [("card", "bank"), ("baum", "garten")]
    assert words_of("東京都の天気") == {"東京", "京都", "都の", "の天", "天気"}
