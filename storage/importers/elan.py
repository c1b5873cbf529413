"""ELAN annotation files (.eaf): tiers of annotations on a time line in milliseconds.

ELAN Annotation Format, EAF 2.x and 3.0 (Max Planck Institute for Psycholinguistics). Names of participants
and annotators, which the format has room for, are not read.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse

from productivity.errors import BadInput
from storage.files import File
from storage.importers.labels import Label, exact_ns
from storage.importers.mapping import FileMapping
from storage.importers.report import ROW_REFUSED, Tally

MILLISECONDS = 6


def elan_labels(path: File, mapping: FileMapping, tally: Tally) -> Iterator[Label]:
    """Yield the time-aligned annotations of the mapping's `tiers` (tier: station), or of all tiers.

    Without `tiers`, a file with a single tier has the station "", any other a station for each tier.
    Raises `BadInput` for a file that is no EAF, for a missing tier and for another unit of time.
    """
    root = _root(path)
    header = root.find("HEADER")
    unit = header.get("TIME_UNITS", "milliseconds") if header is not None else "milliseconds"
    if unit != "milliseconds":
        raise BadInput("unit of time", where=path.name, expected="milliseconds", found=repr(unit[:40]))
    slots = {slot.get("TIME_SLOT_ID"): slot.get("TIME_VALUE") for slot in root.iter("TIME_SLOT")}
    tiers = {
        tier.get("TIER_ID", ""): tier
        for tier in root.iter("TIER")
        if tier.find("ANNOTATION/ALIGNABLE_ANNOTATION") is not None
    }
    for name in mapping.tiers:
        if name not in tiers:
            raise BadInput(
                f"tier {name!r} is missing or not aligned with time",
                where=path.name,
                expected=", ".join(tiers) or "a tier with aligned annotations",
            )
    stations = mapping.tiers or {name: name if len(tiers) > 1 else "" for name in tiers}
    for name, station in stations.items():
        for annotation in tiers[name].iterfind("ANNOTATION/ALIGNABLE_ANNOTATION"):
            source = f"{path.name}:{annotation.get('ANNOTATION_ID', '?')}"
            times = [slots.get(annotation.get(f"TIME_SLOT_REF{end}")) for end in (1, 2)]
            start, end = (exact_ns(time, MILLISECONDS) if time is not None else None for time in times)
            if start is None or end is None:
                tally.read += 1
                tally.refuse(ROW_REFUSED, "annotation has no time of its own", source)
                continue
            yield Label(source, station, (annotation.findtext("ANNOTATION_VALUE") or "").strip(), start, end)


def _root(path: File) -> Element:
    try:
        with path.open("rb") as file:
            root = parse(file).getroot()
    except OSError as error:
        raise BadInput(f"file cannot be read: {error.strerror}", where=path.name) from None
    except (ParseError, ValueError, LookupError, DefusedXmlException) as error:  # LookupError: its encoding
        raise BadInput(
            f"not an ELAN file ({type(error).__name__})", where=path.name, expected="XML without entities"
        ) from None
    if root is None or root.tag != "ANNOTATION_DOCUMENT":
        found = root.tag[:40] if root is not None else "nothing"
        raise BadInput("not an ELAN file", where=path.name, expected="ANNOTATION_DOCUMENT", found=found)
    return root
