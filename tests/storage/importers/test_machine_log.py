import pytest

from productivity.time import SECOND
from storage.importers.load import import_file
from storage.importers.mapping import FileMapping, Kind

SHDR = FileMapping(kind=Kind.MACHINE_LOG, constants={"system": "lathe"})

LOG = """\
2026-03-02T06:00:00.000000Z|avail|AVAILABLE|fmode|PRODUCTION|execution|READY
* PONG 10000
2026-03-02T06:00:10Z|execution|ACTIVE|line|"a|b"
2026-03-02T06:00:12Z|@ASSET@|20|CuttingTool|--multiline--X1
<CuttingTool>2026-03-02T06:00:13Z|execution|STOPPED</CuttingTool>
--multiline--X1
2026-03-02T06:00:20Z|execution|ACTIVE
2026-03-02T06:00:30.5Z|lathe:execution|INTERRUPTED
2026-03-02T06:00:40Z|execution|UNAVAILABLE
2026-03-02T06:01:00Z|execution|ACTIVE
2026-03-02T06:01:05Z|Xact|1.5
"""


def codes(imported):
    return [(finding.code, finding.rows) for finding in imported.report.findings]


def seconds(imported):
    return {state: duration / SECOND for state, duration in imported.report.totals_ns.items()}


def test_the_real_log_gives_its_totals(machine_data, checked):
    """Four connections that were appended out of order; by hand from their 16 changes of state:

    READY 2.0544592 + 1.1638262, 3.9458025 + 0.9116475, 2.8670372 + 0, 2.4107122 + 5.3798210
    ACTIVE 186.7296259, 604.9626786, 548.9318815, 16.7518982
    PROGRAM_COMPLETED 0.2491770, 0.2451742, 0.2301635, 0.2391699
    """
    imported = checked(import_file(machine_data / "mtconnect_okuma.shdr.txt", SHDR))
    assert imported.report.totals_ns == {
        "READY": 18_733_305_800,
        "ACTIVE": 1_357_376_084_200,
        "PROGRAM_COMPLETED": 963_684_600,
    }
    assert (imported.report.read, imported.report.used) == (16, 16)
    assert [(f.code, f.facts) for f in imported.report.findings] == [
        ("several-connections", (("connections", 4),))
    ]
    assert {record.period for record in imported.records.documented} == {"2022-08"}


def test_a_small_log_by_hand(text_file, checked):
    imported = checked(import_file(text_file(LOG, "log.txt"), SHDR))
    assert seconds(imported) == {"READY": 10, "ACTIVE": 20.5 + 5, "INTERRUPTED": 9.5}
    assert (imported.report.read, imported.report.used, imported.report.passed_over) == (5, 4, 1)
    assert [record.source for record in imported.records.documented] == [
        "log.txt:1",
        "log.txt:3",
        "log.txt:8",
        "log.txt:10",
    ]


def test_states_are_mapped_and_others_refused(text_file, checked):
    mapping = SHDR.model_copy(
        update={"states": {"INTERRUPTED": "breakdown", "ACTIVE": None}, "period": "may"}
    )
    imported = checked(import_file(text_file(LOG, "log.txt"), mapping))
    assert [(r.system, r.state, r.period) for r in imported.records.documented] == [
        ("lathe", "breakdown", "may")
    ]
    assert codes(imported) == [("state-not-mapped", ("log.txt:1",))]


def test_time_between_two_connections_is_nobodys(text_file, checked):
    again = LOG.replace("06:0", "09:0").replace("INTERRUPTED", "STOPPED")
    imported = checked(import_file(text_file(LOG + again, "log.txt"), SHDR))
    assert seconds(imported) == {"READY": 20, "ACTIVE": 51, "INTERRUPTED": 9.5, "STOPPED": 9.5}


def test_a_clock_that_went_back_within_a_connection_is_a_finding(text_file, checked):
    imported = checked(import_file(text_file(LOG.replace("06:00:40Z", "05:59:40Z"), "log.txt"), SHDR))
    assert codes(imported) == [("negative-duration", ("log.txt:8",))]
    assert "INTERRUPTED" not in imported.report.totals_ns


def test_a_line_with_a_torn_time_is_passed_over_with_a_warning(text_file, checked):
    imported = checked(
        import_file(text_file(LOG.replace("2026-03-02T06:00:40Z", "2026-03-0"), "log.txt"), SHDR)
    )
    assert codes(imported) == [("row-refused", ("log.txt:9",))]
    assert seconds(imported)["INTERRUPTED"] == 29.5


def test_the_key_is_found_or_named(text_file):
    log = text_file(LOG.replace("execution", "pexecution"), "log.txt")
    assert import_file(log, SHDR).report.used == 4
    named = SHDR.model_copy(update={"execution": "fmode"})
    assert set(import_file(log, named).report.totals_ns) == {"PRODUCTION"}


@pytest.mark.parametrize("content", ["", "hello\n", LOG.replace("execution", "mode"), "\x00\xff|||\n"])
def test_a_log_without_execution_states_is_refused(text_file, content):
    imported = import_file(text_file(content, "log.txt"), SHDR)
    assert imported.report.file_refused
    assert "no execution state in the log" in imported.report.findings[0].text


def test_the_damaged_real_log_gives_findings(machine_data, text_file, checked):
    """Torn in the middle of a line, and a change whose time lost its digits."""
    raw = (machine_data / "mtconnect_okuma.shdr.txt").read_text("utf-8")
    torn = raw[: raw.index("|pexecution|PROGRAM_COMPLETED") + 20]
    assert (
        checked(import_file(text_file(torn, "torn.txt"), SHDR)).report.totals_ns["ACTIVE"] == 186_729_625_900
    )
    odd = raw.replace("2022-08-08T13:51:36.7711738Z", "2022-08-08T??:51:36.7711738Z")
    imported = checked(import_file(text_file(odd, "odd.txt"), SHDR))
    assert codes(imported)[0] == ("row-refused", ("odd.txt:64",))
    assert imported.report.totals_ns["ACTIVE"] == 1_357_376_084_200 - 186_729_625_900
