"""Clocks that are set back or forward, time zones and languages: nothing is lost or misread."""

import os
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from core.app_folder import create_app_folder
from core.files import preview
from core.holder import this_process
from core.jobs import Job
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.settings import parse_settings
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.back_up import EVERY_S, BackUpRequest, back_up
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.restore import RestoreRequest, restore
from core.operations.undo import redo, undo
from core.storage import backups as stored
from core.storage import database
from core.storage.backups import list_backups
from core.storage.concepts import list_concepts
from core.storage.filters import InputFilter, count_inputs, list_input_ids
from core.storage.steps import find_undoable
from core.storage.thinning import Reason, kept
from core.wording import NumberStyle, decimal, number, use_style
from tests.core.faults import state

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)  # a Saturday
BY_ITSELF = BackUpRequest(Reason.TIME, only_if_changed=True, every_s=EVERY_S)


@pytest.fixture
def clock(monkeypatch):
    """Return the clock of the engine; `clock.now` is set by the test."""

    class Clock(datetime):
        moment = NOW

        @classmethod
        def now(cls, tz=None):
            return cls.moment.astimezone(tz)

    for module in (stored, database, sys.modules["core.operations.back_up"]):
        monkeypatch.setattr(module, "datetime", Clock)
    return Clock


def change(app, i):
    add_texts(app, AddTextsRequest((f"change number {i}",)), Job())


def made(app):
    return [backup.created for backup in reversed(list_backups(app.backups))]


# Which backups stay


def working_hours():
    """Yield every half hour of sixty days in which somebody works, on working days from 8 to 17."""
    when = NOW - timedelta(days=60)
    while when <= NOW:
        if when.weekday() < 5 and 8 <= when.hour < 17:
            yield when
        when += timedelta(minutes=30)


def simulated(moments):
    """Return the moments of the backups that are left when each was made and thinned out then."""
    there = []
    for n, when in enumerate(moments, start=1):
        there.append((n, when, Reason.TIME))
        stay = kept(there, when)
        assert n in stay
        there = [one for one in there if one[0] in stay]
    stay = kept(there, NOW)
    return [when for n, when, _why in there if n in stay]


def at(month, day, hour=16, minute=30):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def half_hours(month, day, first, last):
    return [at(month, day, hour, minute) for hour in range(first, last) for minute in (0, 30)]


def test_sixty_days_with_changes_leave_exactly_these_backups():
    weeks = [at(10, 2), at(10, 9), at(10, 16), at(10, 23), at(10, 30), at(11, 6), at(11, 13)]
    days = [at(11, day) for day in (16, 17, 18, 19, 20, 23, 24, 25)]
    today = [at(11, 26, 11), *half_hours(11, 26, 12, 17), *half_hours(11, 27, 8, 17)]
    assert simulated(working_hours()) == [*weeks, *days, at(11, 26, 11, 30), *today[1:]]


def test_sixty_days_in_which_little_changes_leave_a_backup_of_every_change_that_is_due(
    labelled_app, clock
):
    clock.moment = NOW - timedelta(days=60)
    changed = []
    for tick in range(60):  # once a day; something changes on every fourth
        clock.moment += timedelta(days=1)
        if tick % 4 == 0:
            change(labelled_app, tick)
            changed.append(clock.moment)
        result = back_up(labelled_app, BY_ITSELF, Job())
        assert result.is_new == (tick % 4 == 0)
        assert list_backups(labelled_app.backups)[0].is_whole()
    thinned = changed[-1]  # when the last one was made
    two_weeks = [when for when in changed if thinned - when <= timedelta(days=14)]
    weeks = {}
    for when in changed:
        if thinned - when > timedelta(days=14):
            weeks[when.isocalendar()[:2]] = when
    assert made(labelled_app) == [*weeks.values(), *two_weeks]


def test_a_clock_that_runs_years_ahead_for_an_hour_takes_no_backup_away():
    backups = [(n, NOW - timedelta(hours=30 - n), Reason.TIME) for n in range(1, 31)]
    ahead = NOW + timedelta(days=365 * 70)
    backups.append((31, ahead, Reason.TIME))
    assert kept(backups, ahead) >= {31, 30}
    assert len(kept(backups, ahead)) >= 3  # of each day the last, and not of each month
    back = NOW + timedelta(hours=1)
    backups.append((32, back, Reason.TIME))
    later = kept(backups, back)
    assert {30, 31, 32} <= later


def test_an_app_that_nobody_opened_for_a_year_keeps_what_it_had():
    backups = [(n, NOW - timedelta(days=400 - n), Reason.TIME) for n in range(1, 7)]
    assert kept([*backups, (7, NOW, Reason.TIME)], NOW) == set(range(1, 8))


def test_a_clock_that_is_set_back_still_makes_the_next_backup_and_it_is_the_newest(
    labelled_app, clock
):
    change(labelled_app, 1)
    assert back_up(labelled_app, BY_ITSELF, Job()).is_new
    clock.moment = NOW - timedelta(days=365)
    for i in range(2, 4):
        change(labelled_app, i)
        assert back_up(labelled_app, BY_ITSELF, Job()).is_new
        clock.moment += timedelta(seconds=EVERY_S)
    assert [backup.number for backup in list_backups(labelled_app.backups)] == [3, 2, 1]
    was = state(labelled_app)
    change(labelled_app, 4)
    assert restore(labelled_app, RestoreRequest(), Job()).backup.number == 3
    assert state(labelled_app) == was


