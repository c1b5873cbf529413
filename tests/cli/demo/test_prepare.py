"""A demonstration is complete, keeps the works agreement, is made once, and whole or not at all."""

import json
import stat
from collections import defaultdict

import pytest
from sqlalchemy import func, select

from api.releases.form import read
from cli.demo import prepare as making
from cli.demo import workshop
from cli.demo.layout import PILOT, SAMPLE, SITE
from cli.demo.plant import MARK
from cli.demo.prepare import prepare
from cli.demo.sessions import courses
from consent.agreement.vocabulary import Role as Agreed
from consent.agreement.vocabulary import View
from consent.audit.kept import read_kept
from consent.audit.policy import parse_policy
from consent.audit.verify import audit_log
from consent.entries.bodies import AccessViewed, ReleasePublished
from consent.entries.form import parse_entry
from consent.keys import Role
from consent.log.directory import Directory
from consent.log.tail import entries_from
from consent.site.plant import Plant
from consent.site.stop_orders import usable
from productivity.errors import BadInput
from storage.sql.database import Database
from storage.sql.releases import kept_releases
from storage.sql.retention import deletions
from storage.sql.stop_orders import unused
from storage.sql.tables import interval, metadata, station


def audit(demo, at_ms):
    return audit_log(
        Directory(demo.plant / "log"),
        parse_policy(demo.policy.read_bytes(), "policy"),
        kept=read_kept(demo.plant / "log"),
        at_ms=at_ms,
    )


def log_entries(demo):
    follower = demo_follower(demo)
    follower.poll()
    return [
        parse_entry(content, "entry")
        for _, entries in entries_from(Directory(demo.plant / "log"), 0, follower.checkpoint)
        for content in entries
    ]


def rows(demo, table):
    with Database(demo.database) as database, database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_an_auditor_finds_nothing(demo, now_ms):
    report = audit(demo, now_ms)
    assert (report.number, report.findings, report.warnings) == (0, (), ())
    assert all(one.done for one in report.checks)


def test_the_log_tells_the_whole_story(demo):
    types = {one.type.partition("/")[0] for one in log_entries(demo)}
    assert types >= {
        "agreement.proposed",
        "agreement.signed",
        "agreement.activated",
        "agreement.suspended",
        "agreement.resumed",
        "recording.started",
        "recording.stopped",
        "recording.completed",
        "consent.requested",
        "consent.given",
        "consent.refused",
        "device.enrolled",
        "access.viewed",
        "release.published",
        "motion.sealed",
        "motion.used",
        "motion.exported",
        "royalty.accrued",
    }


def test_tables_are_released_and_both_readers_have_opened_one(demo):
    bodies = [one.body for one in log_entries(demo)]
    said = {body.content: body for body in bodies if isinstance(body, ReleasePublished)}
    with Database(demo.database) as database:
        kept = kept_releases(database, SITE)
    assert [one.name for one in kept] == ["Cells, week 10", "Hall by state, week 10", "Stations, week 10"]
    told = [said[read(one.content, one.name).content] for one in kept]
    # Seven people at least: of three stations, only the hall as a whole has so many.
    assert {one.smallest_group for one in told} == {8}
    assert [one.suppressed for one in told] == [one.suppressed for one in kept]
    assert told[-1].suppressed > 0
    opened = [body for body in bodies if isinstance(body, AccessViewed) and body.view is View.TABLES]
    assert [body.role for body in opened] == [Agreed.SUPERVISOR, Agreed.COUNCIL]


def test_durations_add_up_to_the_span_of_each_session(demo, wish):
    expected = {
        one.id: (one.plan.name, sum(piece.duration for piece in one.intervals))
        for course in courses(wish.stations, wish.dates, wish.seed)
        for one in course.recordings
    }
    found = defaultdict(int)
    places = {}
    with Database(demo.database) as database, database.reading() as connection:
        columns = interval.c.session, station.c.name, interval.c.duration_ns
        for session, place, duration_ns in connection.execute(select(*columns).join(station)):
            found[session.hex()] += duration_ns
            places[session.hex()] = place
    kept = {session: (places[session], total) for session, total in found.items()}
    assert kept == {session: expected[session] for session in kept}
    # What is not there any more was older than agreed: the pilot's.
    gone = {session for session in expected if session not in kept}
    assert gone == {
        one.id
        for course in courses(wish.stations, wish.dates, wish.seed)
        for one in course.recordings
        if course.campaign is PILOT
    }


