"""Charts: every value stands where it belongs, can be chosen, and is in the table."""

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from core.charts.axes import as_threshold
from core.charts.colours import THEMES
from core.charts.coverage import CoveragePoint, coverage
from core.charts.curves import Curve, precision_recall, roc
from core.charts.histogram import Scores, histogram
from core.charts.intervals import ScoreRow, intervals
from core.charts.learning import LearningPoint, learning_curve
from core.charts.matrix import Matrix, matrix, matrix_height
from core.charts.mixed_up import most_mixed_up
from core.charts.reliability import Bin, reliability
from core.charts.scene import (
    CORNER,
    Area,
    Dot,
    Line,
    Rect,
    Words,
    is_right_to_left,
    shortened,
    text_width,
)
from core.files.chart_table import write_chart_table
from core.files.svg import write_svg

THIN = "\u202f"
COUNTS = ((9, 0, 1, 0), (0, 8, 0, 0), (5, 0, 6, 0), (0, 1, 0, 7))
NAMES = ("card_arrival", "طلب استرداد المبلغ", "退款没有到账", "balance " * 40 + "<&> \x07 end")
SIZES = [(240, 160), (400, 300), (760, 420), (10, 10)]
THRESHOLDS = (float("inf"), 0.95, 0.9, 0.72, 0.6, 0.45, 0.3, 0.15, 0.05)
FOUND = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 1.0, 1.0)
ALARMS = (0.0, 0.0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0)
PRECISION = (None, 1.0, 0.97, 0.92, 0.88, 0.8, 0.7, 0.55, 0.5)

CURVE = Curve("refund", THRESHOLDS, ALARMS, FOUND, 0.93, chosen=0.72)
PRECISION_CURVE = replace(CURVE, x=FOUND, y=PRECISION)
BINS = (
    Bin(0.0, 0.25, 12, 0.1, 0.0, 0.0, 0.2),
    Bin(0.25, 0.5, 0, None, None),
    Bin(0.5, 0.75, 40, 0.62, 0.55, 0.4, 0.7),
    Bin(0.75, 1.0, 1204, 0.93, 0.95, 0.93, 0.96),
)
SCORES = Scores((0.0, 0.25, 0.5, 0.75, 1.0), (0, 3, 9, 120), (700, 20, 2, 0), threshold=0.6)
POINTS = (
    LearningPoint(250, 0.71, 0.66, 0.76),
    LearningPoint(500, None),
    LearningPoint(750, 0.83, 0.8, 0.86),
    LearningPoint(1000, 0.85, 0.83, 0.88),
)
FORECAST = LearningPoint(2000, 0.89, 0.85, 0.92)
SHARES = tuple(
    CoveragePoint(i / 20, 1 - i / 20, 0.08 * (1 - i / 20) ** 2, 0.0, 0.1) for i in range(20)
)
ROWS = (
    ScoreRow("Quick classifier 3", 0.941, 0.93, 0.951, key=3, is_chosen=True),
    ScoreRow("Never checked", None),
    ScoreRow(NAMES[3], 0.78, 0.74, 0.81, key=1),
)

SCENES = {
    "roc": lambda size: roc((CURVE,), size),
    "three curves": lambda size: roc([replace(CURVE, name=n) for n in NAMES[:3]], size),
    "150 curves": lambda size: roc([numbered(i) for i in range(150)], size),
    "precision and recall": lambda size: precision_recall((PRECISION_CURVE,), size),
    "no curve": lambda size: roc((), size),
    "reliability": lambda size: reliability(BINS, size),
    "no answers": lambda size: reliability((BINS[1],), size),
    "histogram": lambda size: histogram(SCORES, size),
    "long names of kinds": lambda size: histogram(replace(SCORES, names=NAMES[2:]), size),
    "matrix": lambda size: matrix(Matrix(NAMES, COUNTS), size),
    "matrix before": lambda size: matrix(Matrix(NAMES, COUNTS, before=COUNTS[::-1]), size),
    "matrix of shares": lambda size: matrix(Matrix(NAMES, COUNTS, "shares"), size),
    "matrix together": lambda size: matrix(Matrix(NAMES, COUNTS, kind="together"), size),
    "matrix of one": lambda size: matrix(Matrix(("only",), ((12,),)), size),
    "matrix of two": lambda size: matrix(Matrix(("yes", "no"), ((812, 38), (61, 1412))), size),
    "matrix of 77": lambda size: matrix(many(77), size),
    "matrix of 150": lambda size: matrix(many(150), size),
    "empty matrix": lambda size: matrix(Matrix((), ()), size),
    "learning curve": lambda size: learning_curve(POINTS, FORECAST, size),
    "one point": lambda size: learning_curve(POINTS[:1], None, size),
    "coverage": lambda size: coverage(SHARES, 0.3, 0.02, size),
    "coverage of nothing": lambda size: coverage((CoveragePoint(1.0, 0.0, None),), 1.0, None, size),
    "intervals": lambda size: intervals(ROWS, size),
    "40 intervals": lambda size: intervals([ScoreRow(str(i), i / 39) for i in range(40)], size),
    "no intervals": lambda size: intervals((), size),
}  # fmt: skip
EVERY = pytest.mark.parametrize("name", SCENES)


