"""Decisions of a study as they come over the wire, made keys of its files. For threads; raises `Problem`."""

from collections.abc import Mapping
from decimal import Decimal

from api.problems import Kind, Problem
from api.services import Services
from api.studies.opening import told
from api.studies.wire import CATEGORY_FIELDS, ProtocolChange, SettingsChange, SystemRow
from productivity.records import RecordingMode
from storage.study.editing import change_keys
from storage.study.folder import PROTOCOL, SETTINGS
from storage.study.settings import StudyFile, read_settings
from storage.study.yaml_text import NULL


def change_settings(services: Services, name: str, change: SettingsChange) -> str:
    """Change study.yaml; return its revision."""
    with told(services) as shelf, shelf.writing(name) as study:
        keys = _settings(change, read_settings(study / SETTINGS))
        if not keys:
            raise Problem(Kind.INVALID, "nothing to change")
        return change_keys(study, SETTINGS, keys, change.revision)


def change_protocol(services: Services, name: str, change: ProtocolChange) -> str:
    """Change protocol.yaml; return its revision."""
    given = change.model_dump(exclude_unset=True, exclude={"revision"})
    keys: dict[str, object] = {}
    for field, value in given.items():
        if field.endswith("_percent"):
            keys[field.removesuffix("_percent")] = None if value is None else fraction(value)
        else:
            keys[field] = value
    keys = {key: NULL if value is None else value for key, value in keys.items()}
    if given.get("fixed_on") in {"", None}:
        keys |= {"fixed_on": None} if "fixed_on" in given else {}
    if not keys:
        raise Problem(Kind.INVALID, "nothing to change")
    with told(services) as shelf, shelf.writing(name) as study:
        return change_keys(study, PROTOCOL, keys, change.revision)


def fraction(percent: float) -> float:
    """Return per cent as a fraction, without digits that nobody chose."""
    return float(Decimal(str(percent)) / 100)


def _settings(change: SettingsChange, now: StudyFile) -> dict[str, object]:
    given = change.model_dump(exclude_unset=True, exclude_none=True, exclude={"revision"})
    keys: dict[str, object] = {
        key: given[key] for key in ("title", "language", "periods", "variants") if key in given
    }
    if change.systems is not None:
        keys["systems"] = [_system(row) for row in change.systems]
    if change.area is not None:
        keys["area"] = change.area or None
    if change.abc is not None:
        keys["abc"] = change.abc.value
    if change.samples is not None or change.half_width_percent is not None:
        half = change.half_width_percent
        keys["plan"] = {
            "samples": now.plan.samples if change.samples is None else change.samples,
            "half_width": now.plan.half_width if half is None else fraction(half),
        }
    if change.confidence_percent is not None:
        keys["confidence"] = fraction(change.confidence_percent)
    keys |= _modes(change, now)
    return keys | _iso(change, now)


def _system(row: SystemRow) -> Mapping[str, str]:
    return {"name": row.name, "level": row.level} | ({"part_of": row.part_of} if row.part_of else {})


def _modes(change: SettingsChange, now: StudyFile) -> dict[str, object]:
    given: dict[str, list[RecordingMode] | None] = {
        category.value: getattr(change, field) for category, field in CATEGORY_FIELDS.items()
    }
    if all(modes is None for modes in given.values()):
        return {}
    known = {category.value: list(modes) for category, modes in now.modes.items()}
    both = {
        category: known.get(category, []) if modes is None else modes for category, modes in given.items()
    }
    return {
        "modes": {category: [mode.value for mode in modes] for category, modes in both.items() if modes}
        or None
    }


def _iso(change: SettingsChange, now: StudyFile) -> dict[str, object]:
    given = {name: getattr(change, name) for name in ("absent", "breaks", "orders")}
    if all(states is None for states in given.values()):
        return {}
    known = now.iso_22400
    both = {
        name: list(getattr(known, name)) if states is None and known is not None else states or []
        for name, states in given.items()
    }
    return {
        "iso_22400": {name: states for name, states in both.items() if states} if both["orders"] else None
    }
