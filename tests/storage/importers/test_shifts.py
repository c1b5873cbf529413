"""A plant's calendar as shifts: recurrences, clocks that change, holidays; and hostile calendars."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("icalendar", reason="the extra server is not installed")

from productivity.errors import BadInput
from storage.importers.ical.text import LARGEST, MOST_EVENTS
from storage.importers.shifts import Holiday, read_shifts

BERLIN = ZoneInfo("Europe/Berlin")


def ms(text, zone=BERLIN):
    return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def calendar(*parts):
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", "")).encode()


def event(*lines, summary="early"):
    title = () if summary is None else (f"SUMMARY:{summary}",)
    return "\r\n".join(("BEGIN:VEVENT", *title, *lines, "END:VEVENT"))


def read(*parts, first="2026-11-16", last="2026-11-23", zone="Europe/Berlin"):
    """Import the events; return each shift as name and local times."""
    found = read_shifts(calendar(*parts), zone, ms(first), ms(last))
    assert not found.findings, found.findings
    return [(one.name, _local(one.start_ms), _local(one.end_ms)) for one in found.shifts]


def _local(at):
    return f"{datetime.fromtimestamp(at / 1000, BERLIN):%m-%d %H:%M}"


def refused(*parts, first="2026-11-16", last="2026-11-23"):
    """Import the events; return the findings as code, text and rows."""
    found = read_shifts(calendar(*parts), "Europe/Berlin", ms(first), ms(last))
    assert found.shifts == found.holidays == ()
    assert found.findings
    return [(one.code, one.text, one.rows) for one in found.findings]


EARLY = ("DTSTART;TZID=Europe/Berlin:20261116T060000", "DTEND;TZID=Europe/Berlin:20261116T140000")
WORKDAYS = "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def test_one_event_is_one_shift():
    assert read(event(*EARLY)) == [("early", "11-16 06:00", "11-16 14:00")]


@pytest.mark.parametrize(
    ("lines", "begins"),
    [
        ([*EARLY, WORKDAYS], [16, 17, 18, 19, 20]),
        ([*EARLY, "RRULE:FREQ=DAILY;COUNT=3"], [16, 17, 18]),
        ([*EARLY, "RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20261120"], [16, 18, 20]),
        # The last moment counts: 6:00 in Berlin is 5:00 UTC in winter.
        ([*EARLY, "RRULE:FREQ=DAILY;UNTIL=20261118T050000Z"], [16, 17, 18]),
        ([*EARLY, "RRULE:FREQ=DAILY;UNTIL=20261118T045959Z"], [16, 17]),
        ([*EARLY, "RRULE:FREQ=DAILY;UNTIL=20261117T060000"], [16, 17]),
        ([*EARLY, "RRULE:FREQ=MONTHLY;BYDAY=3FR"], [16, 20]),  # its own start counts, whatever the rule says
        ([*EARLY, WORKDAYS, "EXDATE;TZID=Europe/Berlin:20261118T060000"], [16, 17, 19, 20]),
        ([*EARLY, WORKDAYS, "EXDATE:20261118T050000Z,20261119T050000Z"], [16, 17, 20]),
        ([*EARLY, WORKDAYS, "EXDATE;VALUE=DATE:20261118"], [16, 17, 19, 20]),
        ([*EARLY, WORKDAYS, "EXDATE;TZID=Europe/Berlin:20261118T070000"], [16, 17, 18, 19, 20]),
        ([*EARLY, "RDATE;TZID=Europe/Berlin:20261121T060000"], [16, 21]),
        ([*EARLY, "RDATE;TZID=America/New_York:20261121T000000"], [16, 21]),
    ],
)
def test_rules_exceptions_and_additions_count(lines, begins):
    assert [begin for _, begin, _ in read(event(*lines))] == [f"11-{day} 06:00" for day in begins]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["DTSTART:20261116T060000", "DTEND:20261116T140000"], "11-16 06:00"),  # the site's own time
        (["DTSTART:20261116T050000Z", "DTEND:20261116T130000Z"], "11-16 06:00"),
        (["DTSTART;TZID=Europe/Lisbon:20261116T050000", "DURATION:PT8H"], "11-16 06:00"),
        (["DTSTART;TZID=W. Europe Standard Time:20261116T060000", "DURATION:PT8H"], "11-16 06:00"),
        (['DTSTART;TZID="Europe/Berlin":20261116T060000', "DURATION:PT8H"], "11-16 06:00"),
        (["DTSTART;TZID=/vendor.example/Europe/Berlin:20261116T060000", "DURATION:PT8H"], "11-16 06:00"),
        (
            ["DTSTART;TZID=Europe/Berlin:20261116T060000", "DTEND;TZID=Europe/Lisbon:20261116T130000"],
            "11-16 06:00",
        ),
    ],
)
def test_times_are_of_their_zone(lines, found):
    assert read(event(*lines)) == [("early", found, "11-16 14:00")]


ZONE = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:{summer}
TZOFFSETTO:{winter}
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:{winter}
TZOFFSETTO:{summer}
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE""".replace("\n", "\r\n")