def many(n):
    """Return a matrix in which every row has a right cell and some slips."""
    counts = tuple(
        tuple(9 * (i == j) + (j == (i + 1) % n) + 2 * (j == (i * 7) % n) for j in range(n))
        for i in range(n)
    )
    return Matrix(tuple(f"concept number {i}" for i in range(n)), counts)


def numbered(i):
    return replace(CURVE, name=f"concept {i}", concept=i)


def points_of(item):
    """Return the corners of what an item covers."""
    if isinstance(item, (Line, Area)):
        return list(item.points)
    if isinstance(item, Dot):
        (x, y), r = item.at, item.radius
        return [(x - r, y - r), (x + r, y + r)]
    return [(item.box.x, item.box.y), (item.box.right, item.box.bottom)]


def words_of(scene):
    return [item.value for item in scene.items if isinstance(item, Words)]


def words_role(item):
    return item.role if isinstance(item, Words) else ""


def at_key(scene, key):
    return next(mark for mark in scene.marks if mark.key == key)


@EVERY
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_drawn_outside_the_scene(name, size):
    scene = SCENES[name](size)
    assert scene.width >= size[0]
    assert scene.height >= size[1]
    for item in scene.items:
        for x, y in points_of(item):
            assert -7 <= x <= scene.width + 7, item  # a dot may stand on the edge
            assert -7 <= y <= scene.height + 7, item
            if not isinstance(item, Dot):
                assert -0.01 <= x <= scene.width + 0.01, item
                assert -0.01 <= y <= scene.height + 0.01, item


@EVERY
@pytest.mark.parametrize("size", SIZES[1:3])
def test_words_have_the_room_they_need_and_leave_the_corner_free(name, size):
    scene = SCENES[name](size)
    left, below = scene.width - CORNER[0], CORNER[1]
    for item in scene.items:
        if isinstance(item, Words):
            assert item.is_name or text_width(item.value, item.role) <= item.box.width + 4, item
            width = item.box.width if item.is_name else text_width(item.value, item.role)
            in_corner = item.box.y + 4 < below and item.box.x + width > left and item.side == "left"
            assert not in_corner, item


@EVERY
def test_every_mark_can_be_hit_is_named_and_known_by_one_key(name):
    scene = SCENES[name]((560, 400))
    assert scene.name
    for mark in scene.marks:
        assert mark.words
        assert mark.box.width > 0
        assert mark.box.height > 0
        assert scene.mark_at(*mark.box.centre) is not None
    assert len({mark.key for mark in scene.marks}) == len(scene.marks)


@EVERY
def test_a_table_has_a_cell_under_every_head(name):
    table = SCENES[name]((560, 400)).table
    assert all(len(row) == len(table.heads) for row in table.rows)


def test_a_curve_rises_to_the_right_and_is_marked_at_every_tenth_and_where_it_is_in_use():
    scene = roc((CURVE,), (600, 400))
    line = next(item for item in scene.items if isinstance(item, Line) and item.width == 2)
    assert all(a[0] <= b[0] and a[1] >= b[1] for a, b in pairwise(line.points))
    tenths = [i / 10 for i in range(1, 10)]
    assert [mark.key[1] for mark in scene.marks] == sorted([*tenths, 0.72])
    words = at_key(scene, ("refund", 0.72)).words
    assert words.startswith(f"“refund” from 72{THIN}% on: finds 60.0{THIN}% of its texts")
    assert words.endswith(f"and flags 5.0{THIN}% of all others.")
    assert f"from 72{THIN}% on" in words_of(scene)
    assert f"93.0{THIN}%" in words_of(scene)


