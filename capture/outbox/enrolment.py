"""What a device knows of its server: a small file in its state directory, no secret in it."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from capture.outbox.address import check_address
from productivity.errors import BadInput

FILE = "device.json"
"""Below the state directory."""
OUTBOX = "outbox.db"


class Enrolment(BaseModel):
    """Where to send, under which name, signed with the key in which file; paths are absolute."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    device: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")
    key: Path
    certificates: Path | None = None
    insecure: bool = False


def read_enrolment(state: Path) -> Enrolment:
    """Read it; `BadInput` if this device was not enrolled, or the file is not what was written."""
    path = state / FILE
    try:
        enrolment = Enrolment.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise BadInput("not enrolled", where=str(state), expected="fairtakt edge enroll before") from None
    except ValidationError:
        raise BadInput(
            "not an enrolment", where=str(path), expected="what fairtakt edge enroll writes"
        ) from None
    check_address(enrolment.url, insecure=enrolment.insecure)
    return enrolment
