"""Croissant 1.0 metadata of an export, with its RAI vocabulary and where the data come from.

Sources: https://docs.mlcommons.org/croissant/docs/croissant-spec.html and croissant-rai-spec.html; W3C PROV-O
for `prov:wasDerivedFrom`. `mlcroissant` reads it. Croissant knows no MCAP and no C3D: there it lists files.
"""

import json
import uuid
from pathlib import Path

from consent.entries.times import utc_text
from storage.exports.motion.labels import COLUMN_NAMES, UNITS
from storage.exports.motion.licensed import LicensedSet
from storage.exports.motion.sums import file_hash, files_of

FILE = "croissant.json"
CONFORMS_TO = ("http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0")

_CONTEXT: dict[str, object] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "prov": "http://www.w3.org/ns/prov#",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification gives, and PROV."""

_PARQUET = "application/x-parquet"
_TYPES = {".parquet": _PARQUET, ".mcap": "application/octet-stream", ".c3d": "application/octet-stream"}
_TYPES |= {".md": "text/markdown", ".json": "application/json"}

_FIELDS: tuple[tuple[str, str, str], ...] = (
    ("observation.state", "sc:Float", f"{', '.join(COLUMN_NAMES)}. {UNITS}"),
    ("measured", "sc:Boolean", "true: measured; false: interpolated between neighbours, or NaN in a gap"),
    ("timestamp", "sc:Float", "seconds since the first pose of the segment"),
    ("frame_index", "sc:Integer", "number of the frame in its segment"),
    ("episode_index", "sc:Integer", "number of the segment"),
    ("index", "sc:Integer", "number of the frame in the data set"),
    ("task_index", "sc:Integer", "number of the task, which names the station"),
)


def write_croissant(licensed: LicensedSet, format_: str, directory: Path) -> None:
    """Describe what lies in the directory by now."""
    document = croissant(licensed, format_, directory)
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    (directory / FILE).write_bytes(text.encode())


def croissant(licensed: LicensedSet, format_: str, directory: Path) -> dict[str, object]:
    """Return the metadata of everything that lies in the directory by now."""
    files = files_of(directory)
    day = utc_text(licensed.created_ms)[:10]
    document: dict[str, object] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "@id": f"urn:uuid:{uuid.UUID(licensed.use)}",
        "conformsTo": list(CONFORMS_TO),
        "name": f"motion-{licensed.use}",
        "description": _description(licensed, format_),
        "url": f"urn:uuid:{uuid.UUID(licensed.use)}",
        "license": licensed.licence_name,
        "version": "1.0.0",
        "dateCreated": day,
        "datePublished": day,
        "citeAs": f"@misc{{motion-{licensed.use}, title={{Licensed motion}}, year={{{day[:4]}}}}}",
        "keywords": ["human motion", "pose", "manual work"],
        "isLiveDataset": False,
        "prov:wasDerivedFrom": [
            {"@id": f"urn:uuid:{uuid.UUID(segment.segment)}"} for segment in licensed.segments
        ],
        **_responsible(licensed),
        "distribution": [_file(directory, name) for name in files],
    }
    if licensed.site is not None:
        document["creator"] = {"@type": "sc:Organization", "name": licensed.site}
    records = [_records(name) for name in files if name.startswith("data/")]
    return document | ({"recordSet": records} if records else {})


def _description(licensed: LicensedSet, format_: str) -> str:
    return (
        f"Poses of {licensed.workers} worker(s) at {len(licensed.stations)} station(s) in "
        f"{len(licensed.segments)} segment(s), {licensed.span_ns / 1e9:.1f} s in all, as {format_}. Kept and "
        f"used with consent, under works agreement {licensed.agreement}, terms "
        f"{licensed.terms_hash}. No pictures."
    )


def _responsible(licensed: LicensedSet) -> dict[str, object]:
    return {
        "rai:dataCollection": (
            "A camera at the station; pose estimated in memory, pictures discarded at once. Only while a "
            "worker who had opted in was alone at the station."
        ),
        "rai:dataCollectionType": ["Others"],
        "rai:dataCollectionMissingData": "NaN or null. Nothing is filled in across gaps.",
        "rai:dataCollectionRawData": "Pictures; none was kept.",
        "rai:dataPreprocessingProtocol": [
            "LeRobot and C3D: frames at a fixed rate, linear between neighbouring poses. MCAP: as measured."
        ],
        "rai:personalSensitiveInformation": [
            "Motion of people at work: pseudonymous personal data, treated as biometric (GDPR Art. 9). "
            "People can be recognised by how they move.",
            "Workers are numbers within this set. No names, pseudonyms, pictures, days or times of day.",
        ],
        "rai:dataUseCases": [f"{licensed.purpose.value}, as TERMS.txt permits"],
        "rai:dataLimitations": [
            "Pixels of one camera, not metres. Depth is relative and estimated. Hidden joints are guesses "
            "of the pose network; see the score."
        ],
        "rai:dataBiases": ["Only workers who opted in; few people, stations and cameras."],
        "rai:dataSocialImpact": (
            "Not to be used to judge the performance of persons or to recognise them. "
            "Workers are paid for each use."
        ),
        "rai:dataReleaseMaintenancePlan": (
            "Never changed. After a withdrawal TERMS.txt says what must be deleted."
        ),
    }


def _file(directory: Path, name: str) -> dict[str, object]:
    path = directory / name
    guessed = _TYPES.get(path.suffix, "text/plain")
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "contentSize": f"{path.stat().st_size} B",
        "encodingFormat": guessed,
        "sha256": file_hash(path),
    }


def _records(name: str) -> dict[str, object]:
    own = name.removesuffix(".parquet").replace("/", "-")
    return {
        "@type": "cr:RecordSet",
        "@id": own,
        "name": own,
        "description": "Frames at a fixed rate, one row each.",
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{own}/{column}",
                "name": column,
                "description": description,
                "dataType": kind,
                **({"repeated": True} if column == "observation.state" else {}),
                "source": {"fileObject": {"@id": name}, "extract": {"column": column}},
            }
            for column, kind, description in _FIELDS
        ],
    }