def test_a_probability_is_as_exact_as_it_has_to_be():
    assert [as_threshold(share) for share in (0.7, 0.29, 0.725)] == [
        f"70{THIN}%",
        f"29{THIN}%",
        f"72.5{THIN}%",
    ]


def test_a_probability_that_nothing_reaches_has_no_mark():
    low = replace(CURVE, thresholds=(0.35, 0.2), x=(0.1, 1.0), y=(0.5, 1.0), chosen=None)
    assert [mark.key[1] for mark in roc((low,), (600, 400)).marks] == [0.1, 0.2, 0.3]


def test_a_precision_that_is_undefined_leaves_a_gap_and_an_empty_cell():
    broken = replace(PRECISION_CURVE, y=(None, 1.0, 0.97, None, 0.88, 0.8, 0.7, 0.55, 0.5))
    scene = precision_recall((broken,), (600, 400))
    lines = [item for item in scene.items if isinstance(item, Line) and item.width == 2]
    assert len(lines) == 3  # two pieces, and the sample of the legend
    assert 0.72 not in [mark.key[1] for mark in scene.marks]
    assert ("refund", 0.72, 0.6, None, 0.93) in scene.table.rows


def test_an_undefined_score_is_called_so():
    scene = roc((replace(CURVE, score=None),), (600, 400))
    assert "not known" in words_of(scene)
    assert "not known" in scene.name


def test_lines_differ_in_more_than_their_colour():
    scene = roc([numbered(i) for i in range(4)], (600, 400))
    lines = [item for item in scene.items if isinstance(item, Line) and item.width == 2]
    assert len({line.dash for line in lines}) == len({line.tone for line in lines}) == 4
    assert len({dot.shape for dot in scene.items if isinstance(dot, Dot)}) == 4


def test_a_line_of_many_points_is_drawn_with_few_and_keeps_its_ends():
    n = 20_000
    shares = tuple(i / n for i in range(n + 1))
    curve = Curve("many", tuple(1 - s for s in shares), shares, tuple(s**0.5 for s in shares))
    line = next(i for i in roc((curve,), (600, 400)).items if isinstance(i, Line) and i.width == 2)
    assert len(line.points) < 100
    assert line.points[0][0] == 48
    assert line.points[-1][1] == 30


def test_bins_stand_between_their_ends_and_say_how_often_they_are_right():
    scene = reliability(BINS, (460, 420))
    assert [mark.key for mark in scene.marks] == [(0.0, 0.25), (0.5, 0.75), (0.75, 1.0)]
    said = scene.marks[1].words
    assert said.startswith(f"40 texts with 62.0{THIN}% stated on average: 55.0{THIN}% right")
    heights = [i.box.height for i in scene.items if isinstance(i, Rect) and i.tone == "outline"]
    assert heights[0] < heights[1] < heights[2]
    assert (0.25, 0.5, 0, None, None, None, None) in scene.table.rows


def test_the_bars_of_a_histogram_are_as_high_as_their_counts_and_the_kinds_differ_in_pattern():
    scene = histogram(SCORES, (560, 320))
    right, wrong = at_key(scene, ("right", 3)).box, at_key(scene, ("wrong", 0)).box
    assert right.height / wrong.height == pytest.approx(120 / 700)
    assert sum(int(re.search(r"(\d+) text", m.words)[1]) for m in scene.marks) == 132 + 722
    assert {item.is_hatched for item in scene.items if isinstance(item, Rect)} == {True, False}
    stacked = at_key(scene, ("wrong", 1)).box
    assert stacked.bottom == at_key(scene, ("right", 1)).box.y
    assert f"from 60{THIN}% on" in words_of(scene)


@pytest.mark.parametrize("n", [2, 8, 77, 150])
def test_every_count_of_a_matrix_can_be_chosen(n):
    given = many(n)
    scene = matrix(given, (620, 520))
    counted = [(i, j) for i in range(n) for j in range(n) if given.counts[i][j]]
    assert [mark.key for mark in scene.marks] == counted  # in reading order
    assert all(scene.mark_at(*mark.box.centre) is mark for mark in scene.marks)
    assert sum(row[2] for row in scene.table.rows) == sum(map(sum, given.counts))