@pytest.mark.parametrize("day", ["20261116", "20260701"])
def test_a_zone_that_the_calendar_brings_along_has_its_own_rules(day):
    zone = ZONE.format(name="Plant time", winter="+0100", summer="+0200")
    found = read(
        zone,
        event(f"DTSTART;TZID=Plant time:{day}T060000", "DURATION:PT8H"),
        first="2026-01-01",
        last="2027-01-01",
    )
    assert [begin[6:] for _, begin, _ in found] == ["06:00"]


def test_a_zone_of_one_calendar_is_not_remembered_for_the_next():
    """Outlook calls every changed zone by the same name."""
    early = event("DTSTART;TZID=Customized Time Zone:20261116T060000", "DURATION:PT8H")
    for winter, summer, begins in (("+0100", "+0200", "06:00"), ("-0500", "-0400", "12:00")):
        zone = ZONE.format(name="Customized Time Zone", winter=winter, summer=summer)
        assert [begin[6:] for _, begin, _ in read(zone, early)] == [begins]
        assert [begin[6:] for _, begin, _ in read(early, zone)] == [begins]  # it may stand behind the event
    assert "time zone is not known" in refused(early)[0][1]


def test_a_known_name_means_what_it_means_everywhere():
    zone = ZONE.format(name="Europe/Berlin", winter="-1000", summer="-0900")
    assert read(zone, event(*EARLY)) == [("early", "11-16 06:00", "11-16 14:00")]


NIGHT = ("DTSTART;TZID=Europe/Berlin:20260101T220000", "DTEND;TZID=Europe/Berlin:20260102T060000")


@pytest.mark.parametrize(
    ("first", "last", "hours"),
    [("2026-03-28", "2026-03-30", [7, 8]), ("2026-10-24", "2026-10-26", [9, 8])],
)
@pytest.mark.parametrize("end", [NIGHT[1], "DURATION:PT8H"])
def test_shifts_keep_their_time_of_day_when_clocks_change(first, last, hours, end):
    """22:00 to 6:00 takes an hour less, or more: the early shift begins at 6:00 in any case."""
    found = read_shifts(
        calendar(
            event(NIGHT[0], end, "RRULE:FREQ=DAILY"),
            event(
                "DTSTART;TZID=Europe/Berlin:20260101T060000",
                "DURATION:PT8H",
                "RRULE:FREQ=DAILY",
                summary="day",
            ),
        ),
        "Europe/Berlin",
        ms(first),
        ms(last),
    )
    nights = [one for one in found.shifts if one.name == "early"]
    assert [(one.end_ms - one.start_ms) / 3_600_000 for one in nights] == hours
    assert [_local(one.end_ms)[6:] for one in nights] == ["06:00", "06:00"]


def test_a_start_that_clocks_skip_is_counted_as_before_the_change():
    """RFC 5545 section 3.3.5: 2:30 on that Sunday is 3:30."""
    lines = ("DTSTART;TZID=Europe/Berlin:20260328T023000", "DURATION:PT4H", "RRULE:FREQ=DAILY;COUNT=2")
    found = read(event(*lines), first="2026-03-28", last="2026-03-30")
    assert [begin for _, begin, _ in found] == ["03-28 02:30", "03-29 03:30"]


