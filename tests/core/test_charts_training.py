import pytest

from core.charts.scene import Dot, Line, Words
from core.charts.training import MOST_DOTS, Series, thin, training_curves

SIZE = (600, 240)
LOSS = Series("Loss", tuple((i / 50, 2 - i / 60) for i in range(100)))
APART = Series("Loss on texts kept apart", ((1.0, 1.4), (2.0, 0.9)), look=1)
SCORE = Series("Score", ((1.0, 0.71), (2.0, 0.84)), is_share=True)


def words(scene):
    return [item.value for item in scene.items if isinstance(item, Words)]


def test_lines_differ_by_dash_and_mark_and_are_named():
    scene = training_curves((LOSS, APART), SIZE)
    samples = [item for item in scene.items if isinstance(item, Line)]
    assert {line.dash for line in samples} == {(), (7, 3)}
    assert {item.shape for item in scene.items if isinstance(item, Dot)} == {"circle", "square"}
    assert {"Loss", "Loss on texts kept apart"} <= set(words(scene))


def test_shares_end_at_all_and_losses_begin_at_nothing():
    assert "100\u202f%" in words(training_curves((SCORE,), SIZE))
    assert "0.0" in words(training_curves((APART,), SIZE))


def test_room_is_kept_for_the_rounds_to_come():
    assert "6" in words(training_curves((SCORE,), SIZE, n_rounds=6))
    assert "6" not in words(training_curves((SCORE,), SIZE))


def test_the_last_value_is_written_and_everything_can_be_read_as_a_table():
    scene = training_curves((SCORE,), SIZE)
    assert "84.0\u202f%" in words(scene)
    assert scene.name == "Score after 2.0 rounds: 84.0\u202f%"
    assert scene.table.rows[0] == ("1.00", "Score", "71.0\u202f%")
    assert [mark.key for mark in scene.marks] == [("Score", 1.0), ("Score", 2.0)]


def test_of_many_points_some_can_be_chosen_the_last_among_them():
    assert len(thin(LOSS)) <= MOST_DOTS
    assert thin(LOSS)[-1] == LOSS.points[-1]


@pytest.mark.parametrize("value", [1e-6, 0.004, 1.0, 37.5, 1e5])
def test_every_size_of_a_loss_has_gridlines(value):
    scene = training_curves((Series("Loss", ((1.0, value),)),), SIZE)
    assert 2 <= sum(item.side == "right" for item in scene.items if isinstance(item, Words)) <= 6