def test_large_cells_hold_numbers_and_small_ones_only_colour():
    assert "1,412" in words_of(SCENES["matrix of two"]((520, 300)))
    small = matrix(many(77), (620, 520))
    assert not any(i.role == "caption_strong" for i in small.items if isinstance(i, Words))
    assert {mark.box.width for mark in small.marks} == {6}


def test_numbers_go_before_long_names_and_stand_on_their_cells():
    names = tuple(f"balance_not_updated_after_transfer_{i}" for i in range(8))
    for width in range(270, 400, 7):
        scene = matrix(replace(many(8), names=names), (width, 420))
        grounds = [i for i, item in enumerate(scene.items) if isinstance(item, Rect)]
        figures = [i for i, item in enumerate(scene.items) if words_role(item) == "caption_strong"]
        assert len(figures) == (len(scene.marks) if width >= 314 else 0)
        assert all(any(ground == figure - 1 for ground in grounds) for figure in figures)


def test_right_answers_and_slips_have_colours_of_their_own():
    scene = matrix(Matrix(NAMES, COUNTS), (600, 400))
    tones = {i.box.centre: i.tone for i in scene.items if isinstance(i, Rect)}
    assert tones[at_key(scene, (0, 0)).box.centre] == "accent"
    assert tones[at_key(scene, (2, 0)).box.centre] == "concept:1"


def test_a_cell_says_what_it_was_before_the_share_or_the_mean_probability():
    before = Matrix(NAMES, COUNTS, before=((12, 2, 1, 0), *COUNTS[1:]))
    scene = matrix(before, (600, 400))
    assert "2 → 0" in words_of(scene)
    assert at_key(scene, (0, 1)).words.endswith("0 texts (before: 2)")
    shares = matrix(Matrix(NAMES, COUNTS, "shares"), (600, 400))
    assert "45" in words_of(shares)
    assert at_key(shares, (2, 0)).words.endswith(f"5 texts, 45.5{THIN}%")
    means = ((0.8, 0.1, 0.1, None), *[(0.25,) * 4] * 3)
    scene = matrix(Matrix(NAMES, COUNTS, "mean probability", means=means), (600, 400))
    assert at_key(scene, (0, 1)).words.endswith(f"0 texts, mean probability 10.0{THIN}%")
    assert (0, 3) not in [mark.key for mark in scene.marks]


def test_a_matrix_can_show_some_of_its_concepts_under_their_own_keys():
    scene = matrix(Matrix(NAMES, COUNTS, shown=(2, 0)), (600, 400))
    assert [mark.key for mark in scene.marks] == [(2, 2), (2, 0), (0, 2), (0, 0)]


@pytest.mark.parametrize(("n", "width"), [(1, 500), (2, 520), (8, 600), (77, 620), (150, 900)])
def test_a_matrix_fits_into_the_height_it_asks_for(n, width):
    asked = matrix_height(n, width)
    scene, larger = matrix(many(n), (width, asked)), matrix(many(n), (width, asked + 400))
    assert asked - 32 <= max(mark.box.bottom for mark in scene.marks) <= asked - 30
    assert larger.marks[0].box.width >= scene.marks[0].box.width


def test_the_concepts_mixed_up_most_come_first_and_side_by_side():
    assert most_mixed_up(COUNTS, 2) in ([0, 2], [2, 0])
    shown = most_mixed_up(COUNTS, 4)
    assert sorted(shown) == [0, 1, 2, 3]
    assert abs(shown.index(0) - shown.index(2)) == 1
    assert abs(shown.index(1) - shown.index(3)) == 1
    assert most_mixed_up([]) == []
    assert most_mixed_up([[4]]) == [0]


def test_what_was_measured_is_drawn_through_and_what_is_expected_dashed():
    scene = learning_curve(POINTS, FORECAST, (560, 320))
    assert [mark.key for mark in scene.marks] == [250, 750, 1000, 2000]
    places = [mark.box.centre for mark in scene.marks]
    assert all(a[0] < b[0] and a[1] > b[1] for a, b in pairwise(places))
    lines = [item for item in scene.items if isinstance(item, Line)]
    assert [bool(line.dash) for line in lines] == [False, True]
    assert scene.marks[-1].words.startswith(f"With 2,000 texts, perhaps 89.0{THIN}%")
    assert (500, None, None, None, "measured") in scene.table.rows
    assert scene.table.rows[-1][-1] == "forecast"


