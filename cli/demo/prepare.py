"""Makes the demonstration plant: whole or not at all, and through the product's own functions.

Everything that happened before now was invented by `cli.demo.work` and its neighbours; keys, signatures, log,
co-signatures, tables and accounts are as real as anywhere.
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import time as clock
from pathlib import Path

from api.accounts.passwords import Passwords
from api.policy import Role as ApiRole
from capture.station.file import read_station
from cli.demo import story
from cli.demo.agreement import agreement_text, read_agreement
from cli.demo.calendar import at, shifts
from cli.demo.consents import Worker, consents
from cli.demo.corrections import correct_some
from cli.demo.dates import Dates, dates
from cli.demo.keys import LOG, make_keys
from cli.demo.layout import PILOT, PILOT_STATION, SAMPLE, SITE, STATIONS, TIME_ZONE, StationPlan
from cli.demo.ledger import Act, Council, Step, cosign_all, ledger
from cli.demo.looks import looks, said
from cli.demo.motion import moved, use_some
from cli.demo.people import Credential, make_accounts, write_credentials
from cli.demo.plant import DemoPlant, Made, mark_text, read_mark
from cli.demo.releases import release_weeks, services_of_now, viewer_of
from cli.demo.sessions import Course, Recording, courses
from cli.demo.shop_floor import station_days
from cli.demo.station_text import station_text
from cli.demo.studies import make_studies
from cli.demo.tables import divide, let_in, note, publish_files, set_calendar, take_in
from cli.demo.workshop import workshop
from consent import durable
from consent.agreement.form import agreement_hash
from consent.agreement.schema import Agreement
from consent.agreement.signing import countersign, sign_agreement
from consent.entries.times import utc_text
from consent.gate.notebook import CampaignPlace, Notebook
from consent.keys import Role
from consent.notes import Signer
from consent.site.state import SiteState
from consent.site.stop_orders import check_stop_order, parse_stop_orders, sign_stop_orders
from storage.sealed.retention import retain
from storage.sql.database import Database
from storage.sql.stop_orders import deposit
from storage.study.shelf import Shelf

SECRET = "server.secret"  # noqa: S105  # the name of a file
_NINE = clock(9)
STOP_ORDERS = 5
_PARTIES = (Role.EMPLOYER, Role.WORKS_COUNCIL, Role.WITNESS)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a demonstration is to hold. Other values than these are for tests."""

    now_ms: int
    weeks: int = 2
    stations: tuple[StationPlan, ...] = STATIONS
    seed: int = 2012
    passwords: Passwords | None = None
    sample_file: Path | None = None
    """The station file of the rendered sample; None: it is not there."""

    @property
    def dates(self) -> Dates:
        """Which day is which."""
        return dates(self.now_ms, self.weeks)


def prepare(directory: Path, wish: Wish, say: Callable[[str], None]) -> DemoPlant:
    """Return the demonstration of a directory; make it if there is none, or only a part of one.

    `BadInput` if the directory holds something else.
    """
    plant = DemoPlant(directory.resolve())
    if made := read_mark(plant):
        say(f"demonstration of {utc_text(made.made_ms)[:10]} in {directory}, {made.intervals} intervals")
        return plant
    begun = time.monotonic()
    with workshop(plant.directory) as place:
        intervals = _Maker(DemoPlant(place), wish, say).make()
    say(f"made in {time.monotonic() - begun:.0f} s: {intervals} intervals, in {directory}")
    return plant


