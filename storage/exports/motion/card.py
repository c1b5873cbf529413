"""README.md of an export: the data card, in German or English. What stands in it follows from the set."""

import re

from consent.agreement.language import Language, Text
from consent.agreement.vocabulary import MotionPurpose
from consent.entries.times import utc_text
from storage.exports.motion.licensed import LicensedSet
from storage.exports.motion.resampled import LONGEST_BRIDGE_NS, common_rate

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+.!|~&-])")

_PURPOSES = {
    MotionPurpose.OWN_REVIEW: Text("Aufbewahrung zur eigenen Durchsicht", "retention for own review"),
    MotionPurpose.PLANT_TRAINING: Text(
        "Training von Modellen des Betriebs", "training of the plant's models"
    ),
    MotionPurpose.LICENSING: Text("Lizenzierung an Dritte", "licensing to third parties"),
}

_PAGE = Text(
    de="""# Bewegungsdaten, Nutzung {use}

| | |
|---|---|
| Zweck | {purpose} |
| Lizenznehmer | {licensee} |
| Betrieb | {site} |
| Erstellt | {created} |
| Inhalt | {segments} Abschnitte, {minutes} Minuten, {workers} Personen, {stations} |
| Form | {format} |
| Betriebsvereinbarung (SHA-256) | `{agreement}` |
| Bedingungen (SHA-256 von TERMS.txt) | `{terms}` |
| Lizenz | {licence}, siehe LICENCE.txt |

## Was darin ist
Je Abschnitt die Posen einer Person, die eingewilligt hat, an einem Arbeitsplatz, höchstens eine Minute
lang: 33 Gelenke (BlazePose), je `x`, `y` in Bildpunkten von der linken oberen Ecke des Bildes, `y` nach
unten; `z` im selben Maßstab, Abstand von der Kamera gegenüber der Hüfte, kleiner ist näher; `score` (0 bis
1). Die Maße des Bildes stehen in `grants.json`. NaN (oder `null`): vom Netz nicht angegeben, oder
nicht bekannt.

{layout}

## Was nicht darin ist
Keine Bilder, keine Namen, keine Pseudonyme, kein Tag und keine Uhrzeit der Bewegung, keine Reihenfolge
der Abschnitte, keine Befehle (`action`). Personen sind Nummern, die nur in diesem Export gelten.
Trotzdem sind es personenbezogene Daten: Menschen können an ihrer Bewegung wiedererkannt werden. Wer das
Protokoll des Betriebs liest, findet von einem Abschnitt zu dessen Einwilligung; das Protokoll ist nicht
Teil dieses Exports.

## Nach einem Widerruf
Was dann gilt, steht in `TERMS.txt`. Welche Abschnitte es betrifft, sagt deren Kennung in `grants.json`.

## Prüfen
`sha256sum -c SHA256SUMS` prüft jede Datei. `sha256sum SHA256SUMS` ergibt den Wert, der im Protokoll als
`motion.exported` dieser Nutzung steht. `sha256sum TERMS.txt` ergibt den Wert `terms` des Eintrags
`motion.used`. Ein Beweis in `proofs/` wird ohne Netz und ohne den Betrieb geprüft:

{checks}

Die Schlüssel nennen Betrieb und Betriebsrat; einem Schlüssel, der nur im Export liegt, ist nicht zu
trauen.
""",
    en="""# Motion data, use {use}

| | |
|---|---|
| Purpose | {purpose} |
| Licensee | {licensee} |
| Site | {site} |
| Made | {created} |
| Holds | {segments} segments, {minutes} minutes, {workers} people, {stations} |
| Form | {format} |
| Works agreement (SHA-256) | `{agreement}` |
| Terms (SHA-256 of TERMS.txt) | `{terms}` |
| Licence | {licence}, see LICENCE.txt |

## What is in it
For each segment the poses of one person who opted in, at one station, a minute at most: 33 joints
(BlazePose), each with `x`, `y` in pixels from the upper left corner of the picture, `y` downwards; `z`
in the same scale, distance from the camera relative to the hips, smaller is nearer; `score` (0 to 1).
The size of the picture stands in `grants.json`. NaN (or `null`): not given by the network, or not known.

{layout}

## What is not in it
No pictures, no names, no pseudonyms, neither day nor time of the motion, no order of the segments, no
commands (`action`). People are numbers that hold within this export alone. The data are personal all
the same: people can be recognised by how they move. Who reads the plant's log finds from a segment to
its consent; the log is not part of this export.

## After a withdrawal
What holds then stands in `TERMS.txt`. Which segments it concerns is told by their identifiers in
`grants.json`.

## Checking
`sha256sum -c SHA256SUMS` checks each file. `sha256sum SHA256SUMS` gives the value that stands in the log as
`motion.exported` of this use. `sha256sum TERMS.txt` gives the value `terms` of the entry `motion.used`.
A proof in `proofs/` is checked without a network and without the plant:

{checks}

Plant and works council tell the keys; do not trust a key that lies in the export alone.
""",
)

_PROOF = "proofs/{name}.tlog-proof proofs/{name}.json"
_CHECK = f"    fairtakt log check {_PROOF} --log-key LOG.vkey --witness WITNESS.vkey"