def test_fewer_decided_automatically_means_fewer_errors_and_the_choice_is_named():
    scene = coverage(SHARES, 0.3, 0.02, (560, 320))
    places = [mark.box.centre for mark in scene.marks]
    assert all(a[0] < b[0] and a[1] >= b[1] for a, b in pairwise(places))
    assert f"at most 2.0{THIN}% wrong" in words_of(scene)
    assert f"70.0{THIN}% decided" in words_of(scene)
    assert at_key(scene, 0.3).words.startswith(f"From 30{THIN}% on: 70.0{THIN}% decided")


@pytest.mark.parametrize("i", range(20))
def test_what_is_tolerated_and_what_is_decided_are_not_written_over_each_other(i):
    scene = coverage(SHARES, i / 20, SHARES[i].error, (460, 280))
    one, other = (
        next(item.box for item in scene.items if isinstance(item, Words) and end in item.value)
        for end in ("% wrong", "% decided")
    )
    assert one.right <= other.x or other.right <= one.x


def test_points_that_would_hide_one_another_leave_room_for_the_chosen_one():
    close = [CoveragePoint(i / 1000, 1 - i / 1000, 0.01) for i in range(1000)]
    scene = coverage(close, 0.4567 // 0.001 / 1000, None, (560, 320))
    assert 0.456 in [mark.key for mark in scene.marks]
    lefts = [mark.box.x for mark in scene.marks]
    assert all(b - a >= 7 for a, b in pairwise(lefts))


def test_scores_stand_one_under_the_other_in_their_intervals():
    scene = intervals(ROWS, (560, 60))
    assert scene.height >= 3 * 32
    assert [mark.key for mark in scene.marks] == [3, "Never checked", 1]
    bands = [item.box for item in scene.items if isinstance(item, Rect) and item.opacity < 1]
    dots = [item.at for item in scene.items if isinstance(item, Dot)]
    assert len(bands) == len(dots) == 2
    assert all(band.holds(*dot) for band, dot in zip(bands, dots, strict=True))
    assert dots[0][0] > dots[1][0]
    assert "not known" in words_of(scene)


def test_a_name_is_cut_in_its_middle_to_the_room_there_is():
    assert shortened("short", "caption", 200) == "short"
    cut = shortened("balance_not_updated_after_bank_transfer", "caption", 120)
    assert cut.startswith("balan")
    assert cut.endswith("nsfer")
    assert "…" in cut
    assert text_width(cut, "caption") <= 120
    assert is_right_to_left(NAMES[1])


@EVERY
@pytest.mark.parametrize("theme", THEMES)
def test_an_svg_is_sound_names_itself_and_holds_every_word_that_is_drawn(name, theme):
    scene = SCENES[name]((560, 400))
    root = ElementTree.fromstring(write_svg(scene, theme).encode())
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("viewBox") == f"0 0 {scene.width} {scene.height}"
    title = root.findtext(f"{space}title")
    assert title == scene.name.replace("\x07", "\ufffd")
    drawn = [node.text for node in root.iter(f"{space}text")]
    ours = [i.value for i in scene.items if isinstance(i, Words) and not i.is_name]
    assert not set(ours) - set(drawn)
    fills = {node.get("fill") for node in root.iter(f"{space}text")}
    assert fills <= set(vars(THEMES[theme]).values())


def test_somebodys_name_is_no_markup_and_arabic_keeps_its_side_and_its_order():
    svg = write_svg(matrix(Matrix(NAMES, COUNTS), (600, 400)))
    assert "&lt;&amp;&gt;" in svg
    assert "<&>" not in svg
    assert re.search(r'text-anchor="end" unicode-bidi="plaintext"[^>]*>' + NAMES[1], svg)
    assert "url(#hatch-concept-1)" in write_svg(histogram(SCORES, (560, 320)))


def test_a_table_is_saved_in_full_with_nothing_that_a_sheet_would_run(tmp_path):
    scene = intervals((*ROWS[:2], ScoreRow("=1+1", 1 / 3)), (560, 200))
    write_chart_table(tmp_path / "scores.csv", scene.table)
    assert (tmp_path / "scores.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "Name,Score,Low,High",
        "Quick classifier 3,0.941,0.93,0.951",
        "Never checked,,,",
        "'=1+1,0.3333333333333333,,",
    ]