def test_a_single_change_takes_the_place_of_its_occurrence():
    series = event("UID:a", *EARLY, WORKDAYS)
    later = event(
        "UID:a",
        "RECURRENCE-ID;TZID=Europe/Berlin:20261118T060000",
        "DTSTART;TZID=Europe/Berlin:20261118T070000",
        "DTEND;TZID=Europe/Berlin:20261118T150000",
        summary="late start",
    )
    gone = event("UID:a", "RECURRENCE-ID:20261119T050000Z", *EARLY, "STATUS:CANCELLED")
    assert read(series, later, gone) == [
        ("early", "11-16 06:00", "11-16 14:00"),
        ("early", "11-17 06:00", "11-17 14:00"),
        ("late start", "11-18 07:00", "11-18 15:00"),
        ("early", "11-20 06:00", "11-20 14:00"),
    ]


def test_a_cancelled_series_does_not_take_place():
    assert read(event(*EARLY, WORKDAYS, "STATUS:CANCELLED")) == []


def test_whole_days_are_holidays_and_take_the_shifts_that_begin_on_them():
    """The night shift that begins the evening before takes place; that of the holiday's evening does not."""
    night = event(*NIGHT, "RRULE:FREQ=DAILY", summary="night")
    holidays = event("DTSTART;VALUE=DATE:20261117", "DTEND;VALUE=DATE:20261119", summary="works holiday")
    found = read_shifts(
        calendar(event(*EARLY, WORKDAYS), night, holidays),
        "Europe/Berlin",
        ms("2026-11-16"),
        ms("2026-11-21"),
    )
    assert found.holidays == (
        Holiday(date(2026, 11, 17), "works holiday"),
        Holiday(date(2026, 11, 18), "works holiday"),
    )
    assert [(one.name, _local(one.start_ms)[:5]) for one in found.shifts] == [
        ("early", "11-16"),
        ("night", "11-16"),
        ("early", "11-19"),
        ("night", "11-19"),
        ("early", "11-20"),
        ("night", "11-20"),
    ]
    assert found.removed == 4


def test_holidays_recur_and_reach_into_the_span():
    christmas = event("DTSTART;VALUE=DATE:20201220", "DURATION:P14D", "RRULE:FREQ=YEARLY", summary="closed")
    found = read_shifts(
        calendar(event(*EARLY, "RRULE:FREQ=DAILY"), christmas),
        "Europe/Berlin",
        ms("2027-01-01"),
        ms("2027-01-04"),
    )
    assert [one.day.day for one in found.holidays] == [1, 2]
    assert [_local(one.start_ms) for one in found.shifts] == ["01-03 06:00"]


def test_the_span_is_half_open_and_counts_starts():
    daily = event(*EARLY, "RRULE:FREQ=DAILY")
    found = read_shifts(calendar(daily), "Europe/Berlin", ms("2026-11-17T06:00"), ms("2026-11-19T06:00"))
    assert [_local(one.start_ms) for one in found.shifts] == ["11-17 06:00", "11-18 06:00"]


def test_overlaps_are_refused_by_name_and_line_once_for_each_pair():
    late = event(
        "DTSTART;TZID=Europe/Berlin:20261116T133000",
        "DTEND;TZID=Europe/Berlin:20261116T220000",
        WORKDAYS,
        summary="late",
    )
    found = refused(event(*EARLY, WORKDAYS), late)
    assert found == [
        (
            "shifts-overlap",
            "event 'late': begins on 2026-11-16 at 13:30, before 'early' ends",
            ("calendar.ics:9", "calendar.ics:3"),
        )
    ]


