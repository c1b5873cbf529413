"""Models that were trained on motion, which of them a withdrawal concerns, and their bill of materials."""

from collections.abc import Sequence

from api.uses.room import MotionRoom
from consent.vault.standing import latest_record
from consent.vault.trained import Affected, TrainedModel, affected
from storage.exports.motion.bom import DataSet, bom_bytes


def concerned(room: MotionRoom, models: Sequence[TrainedModel]) -> list[Affected]:
    """Return those of the models that used motion which was withdrawn since. Raises `LogUnusable`.

    All of it comes from the log; a renewal's withdrawal counts for what was kept before it.
    """
    state, said = room.present().state, room.said()
    return affected(
        models,
        segments_of={use: body.segments for use, body in said.used.items()},
        record_of={one: latest_record(state, record) for one, record in said.record_of.items()},
        withdrawn=said.withdrawn,
    )


def bill_of_materials(room: MotionRoom, models: Sequence[TrainedModel]) -> bytes:
    """Return the CycloneDX document of models and the uses that they name. Raises `LogUnusable`."""
    said = room.said()
    data_sets = {
        use: DataSet(use, body.purpose, body.terms, tuple(said.contents.get(use, ())))
        for use, body in said.used.items()
    }
    return bom_bytes(models, data_sets, at_ms=room.present().at_ms, affected=concerned(room, models))
