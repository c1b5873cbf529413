"""Opens a pose engine by its name."""

import hashlib
from typing import TYPE_CHECKING

from models.catalogue import BUILT_IN, OwnNetwork, own_networks
from models.places import own_catalogue
from models.pose import PoseEngine
from models.processor import multiplies_bytes
from productivity.errors import BadInput

if TYPE_CHECKING:
    from models.detector import Detector


def open_engine(name: str = "blazepose") -> PoseEngine:
    """Return the engine `name`: "blazepose", "mediapipe", or a network of the user's own catalogue.

    "blazepose" computes the middle of the landmark network in integers where the processor is quick at that;
    "blazepose-exact" never does.

    Fetches weights that are missing. Raises `MissingExtra` where packages are missing, `BadInput` for an
    unknown name or a network that is not what the catalogue says.
    """
    # Imported here, because a base installation knows the names, but has not the packages.
    from models.fetch import ensure_weights

    if name == "mediapipe":
        from models.mediapipe_tasks import MediaPipeTasks

        return MediaPipeTasks(ensure_weights().task)
    if name in ("blazepose", "blazepose-exact"):
        from models.blazepose import open_blazepose

        files = ensure_weights()
        integers = name == "blazepose" and multiplies_bytes()
        return open_blazepose(files.detector, files.landmarks_int8 if integers else files.landmarks, name)
    catalogue = own_catalogue()
    own = own_networks(catalogue)
    if name not in own:
        expected = " or ".join([*BUILT_IN, *own])
        raise BadInput("no such pose engine", where=name, expected=f"{expected} (own networks: {catalogue})")
    from models.detector import Detector

    _check(own[name])
    return _open_own(name, own[name], Detector(ensure_weights().detector))


def _check(network: OwnNetwork) -> None:
    """Compare the file with the catalogue's SHA-256."""
    if not network.file.is_file():
        raise BadInput("no such network", where=str(network.file), expected="an ONNX file")
    with network.file.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != network.sha256:
        raise BadInput("SHA-256", where=str(network.file), expected=network.sha256, found=found)


def _open_own(name: str, own: OwnNetwork, detector: "Detector") -> PoseEngine:
    from models.blazepose import BlazePose
    from models.network import PersonNetwork
    from models.simcc import SimCC

    network = PersonNetwork(own.file, own.input, own.mean, own.std)
    if own.layout == "simcc":
        return SimCC(name, detector, network)
    return BlazePose(detector, network, name)