def test_an_overlap_is_seen_behind_a_short_shift_too():
    """The long shift still lasts when the third begins, though the second has ended."""
    long = event("DTSTART:20261116T060000", "DTEND:20261116T180000", summary="long")
    short = event("DTSTART:20261116T070000", "DTEND:20261116T080000", summary="short")
    third = event("DTSTART:20261116T120000", "DTEND:20261116T130000", summary="third")
    assert [text for _, text, _ in refused(long, short, third)] == [
        "event 'short': begins on 2026-11-16 at 07:00, before 'long' ends",
        "event 'third': begins on 2026-11-16 at 12:00, before 'long' ends",
    ]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["DTEND:20261116T140000"], "expected one DTSTART"),
        (["DTSTART:20261116T060000"], "expected an end"),
        (["DTSTART:20261116T060000", "DTEND:20261116T060000"], "an end after its start"),
        (["DTSTART:20261116T060000", "DTEND:20261118T060000"], "at most 24 hours"),
        (["DTSTART:20261116T060000", "DTEND;VALUE=DATE:20261117"], "both with a time"),
        (["DTSTART:20261316T060000", "DURATION:PT8H"], "DTSTART cannot be read"),
        (["DTSTART;TZID=Mars/Base:20261116T060000", "DURATION:PT8H"], "time zone is not known"),
        (["DTSTART;TZID=../../etc/passwd:20261116T060000", "DURATION:PT8H"], "time zone is not known"),
        ([*EARLY, "RRULE:FREQ=HOURLY"], "otherwise than daily"),
        ([*EARLY, "RRULE:FREQ=SECONDLY"], "otherwise than daily"),
        ([*EARLY, "RRULE:FREQ=DAILY;INTERVAL=0"], "INTERVAL outside 1 to"),
        ([*EARLY, "RRULE:FREQ=DAILY;COUNT=99999999"], "COUNT outside 1 to"),
        ([*EARLY, "RRULE:FREQ=DAILY;BYHOUR=1,2,3"], "BYHOUR, which shifts do not need"),
        ([*EARLY, "RRULE:FREQ=DAILY;BYDAY=XX"], "RRULE cannot be read"),
        ([*EARLY, "RRULE:nonsense"], "otherwise than daily"),
        ([*EARLY, "EXRULE:FREQ=DAILY"], "EXRULE"),
        ([*EARLY, "RDATE;VALUE=PERIOD:20261117T050000Z/PT8H"], "holds a period"),
        ([*EARLY, "RDATE:tomorrow"], "RDATE cannot be read"),
        ([*EARLY, "RECURRENCE-ID;RANGE=THISANDFUTURE:20261116T060000"], "RANGE"),
        (
            [*EARLY, "RECURRENCE-ID:20261116T060000", "RECURRENCE-ID:20261117T060000"],
            "expected one RECURRENCE-ID",
        ),
        ([*EARLY, "ATTENDEE;CN=Somebody:mailto:somebody@plant.example"], "participants"),
        (
            [
                "DTSTART;TZID=America/New_York:20261116T000000",
                "DURATION:PT8H",
                "RRULE:FREQ=DAILY;UNTIL=00010101T000000Z",
            ],
            "out of all calendars",
        ),
    ],
)
def test_an_event_that_is_no_shift_is_named_and_refused(lines, says):
    """And with it the whole calendar: half a plan is no plan."""
    ((code, text, rows),) = refused(event(*EARLY, WORKDAYS), event(*lines, summary="odd one"))
    assert (code, rows) == ("event-refused", ("calendar.ics:9",))
    assert text.startswith("event 'odd one': ")
    assert says in text


def test_a_shift_that_is_too_long_only_when_clocks_are_set_back_is_refused():
    daily = event("DTSTART:20261001T060000", "DURATION:P1D", "RRULE:FREQ=DAILY")
    ((_, text, _),) = refused(daily, first="2026-10-20", last="2026-10-30")
    assert text == "event 'early': lasts no time or more than 24 hours on 2026-10-24, when clocks change"


def test_a_title_is_needed_and_nothing_else_of_the_text_is_read():
    assert "expected a title" in refused(event(*EARLY, summary=None))[0][1]
    said = refused(
        event(
            "DESCRIPTION:SECRET",
            "ORGANIZER;CN=SECRET:mailto:SECRET@plant.example",
            "LOCATION:SECRET",
            "ATTENDEE;CN=SECRET:mailto:SECRET@plant.example",
            *EARLY,
        )
    )
    assert "SECRET" not in repr(said)