class _Maker:
    """Makes one demonstration."""

    def __init__(self, plant: DemoPlant, wish: Wish, say: Callable[[str], None]) -> None:
        self._plant, self._wish, self._say = plant, wish, say
        self._days = wish.dates

    def make(self) -> int:
        """Do it all; return how many intervals were taken in."""
        wish, days = self._wish, self._days
        self._say(f"a plant of {len(wish.stations)} stations, recorded since {days.first}")
        recorded = courses(wish.stations, days, wish.seed)
        self._say("keys, and a works agreement that both sides sign")
        devices = list(dict.fromkeys([PILOT.device or "", *(one.device for one in wish.stations)]))
        keys = make_keys(self._plant.keys.directory, devices)
        signers = {name: keys.open(name) for name in (*_PARTIES, Role.PLANT_LOG, *devices)}
        cast = story.Cast(
            signers[Role.EMPLOYER], signers[Role.WORKS_COUNCIL], {name: signers[name] for name in devices}
        )
        configurations = self._write_stations()
        agreement = self._write_agreement(cast)
        self._write_policy(signers)
        self._plant.data.mkdir(mode=0o700)
        with Database(f"sqlite:///{self._plant.database_file}") as database:
            self._say("accounts, stations, calendar")
            people = self._found_server(database, cast)
            self._say("the log of the weeks until now, co-signed by the works council's witness")
            self._say("intervals as the devices would have sent them, and what the shop floor noted")
            sessions = [one for course in recorded for one in course.recordings]
            self._remember(agreement, recorded)
            with ThreadPoolExecutor(1) as beside:  # the log waits for the disk most of the time
                filled = beside.submit(self._fill, database, sessions, agreement, people)
                council = self._write_log(
                    database, agreement, recorded, configurations, cast, signers, people
                )
                intervals = filled.result()
            self._say("studies")
            shelf = Shelf(self._plant.data / "studies")
            make_studies(shelf, database, wish.stations, recorded, days, wish.seed)
            self._say("closed shifts are sealed, and what is older than agreed is deleted")
            self._retain(database, agreement)
            self._say("tables of the weeks that are over are released, and motion is used and paid")
            self._release(database, signers[Role.PLANT_LOG], council, people)
        self._plant.mark.write_text(
            mark_text(Made(wish.now_ms, intervals, tuple(one.name for one in wish.stations))),
            encoding="utf-8",
        )
        return intervals

    def _write_stations(self) -> dict[str, str]:
        """Write the station files; return the SHA-256 of each."""
        self._plant.stations.mkdir()
        digests = {}
        for plan in self._wish.stations:
            content = station_text(plan).encode()
            if plan.name == SAMPLE and self._wish.sample_file is not None:
                content = self._wish.sample_file.read_bytes()
            self._plant.station_file(plan.name).write_bytes(content)
            digests[plan.name] = hashlib.sha256(content).hexdigest()
        return digests

    def _write_agreement(self, cast: story.Cast) -> Agreement:
        states = [state for plan in self._wish.stations for state in plan.states]
        if self._wish.sample_file is not None:
            states += [state.name for state in read_station(self._wish.sample_file).states]
        keys = {
            Role.EMPLOYER: cast.employer.verifier,
            Role.WORKS_COUNCIL: cast.council.verifier,
        }
        text = agreement_text(self._wish.stations, states, self._days, keys)
        self._plant.agreement.write_text(text, encoding="utf-8")
        agreement = read_agreement(text)
        signed = countersign(sign_agreement(agreement, cast.employer), cast.council)
        self._plant.signed_agreement.write_text(str(signed.note), encoding="utf-8")
        return agreement

    def _write_policy(self, signers: dict[str | Role, Signer]) -> None:
        lines = [
            f"log {signers[Role.PLANT_LOG].verifier}",
            f"witness council {signers[Role.WITNESS].verifier}",
            "quorum council",
            f"employer {signers[Role.EMPLOYER].verifier}",
            f"works-council {signers[Role.WORKS_COUNCIL].verifier}",
        ]
        self._plant.policy.write_text("\n".join([*lines, ""]), encoding="utf-8")

    def _found_server(self, database: Database, cast: story.Cast) -> list[Credential]:
        wish, days = self._wish, self._days
        divide(database, wish.stations)
        set_calendar(database, shifts(days.worked, TIME_ZONE))
        founded_ms = at(days.founded, _NINE, TIME_ZONE)
        for name, device in cast.devices.items():
            let_in(database, name, device.verifier, founded_ms)
        terminals = [wish.stations[0].name, SAMPLE]
        people = make_accounts(
            database,
            self._plant.data / SECRET,
            site=SITE,
            terminals=list(dict.fromkeys(terminals)),
            now_ms=lambda: founded_ms,
            passwords=wish.passwords,
        )
        write_credentials(self._plant.credentials, people)
        engineer = _of(people, ApiRole.ENGINEER)
        texts = {
            one.name: self._plant.station_file(one.name).read_text(encoding="utf-8") for one in wish.stations
        }
        publish_files(database, texts, engineer.account_id, founded_ms)
        return people

    def _write_log(
        self,
        database: Database,
        agreement: Agreement,
        recorded: Sequence[Course],
        configurations: dict[str, str],
        cast: story.Cast,
        signers: dict[str | Role, Signer],
        people: Sequence[Credential],
    ) -> Council:
        plant, days = self._plant, self._days
        founding = {role: signers[role].verifier for role in _PARTIES}
        founded_ms = at(days.founded, _NINE, TIME_ZONE)
        names = [one.name for one in self._wish.stations]
        plant.witness.mkdir(mode=0o700)
        council = Council(signers[Role.WITNESS], signers[Role.PLANT_LOG].verifier, plant.witness, founded_ms)
        with ledger(plant.plant, signers[Role.PLANT_LOG], founding, council) as book:
            asked, workers = consents(plant.plant, agreement, days, cast, LOG)
            steps: list[Step] = [
                *story.agreed(agreement, days, cast),
                *story.recorded(agreement, recorded, configurations, cast),
                *story.suspended(agreement, days, cast),
                *asked,
                *self._moved(agreement, recorded, workers, cast),
                *said(database, list(looks(people, names, days))),
            ]
            for moment in story.moments(steps):
                book.take(moment)
            book.close(days.now_ms)
            self._deposit(database, book.state, agreement_hash(agreement), cast.council)
        tokens = [{"token": one.token.spell(), "answer": one.story} for one in workers]
        content = json.dumps(tokens, indent=1) + "\n"
        durable.write_new(plant.tokens, content.encode(), mode=0o600)
        return council

    def _moved(
        self, agreement: Agreement, recorded: Sequence[Course], workers: Sequence[Worker], cast: story.Cast
    ) -> list[Act]:
        """Seal motion of those who said yes."""
        device = next((one.device for one in self._wish.stations if one.name == SAMPLE), None)
        if device is None:
            return []
        sessions = [one for course in recorded for one in course.recordings]
        return moved(self._plant.data, agreement_hash(agreement), sessions, workers, cast.devices[device])

    def _remember(self, agreement: Agreement, recorded: Sequence[Course]) -> None:
        """Leave the recorders' notebook as they would have: what each campaign has counted."""
        self._plant.plant.mkdir()
        notebook = Notebook(self._plant.plant)
        for course in recorded:
            place = CampaignPlace(agreement.id, course.campaign.name, course.plan.name)
            notebook.keep_tally(place, course.tally)

    def _deposit(self, database: Database, state: SiteState, agreement: str, council: Signer) -> None:
        """Let the council deposit stop orders, so that one press suspends."""
        now_ms = self._days.now_ms
        signed = sign_stop_orders(agreement, LOG, range(now_ms - STOP_ORDERS, now_ms), council)
        notes = parse_stop_orders(signed, "stop orders")
        deposit(database, [check_stop_order(state, note, now_ms) for note in notes], now_ms)

    def _fill(
        self,
        database: Database,
        sessions: Sequence[Recording],
        agreement: Agreement,
        people: Sequence[Credential],
    ) -> int:
        wish, days = self._wish, self._days
        resolution_ms = agreement.time_resolution_s * 1000
        taken = take_in(database, sessions, resolution_ms)
        engineer = _of(people, ApiRole.ENGINEER)
        correct_some(database, wish.stations[0].name, engineer.account_id, days, resolution_ms)
        noted = station_days(wish.stations, days.recorded, wish.seed)
        if pilot := [one for one in wish.stations if one.name == PILOT_STATION]:
            noted += station_days(pilot, days.piloted, wish.seed)
        note(database, noted, days.now_ms, resolution_ms)
        return taken

    def _retain(self, database: Database, agreement: Agreement) -> None:
        kept = agreement.retention
        retain(
            database,
            self._plant.data / "sealed",
            SITE,
            intervals_days=kept.intervals_days,
            aggregates_days=kept.aggregates_days,
            now_ms=self._days.now_ms,
        )

    def _release(
        self, database: Database, log: Signer, council: Council, people: Sequence[Credential]
    ) -> None:
        plant, days = self._plant, self._days
        with services_of_now(database, plant.plant, plant.data, log, council, days.now_ms) as services:
            readers = [_of(people, role) for role in (ApiRole.MANAGER, ApiRole.COUNCIL)]
            release_weeks(services, _of(people, ApiRole.ENGINEER), readers, days)
            use_some(services, log.verifier, plant.data, viewer_of(_of(people, ApiRole.ENGINEER)))
        cosign_all(plant.plant, log, council)


def _of(people: Sequence[Credential], role: ApiRole) -> Credential:
    return next(one for one in people if one.role == role)
