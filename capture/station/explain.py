"""A station file in plain words, for those who have to agree to it, in English and German."""

from collections.abc import Iterator
from dataclasses import dataclass

from capture.station.file import State, Station
from capture.station.in_words import Language, in_words
from productivity.states import StateCategory
from productivity.time import SECOND


@dataclass(frozen=True, slots=True)
class _Sentences:
    """One language; `{...}` are filled in."""

    station: str
    whole_picture: str
    part_of_picture: str
    looks: str
    place: str
    one_state: str
    states: str
    state: str
    value_adding: str
    not_value_adding: str
    when: str
    shortest: str
    zones: str
    zone: str
    tool: str
    cycle: str
    not_recorded: str
    unknown: str
    kept: str
    categories: dict[StateCategory, str]
    decimal_point: str

    def number(self, value: float) -> str:
        """Return a number with this language's decimal sign."""
        return f"{value:g}".replace(".", self.decimal_point)


_SENTENCES: dict[Language, _Sentences] = {
    "en": _Sentences(
        station="Station “{name}”",
        whole_picture="The whole picture is looked at.",
        part_of_picture="Of the picture, {left} to {right} % of its width and {top} to {bottom} % of its"
        " height are looked at.",
        looks="The worker's pose is estimated {rate} times per second.",
        place="Only somebody whose hips are in “{place}” counts as the worker; others are ignored.",
        one_state="1 worker state is recorded:",
        states="{n} worker states are recorded:",
        state="{name} ({category}, {value})",
        value_adding="value-adding",
        not_value_adding="not value-adding",
        when="when {rule};",
        shortest="hardly ever shorter than {seconds} s.",
        zones="Zones, in per cent of the picture's width (from the left) and height (from the top):",
        zone="“{name}”: {left} to {right} across, {top} to {bottom} down",
        tool="Tool “{name}” rests in “{holder}”; the look of that zone tells whether it is there.",
        cycle="A cycle begins with “{first}” and is complete after “{last}”.",
        not_recorded="Time in which nobody is there and no state above says so is “not recorded”.",
        unknown="Time in which somebody is there but the state cannot be told is “unknown”.",
        kept="Kept are the state, its start and its duration. Pictures and poses are not kept.",
        categories={category: category.value for category in StateCategory},
        decimal_point=".",
    ),
    "de": _Sentences(
        station="Station „{name}“",
        whole_picture="Das ganze Bild wird ausgewertet.",
        part_of_picture="Vom Bild werden {left} bis {right} % der Breite und {top} bis {bottom} % der Höhe"
        " ausgewertet.",
        looks="Die Pose der arbeitenden Person wird {rate}-mal je Sekunde geschätzt.",
        place="Als arbeitende Person zählt nur, wessen Hüfte in „{place}“ ist; alle anderen bleiben"
        " unbeachtet.",
        one_state="1 Mitarbeiterzustand wird erfasst:",
        states="{n} Mitarbeiterzustände werden erfasst:",
        state="{name} ({category}, {value})",
        value_adding="wertschöpfend",
        not_value_adding="nicht wertschöpfend",
        when="wenn {rule};",
        shortest="kaum je kürzer als {seconds} s.",
        zones="Zonen, in Prozent der Bildbreite (von links) und der Bildhöhe (von oben):",
        zone="„{name}“: waagerecht {left} bis {right}, senkrecht {top} bis {bottom}",
        tool="Das Werkzeug „{name}“ hat seine Halterung in „{holder}“; am Aussehen dieser Zone wird erkannt,"
        " ob es dort ist.",
        cycle="Ein Zyklus beginnt mit „{first}“ und ist nach „{last}“ vollständig.",
        not_recorded="Zeit, in der niemand da ist und die kein Zustand oben abdeckt, ist „nicht erfasst“.",
        unknown="Zeit, in der jemand da ist, der Zustand sich aber nicht erkennen lässt, ist „unbekannt“.",
        kept="Aufbewahrt werden der Zustand, sein Beginn und seine Dauer. Bilder und Posen werden nicht"
        " aufbewahrt.",
        categories={
            StateCategory.CYCLE_BOUND: "zyklusgebunden",
            StateCategory.BATCH_BOUND: "losgebunden",
            StateCategory.PERIODICAL: "periodisch",
            StateCategory.IRREGULAR: "unregelmäßig",
        },
        decimal_point=",",
    ),
}


def explain(station: Station, language: Language = "en") -> str:
    """Return a text that says what is recorded at the station, by which rules, and what is not."""
    return "\n".join(_lines(station, language))


def _lines(station: Station, language: Language) -> Iterator[str]:
    say = _SENTENCES[language]
    yield say.station.format(name=station.name)
    yield ""
    yield _where(station, say)
    yield say.looks.format(rate=say.number(station.pose_rate))
    if station.place:
        yield say.place.format(place=station.place)
    yield ""
    count = len(station.states)
    yield say.one_state if count == 1 else say.states.format(n=count)
    for state in station.states:
        yield from _state(state, say, language)
    if station.zones:
        yield ""
        yield say.zones
    for name, polygon in station.zones.items():
        across, down = [x for x, _ in polygon], [y for _, y in polygon]
        box = {"left": min(across), "right": max(across), "top": min(down), "bottom": max(down)}
        yield "  " + say.zone.format(name=name, **_percent(**box))
    for name, tool in station.tools.items():
        yield say.tool.format(name=name, holder=tool.holder)
    if station.cycle:
        yield say.cycle.format(first=station.cycle.first, last=station.cycle.last)
    yield ""
    yield say.not_recorded
    yield say.unknown
    yield say.kept


def _where(station: Station, say: _Sentences) -> str:
    crop = station.crop
    if (crop.left, crop.top, crop.right, crop.bottom) == (0.0, 0.0, 1.0, 1.0):
        return say.whole_picture
    return say.part_of_picture.format(**_percent(**crop.model_dump()))


def _percent(**fractions: float) -> dict[str, str]:
    return {name: f"{100 * value:.0f}" for name, value in fractions.items()}


def _state(state: State, say: _Sentences, language: Language) -> Iterator[str]:
    value = say.value_adding if state.value_adding else say.not_value_adding
    yield "  " + say.state.format(name=state.name, category=say.categories[state.category], value=value)
    yield "    " + say.when.format(rule=in_words(state.when, language))
    yield "    " + say.shortest.format(seconds=say.number(state.shortest / SECOND))