def test_long_lines_are_folded_and_lines_of_alarms_are_not_those_of_the_event():
    folded = event(
        "DTSTART;TZID=Europe/Ber\r\n lin:20261116T060000",
        "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nDURATION:PT5M\r\nREPEAT:2\r\nEND:VALARM",
        "DTEND;TZID=Europe/Berlin:20261116T140000",
    )
    assert read(folded) == [("early", "11-16 06:00", "11-16 14:00")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "calendar is empty"),
        (b"\r\n \r\n", "calendar is empty"),
        (b"hello", "not a calendar"),
        (b"\xff\xfeB\0E\0", "not a calendar"),
        (b"PK\x03\x04", "not a calendar"),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "not a calendar"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "not a whole calendar"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n", "calendar is damaged"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\nmore", "not a calendar"),
        (b"BEGIN:VCALENDAR\r\n" * 50, "holds too much"),
        (b"x" * (LARGEST + 1), "too large"),
        (b"x" * 10_000_000, "too large"),
        (calendar(event(*EARLY) * 1, *["BEGIN:VEVENT\r\nEND:VEVENT"] * MOST_EVENTS), "holds too much"),
        (calendar(event(*EARLY, "EXDATE:" + "20261118T050000Z," * 5000)), "line is too long"),
        (calendar("BEGIN:VTIMEZONE\r\nEND:VTIMEZONE"), "no TZID"),
        (calendar("BEGIN:VTIMEZONE\r\nTZID:x\r\nEND:VTIMEZONE"), "time zone cannot be understood"),
        (
            calendar(ZONE.format(name="x", winter="+0100", summer="+0200").replace("YEARLY", "SECONDLY")),
            "otherwise than on a day of the year",
        ),
        *(
            (calendar(ZONE.format(name="x", winter="+0100", summer=summer)), "expected such as +0100")
            for summer in ("+2500", "-2400", "+0260", "0100")
        ),
    ],
)
def test_what_is_no_calendar_is_refused_in_one_line(content, says):
    with pytest.raises(BadInput) as error:
        read_shifts(content, "Europe/Berlin", ms("2026-11-16"), ms("2026-11-23"))
    assert says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("lines", "many"),
    [
        # The thirtieth of February: a library that looks for it walks to the year 9999.
        ([*EARLY, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"], MOST_EVENTS),
        ([*EARLY, "RRULE:FREQ=DAILY;COUNT=2;BYMONTH=2;BYMONTHDAY=30"], MOST_EVENTS),
        (["DTSTART:00010101T060000", "DURATION:PT1H", "RRULE:FREQ=DAILY"], 10),
        ([*EARLY, "RRULE:FREQ=DAILY"], MOST_EVENTS),
    ],
)
def test_rules_that_take_forever_are_given_up(lines, many):
    """What it may cost is counted in days walked over, not measured: the same on a slow machine."""
    content = calendar(*[event(*lines)] * many)
    if len(content) > LARGEST:
        pytest.fail("the file would be refused for its size")
    with pytest.raises(BadInput, match=r"too long to work out|too many shifts"):
        read_shifts(content, "Europe/Berlin", ms("2026-01-01"), ms("2036-01-01"))


WHOLE = calendar(
    ZONE.format(name="Plant time", winter="+0100", summer="+0200"),
    event(
        "UID:a",
        "DTSTART;TZID=Plant time:20261116T060000",
        "DURATION:PT8H",
        WORKDAYS,
        "EXDATE:20261118T050000Z",
    ),
    event("UID:a", "RECURRENCE-ID:20261119T050000Z", *EARLY),
    event("DTSTART;VALUE=DATE:20261120", summary="holiday"),
).decode()
PIECES = (
    ":",
    ";",
    "=",
    "\r\n",
    " ",
    "\r\n ",
    "T",
    "Z",
    "-",
    "0",
    "99999999",
    "BEGIN:VEVENT",
    "END:VEVENT",
    "RRULE:",
    "é",
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 9), st.sampled_from(PIECES)),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_a_damaged_calendar_says_it_is_read_or_refused(damages):
    """No other error than ours, and never shifts beside a finding."""
    text = WHOLE
    for at, gone, put in damages:
        text = text[:at] + put + text[at + gone :]
    try:
        found = read_shifts(text.encode(), "Europe/Berlin", ms("2026-11-16"), ms("2026-11-23"))
    except BadInput:
        return
    assert not (found.findings and found.shifts)
    for one in found.shifts:
        assert 0 < one.end_ms - one.start_ms <= 86_400_000