def test_what_is_older_than_agreed_was_sealed_and_deleted(demo, wish):
    with Database(demo.database) as database:
        noted = {one.what: one.rows for one in deletions(database)}
    pilot = next(one for one in courses(wish.stations, wish.dates, wish.seed) if one.campaign is PILOT)
    assert noted["intervals"] == sum(len(one.intervals) for one in pilot.recordings)
    assert noted["documented times"] > 10


NOT_YET = {
    "alembic_version",
    "attempt",
    "invitation",
    "login",
    "passkey",
    "restoration",
    "device_report",
    "royalty_payout",
    "royalty_dispute",
    "royalty_answer",
}
"""What only a running server, a dispute, a payout or a disaster fills."""


def test_there_is_something_in_every_table(demo):
    empty = {name for name, table in metadata.tables.items() if not rows(demo, table)}
    assert empty <= NOT_YET


def test_the_council_can_press(demo):
    state = demo_follower(demo).poll()
    (line,) = state.agreements.values()
    with Database(demo.database) as database:
        assert len(usable(state, unused(database, line.hash))) == making.STOP_ORDERS


def test_secrets_are_for_this_account_alone(demo):
    assert stat.S_IMODE(demo.directory.stat().st_mode) == 0o700
    for file in (demo.passphrase_file, demo.credentials, demo.tokens, demo.log_key):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_the_second_start_uses_what_is_there(demo, make_wish, now_ms):
    before = demo.mark.read_bytes(), demo.log_key.read_bytes()
    said = []
    again = prepare(demo.directory, make_wish(now_ms + 86_400_000), said.append)
    assert again == demo
    assert (demo.mark.read_bytes(), demo.log_key.read_bytes()) == before
    assert len(said) == 1
    assert "2026-03-09" in said[0]


def test_what_a_kill_left_behind_is_made_anew(tmp_path, tmp_path_factory, wish, monkeypatch):
    target = tmp_path / "plant-demo"
    left = tmp_path / ".plant-demo.0a1b2c3d.partial"
    left.mkdir()
    (left / "credentials.json").write_text("half")
    memory = tmp_path_factory.mktemp("memory")
    monkeypatch.setattr(workshop, "MEMORY", memory)
    (memory / "fairtakt-demo.plant-demo.0a1b2c3d.partial" / "keys").mkdir(parents=True)

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(making, "take_in", killed)
    with pytest.raises(KeyboardInterrupt):
        prepare(target, wish, lambda _: None)
    assert [*tmp_path.iterdir(), *memory.iterdir()] == []
    monkeypatch.undo()
    assert prepare(target, wish, lambda _: None).mark.exists()
    assert [one.name for one in tmp_path.iterdir()] == ["plant-demo"]


def test_somebody_elses_directory_is_left_alone(tmp_path, wish):
    (tmp_path / "thesis.txt").write_text("do not lose this")
    with pytest.raises(BadInput, match="not empty"):
        prepare(tmp_path, wish, lambda _: None)
    assert (tmp_path / "thesis.txt").read_text() == "do not lose this"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(json.dumps({"fairtakt": "demonstration 0", "made_ms": 1}), id="older"),
        pytest.param("not JSON", id="damaged"),
    ],
)
def test_another_versions_demonstration_is_refused(tmp_path, wish, content):
    (tmp_path / MARK).write_text(content)
    with pytest.raises(BadInput, match="another version"):
        prepare(tmp_path, wish, lambda _: None)
    assert (tmp_path / MARK).read_text() == content


def demo_follower(demo):
    return Plant(demo.plant).follow(demo.keys.verifier(Role.PLANT_LOG))


def test_the_site_is_divided_and_the_sample_is_in_it(demo, wish):
    assert demo.site == SITE
    assert SAMPLE in {plan.name for plan in wish.stations}
    assert demo.station_file(SAMPLE).read_bytes() == wish.sample_file.read_bytes()
