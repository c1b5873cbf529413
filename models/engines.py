"""Opens a pose engine by its name."""

from models.fetch import ensure_weights
from models.pose import PoseEngine
from productivity.errors import BadInput


def open_engine(name: str = "blazepose") -> PoseEngine:
    """Return the engine `name`, fetching its weights if they are missing.

    Raises `MissingExtra` where packages are missing, `BadInput` for an unknown name.
    """
    if name == "blazepose":
        from models.blazepose import BlazePose

        files = ensure_weights()
        return BlazePose(files.detector, files.landmarks)
    raise BadInput("no such pose engine", where=name, expected="blazepose")
