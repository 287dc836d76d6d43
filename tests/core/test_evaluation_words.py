import pytest

from core.evaluation_words import (
    count_learned,
    highlights,
    learned_words,
    missing_words,
    mix_ups,
    warnings,
    why_unknown,
    without_learned,
)


def record(name, n_texts=20, found=20, wrong=0, **others):
    given = found + wrong
    return {
        "name": name,
        "n_positive": n_texts,
        "n_predicted": given,
        "tp": found,
        "fp": wrong,
        "fn": n_texts - found,
        "f1": 2 * found / (n_texts + given) if n_texts + given else None,
        "never_predicted": n_texts > 0 and not given,
        **others,
    }


def report(*records, **others):
    return {"concepts": records, "n_texts": 60, "n_seen": 0, "top1_accuracy": 0.9, **others}


@pytest.mark.parametrize(
    ("numbers", "words", "kind"),
    [
        ({}, "Finds all 20 texts; all 20 it flags are right.", "found"),
        (
            {"found": 16, "wrong": 4},
            "Finds 16 of 20 texts; of the 20 it flags, 4 are wrong.",
            "missed",
        ),
        (
            {"found": 19, "wrong": 1},
            "Finds 19 of 20 texts; of the 20 it flags, 1 is wrong.",
            "missed",
        ),
        ({"wrong": 3}, "Finds all 20 texts; of the 23 it flags, 3 are wrong.", "wrong"),
        ({"found": 0}, "Never the answer: all its 20 texts are missed.", "missed"),
        (
            {"n_texts": 1, "found": 1},
            "Finds its only text; the 1 it flags is right.",
            "found",
        ),
        (
            {"n_texts": 0, "found": 0, "wrong": 2},
            "No text is about it, yet it was given to 2.",
            "wrong",
        ),
        (
            {"n_texts": 0, "found": 0},
            "Not known: none of the texts is about it, and it was never the answer.",
            "",
        ),
    ],
)
def test_a_concept_is_told_in_counts_and_leads_to_the_texts_to_look_at(numbers, words, kind):
    (found,) = highlights(report(record("delivery", **numbers)))
    assert (found.words, found.concept, found.kind) == (words, "delivery", kind)


def test_what_is_never_the_answer_comes_first_then_the_weakest_and_last_what_nobody_knows():
    names = [
        one.concept
        for one in highlights(
            report(
                record("good"),
                record("empty", n_texts=0, found=0),
                record("weak", found=10),
                record("never", found=0),
            )
        )
    ]
    assert names == ["never", "weak", "good", "empty"]


def test_mix_ups_are_told_apart_by_direction_and_those_of_concepts_together_are_none():
    names = (record("a"), record("b"), record("c"))
    counts = [[9, 1, 0], [4, 6, 0], [0, 0, 5]]
    found = mix_ups(report(*names, confusion=counts, is_exclusive=True))
    assert [(one.person, one.model, one.count) for one in found] == [("b", "a", 4), ("a", "b", 1)]
    assert mix_ups(report(*names, confusion=counts, is_exclusive=False)) == []


def seen(n_seen, without, n_nearly_seen=0, nearly=None):
    def scores(share):
        return share and {"n_texts": 60 - n_seen, "top1_accuracy": share}

    return report(
        n_seen=n_seen,
        n_nearly_seen=n_nearly_seen,
        without_seen=scores(without),
        without_nearly_seen=scores(nearly),
    )


def test_a_difference_of_a_point_by_learned_texts_is_warned_of():
    assert learned_words(seen(3, 0.85)) == (
        "3 of 60 texts were also learned from, word for word or nearly. "
        "On the 57 texts that were not, 5.0 fewer in 100 answers are right."
    )
    assert "5.0 more in 100" in learned_words(seen(3, 0.95))


@pytest.mark.parametrize("unalarming", [seen(0, None), seen(3, 0.895)])
def test_a_smaller_difference_and_none_are_passed_over(unalarming):
    assert learned_words(unalarming) == ""


def test_where_all_texts_were_learned_from_the_scores_flatter():
    assert learned_words(seen(60, None)) == (
        "60 of 60 texts were also learned from, word for word or nearly. The scores flatter."
    )


def test_where_most_texts_were_learned_from_equal_scores_on_the_others_excuse_nothing():
    assert learned_words(seen(50, 0.9)).endswith("word for word or nearly. The scores flatter.")


def test_near_copies_count_as_learned_from_wherever_that_is_told():
    only_near = seen(0, None, n_nearly_seen=2, nearly=0.8)
    assert count_learned(only_near) == 2
    assert warnings({**only_near, "n_left_out": 0}) == [learned_words(only_near)]
    assert learned_words(only_near).startswith("2 of 60 texts were also learned from")


def test_near_copies_have_a_line_of_their_own_where_there_are_any():
    assert len(without_learned(seen(3, 0.85, nearly=0.85))) == 1
    both = seen(3, 0.85)
    both["without_nearly_seen"] = {"n_texts": 50, "top1_accuracy": 0.8}
    assert [one.n_texts for one in without_learned(both)] == [57, 50]
    assert without_learned(report()) == []  # of an evaluation that was made before


def test_what_the_scores_do_not_cover_is_counted():
    told = missing_words(
        report(
            record("never", found=0),
            record("empty", n_texts=0, found=0),
            record("good"),
            n_undefined=2,
        )
    )
    assert told == [
        "1 concept is never the answer; its precision counts as 0.",
        "1 concept had no text to check; its recall is not known.",
        "ROC AUC is not known for 2 concepts and is a mean of the others.",
    ]


def test_a_score_that_is_not_known_says_why():
    assert why_unknown({"macro_avg_roc_auc": None}, "macro_avg_roc_auc") == (
        "No concept has both texts that are about it and texts that are not."
    )
    assert why_unknown({}, "weighted_avg_roc_auc") == (
        "Evaluations made before did not find it yet."
    )