def test_backups_of_the_future_are_no_reason_to_make_none(labelled_app, clock):
    clock.moment = NOW + timedelta(days=3_000)
    change(labelled_app, 1)
    back_up(labelled_app, BY_ITSELF, Job())
    clock.moment = NOW
    assert not back_up(labelled_app, BY_ITSELF, Job()).is_new  # nothing changed
    change(labelled_app, 2)
    assert back_up(labelled_app, BY_ITSELF, Job()).is_new
    assert len(made(labelled_app)) == 2


# Work while the clock jumps


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(days=400), timedelta(hours=-1)])
def test_undo_and_history_go_by_what_was_done_and_not_by_the_clock(labelled_app, clock, jump):
    before = state(labelled_app)
    annotate(labelled_app, AnnotateRequest((1,), "first"), Job())
    between = state(labelled_app)
    clock.moment = NOW + jump
    annotate(labelled_app, AnnotateRequest((2,), "second"), Job())
    with labelled_app.database() as db:
        assert "second" in find_undoable(db).name
    undo(labelled_app, Job())
    undone = state(labelled_app)
    assert undone["annotations"] == between["annotations"]
    undo(labelled_app, Job())
    assert state(labelled_app)["annotations"] == before["annotations"]
    redo(labelled_app, Job())
    assert state(labelled_app)["annotations"] == between["annotations"]


ZONES = ["Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu", "Europe/Berlin"]


@pytest.fixture
def zone(monkeypatch):
    """Return what moves this process to another time zone."""
    if not hasattr(time, "tzset"):
        pytest.skip("Windows has one time zone for all")

    def move(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


def test_a_traveller_keeps_all_backups_and_their_order(labelled_app, clock, zone):
    for i, name in enumerate(ZONES):
        zone(name)
        clock.moment = NOW + timedelta(hours=i)
        change(labelled_app, i)
        assert back_up(labelled_app, BY_ITSELF, Job()).is_new
        assert this_process().since.endswith(
            time.strftime("%z")[:3] + ":" + time.strftime("%z")[3:]
        )
    assert made(labelled_app) == [NOW + timedelta(hours=i) for i in range(len(ZONES))]


@pytest.mark.parametrize(
    "night", [datetime(2026, 3, 29, 0, tzinfo=UTC), datetime(2026, 10, 25, 0, tzinfo=UTC)]
)
def test_the_nights_in_which_clocks_change_lose_and_double_no_backup(
    labelled_app, clock, zone, night
):
    zone("Europe/Berlin")
    for i in range(8):  # an hour is skipped, or comes twice
        clock.moment = night + timedelta(minutes=30 * i)
        change(labelled_app, i)
        assert back_up(labelled_app, BY_ITSELF, Job()).is_new
    assert made(labelled_app) == [night + timedelta(minutes=30 * i) for i in range(8)]


# Languages


@pytest.fixture
def german_numbers():
    use_style(NumberStyle(group=".", point=","))
    yield
    use_style(NumberStyle())


def test_numbers_are_written_with_a_comma_and_read_and_kept_with_a_point(
    german_numbers, labelled_app, run, tmp_path
):
    assert (number(10_000), decimal(0.5)) == ("10.000", "0,5")
    assert parse_settings(EmbeddingClassifierSettings, ["min_value=0.25"]).min_value == 0.25
    out = tmp_path / "out.jsonl"
    run("export", labelled_app.path, out, "--format", "jsonl")
    assert ",5" not in out.read_text(encoding="utf-8").partition("\n")[0]
    path = tmp_path / "semicolons.csv"
    path.write_text("text;label;price\nwin a prize;spam;1,5\nsee you;ham;2,25\n", encoding="utf-8")
    app = create_app_folder("Comma", tmp_path / "comma")
    import_texts(app, ImportRequest(path, preview(path).mapping), Job())
    with app.database() as db:
        assert count_inputs(db) == 2
        assert {concept.name for concept in list_concepts(db)} == {"spam", "ham"}


TURKISH = ("Iğdır'dan ısmarladım", "İstanbul'a iade", "ISPARTA gülü", "izmir")


def test_turkish_letters_with_and_without_a_dot_come_in_are_found_and_go_out(app, run, tmp_path):
    path = tmp_path / "türkçe.csv"
    rows = [f"{text},{'İADE' if i % 2 else 'ısmarlama'}" for i, text in enumerate(TURKISH)]
    path.write_text("\n".join(["TEXT,LABEL", *rows]), encoding="utf-8")
    import_texts(app, ImportRequest(path, preview(path).mapping), Job())
    with app.database() as db:
        assert {concept.name for concept in list_concepts(db)} == {"İADE", "ısmarlama"}
        for words, n in (("istanbul", 1), ("İstanbul", 1), ("ISPARTA", 1), ("izmir", 1)):
            assert len(list(list_input_ids(db, InputFilter(containing=words)))) == n, words
    out = tmp_path / "out.csv"
    run("export", app.path, out)
    told = out.read_text(encoding="utf-8-sig")
    assert all(text in told for text in TURKISH)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such locales")
@pytest.mark.parametrize("language", ["tr_TR.UTF-8", "de_DE.UTF-8", "C"])
def test_the_language_of_the_system_changes_no_command(
    labelled_app, language, monkeypatch, run_json
):
    for name in ("LC_ALL", "LANG"):
        monkeypatch.setenv(name, language)
    listed = run_json("inputs", labelled_app.path, "--filter", "concept=spam", "--limit", "3")
    assert listed