_STEADY = Text(
    de="""\
Gemessen wurde in ungleichen Abständen. Das Format kennt nur einen festen Takt: {rate} Bilder je
Sekunde, der Median aller Abstände. Liegt eine gemessene Pose bis auf 1 µs auf einem Bild, steht sie
dort Bit für Bit ({measured}). Sonst liegt der Wert auf der Geraden zwischen den beiden Nachbarn,
`score` ist der kleinere von beiden. Liegen die Nachbarn weiter auseinander als das 1,5-fache des
üblichen Abstands im Abschnitt oder als {bridge} s, ist alles NaN: Über Lücken wird nichts erfunden. Die
genauen Zeiten hält der Export als MCAP.""",
    en="""\
Poses were measured at uneven times. The format knows a fixed rate alone: {rate} frames per second, from
the median of all intervals. Where a measured pose is within 1 µs of a frame it stands there bit by bit
({measured}). Otherwise the value lies on the straight line between both neighbours, and `score` is the
smaller of the two. Where the neighbours are further apart than 1.5 times the usual interval of the
segment, or than {bridge} s, all is NaN: nothing is invented across gaps. The export as MCAP keeps the
exact times.""",
)

_LAYOUTS = {
    "lerobot": (
        Text(
            de="""\
LeRobotDataset v3.0: `meta/info.json`, `meta/stats.json`, `meta/tasks.parquet`, `meta/episodes/`,
`data/`. Ein Abschnitt ist eine Episode; `observation.state` hat 132 Werte, benannt in `meta/info.json`.
`meta/episodes/` sagt zu jeder Episode Abschnitt, Arbeitsplatz, Person und Bildmaße. In den Statistiken
zählt NaN nicht mit; was nie gegeben ist, hat dort 0.""",
            en="""\
LeRobotDataset v3.0: `meta/info.json`, `meta/stats.json`, `meta/tasks.parquet`, `meta/episodes/`,
`data/`. A segment is an episode; `observation.state` has 132 values, named in `meta/info.json`.
`meta/episodes/` tells segment, station, person and size of the picture of each episode. Statistics
leave NaN out; what is never given has 0 there.""",
        ),
        Text("Spalte `measured`", "column `measured`"),
    ),
    "mcap": (
        Text(
            de="""\
`motion.mcap`: ein Kanal je Abschnitt (`/segment-0001/pose`), Nachrichten in JSON mit Schema. Zeiten
sind Nanosekunden seit der ersten Pose des Abschnitts, wie gemessen; jeder Abschnitt beginnt bei 0.
Gleiche Zeiten zweier Abschnitte heißen nicht, dass sie gleichzeitig waren.""",
            en="""\
`motion.mcap`: a channel per segment (`/segment-0001/pose`), messages in JSON with a schema. Times are
nanoseconds since the segment's first pose, as measured; each segment begins at 0. The same time in two
segments does not mean that they happened at the same time.""",
        ),
        None,
    ),
    "c3d": (
        Text(
            de="""\
`c3d/`: eine Datei je Abschnitt. `POINT:UNITS` ist `px`: Bildpunkte, keine Millimeter. Unbekannte Punkte
sind ungültig (Residuum -1). Analogkanäle im selben Takt: `..._SCORE` je Gelenk (0, wo keiner ist) und
`MEASURED`. `FAIRTAKT:DEPTH` ist 0, wenn das Netz keine Tiefe angibt: Dann ist Z überall 0 und bedeutet
nichts.""",
            en="""\
`c3d/`: a file per segment. `POINT:UNITS` is `px`: pixels, not millimetres. Points that are not known
are invalid (residual -1). Analogue channels at the same rate: `..._SCORE` of each joint (0 where there
is none) and `MEASURED`. `FAIRTAKT:DEPTH` is 0 if the network gives no depth: then Z is 0 throughout and
means nothing.""",
        ),
        Text("Kanal `MEASURED`", "channel `MEASURED`"),
    ),
}


def card_text(licensed: LicensedSet, format_: str) -> str:
    """Return the page, Markdown."""
    language = licensed.language
    unnamed = Text("nicht genannt", "not named").in_(language)
    return _PAGE.in_(language).format(
        use=licensed.use,
        purpose=_PURPOSES[licensed.purpose].in_(language),
        licensee=_licensee(licensed),
        site=unnamed if licensed.site is None else plain(licensed.site),
        created=utc_text(licensed.created_ms),
        segments=len(licensed.segments),
        minutes=_number(licensed.span_ns / 60e9, language),
        workers=licensed.workers,
        stations=", ".join(map(plain, licensed.stations)),
        format=format_,
        agreement=licensed.agreement,
        terms=licensed.terms_hash,
        licence=f"`{licensed.licence_name}`",
        layout=_layout(licensed, format_),
        checks="\n".join(_CHECK.format(name=name) for name in licensed.proven),
    )


def _licensee(licensed: LicensedSet) -> str:
    if licensed.licensee is not None:
        return plain(licensed.licensee)
    if licensed.purpose is MotionPurpose.OWN_REVIEW:
        own = Text("die Person, deren Bewegung es ist", "the person whose motion it is")
        return own.in_(licensed.language)
    return Text("der Betrieb selbst", "the plant itself").in_(licensed.language)


def plain(text: str) -> str:
    """Return text that Markdown shows as it stands, whatever somebody called themselves."""
    return _SPECIAL.sub(r"\\\1", text)


def _layout(licensed: LicensedSet, format_: str) -> str:
    language = licensed.language
    layout, measured = _LAYOUTS[format_]
    if measured is None:
        return layout.in_(language)
    steady = _STEADY.in_(language).format(
        rate=common_rate(segment.motion for segment in licensed.segments),
        measured=measured.in_(language),
        bridge=_number(LONGEST_BRIDGE_NS / 1e9, language),
    )
    return f"{layout.in_(language)}\n\n{steady}"


def _number(value: float, language: Language) -> str:
    text = f"{value:.1f}"
    return text.replace(".", ",") if language is Language.DE else text
