"""What a recording light shows, one case per row; the log and the devices may contradict each other."""

import pytest

from api.live.lights import CONTRADICTION_MS, LOST_MS, NO_DEVICE, Light, Report, station_lights
from consent.entries.bodies import AgreementResumed, AgreementSuspended, RecordingCompleted
from consent.entries.vocabulary import Criterion
from tests.consent.conftest import MemoryFiles
from tests.consent.world import CAMPAIGN, STATION, World


@pytest.fixture
def world():
    return World(MemoryFiles()).founded().agreed().enrolled()


def light_of(world, *reports, later_ms=0):
    (found,) = station_lights([STATION], reports, world.state, world.now_ms + later_ms)
    return found


def report(world, light="recording", *, before_ms=0, reason="", device="edge-1", state="screwing"):
    return Report(device, STATION, world.now_ms - before_ms, light, reason, state)


def test_a_station_that_nobody_told_of_is_dark(world):
    assert light_of(world).light is Light.DARK
    assert light_of(world).reason == NO_DEVICE


@pytest.mark.parametrize(
    ("said", "reason", "shown"),
    [
        ("recording", "", Light.RECORDING),
        ("not recording", "the minutes of this day are used up", Light.DARK),
        ("ended", "", Light.DARK),
    ],
)
def test_a_device_is_believed_while_nothing_contradicts_it(world, said, reason, shown):
    found = light_of(world, report(world, said, reason=reason))
    assert found.light is shown
    assert found.device == "edge-1"
    assert found.state == ("screwing" if shown is Light.RECORDING else "")


def test_the_newest_report_counts(world):
    old, new = report(world, before_ms=9000, device="edge-0"), report(world, "not recording", reason="why")
    assert light_of(world, new, old).light is light_of(world, old, new).light is Light.DARK


def test_a_silent_device_is_lost_and_one_that_said_goodbye_is_not(world):
    assert light_of(world, report(world), later_ms=LOST_MS).light is Light.RECORDING
    lost = light_of(world, report(world), later_ms=LOST_MS + 1)
    assert (lost.light, lost.state) == (Light.LOST, "")
    assert light_of(world, report(world, "ended"), later_ms=10 * LOST_MS).light is Light.DARK


def test_a_suspended_agreement_pauses_and_resumes(world):
    before = report(world)
    number = world.act(AgreementSuspended(agreement=world.hash), world.council)
    assert light_of(world, before).light is Light.PAUSED
    world.act(AgreementResumed(agreement=world.hash, lifts=number), world.employer, world.council)
    assert light_of(world, before).light is Light.RECORDING


def test_a_recorder_that_goes_on_after_a_suspension_is_shown_as_a_contradiction(world):
    world.act(AgreementSuspended(agreement=world.hash), world.council)
    world.now_ms += CONTRADICTION_MS
    assert light_of(world, report(world)).light is Light.PAUSED  # its report may be late
    world.now_ms += 1
    assert light_of(world, report(world)).light is Light.CONTRADICTION


def test_recording_without_an_agreement_is_a_contradiction_unless_nobody_can_know():
    world = World(MemoryFiles()).founded()
    assert light_of(world, report(world)).light is Light.CONTRADICTION
    (found,) = station_lights([STATION], [report(world)], None, world.now_ms)
    assert found.light is Light.RECORDING


def test_a_campaign_that_has_seen_enough_is_finished(world):
    world.act(
        RecordingCompleted(
            agreement=world.hash, campaign=CAMPAIGN, station=STATION, criterion=Criterion.CYCLES
        ),
        world.device,
    )
    assert light_of(world, report(world, "ended")).light is Light.FINISHED
    assert light_of(world).light is Light.FINISHED
    assert light_of(world, report(world)).light is Light.RECORDING
