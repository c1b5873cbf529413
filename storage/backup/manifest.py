"""The last file of a backup: what it holds, when it was taken, and the SHA-256 of every other file.

Whatever breaks a backup, a flipped bit or a truncated copy, is told from it before anything is restored. It
does not tell a forgery: who can write the file can write its manifest. Against that, keep the SHA-256 of the
whole file elsewhere, as `fairtakt backup` prints it, and name it to `fairtakt restore`.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from productivity.errors import BadInput

NAME = "manifest.json"
LARGEST = 256 * 1024 * 1024
"""Bytes: some million entries."""
LARGEST_PART = 256 * 1024 * 1024
"""Bytes of one part of a table; it is read in one piece."""
FORMAT = "backup 1"

TABLES, DATA = "tables/", "data/"
SEALED, STUDIES = "data/sealed/", "data/studies/"
FILE_NAME = (
    r"^(tables/[a-z_]{1,60}/[0-9]{8}\.parquet"
    # No empty step, and none that begins with a dot: nothing leads out of the directory, nothing is hidden.
    r"|data/(sealed|studies)(/[^/.\x00-\x1f\x7f][^/\x00-\x1f\x7f]{0,254}){1,30})$"
)

Count = Annotated[int, Field(ge=0, le=2**53 - 1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Stored(_Strict):
    """A file of the backup."""

    bytes: Count
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    rows: Count | None = None
    """Of a part of a table."""


class Manifest(_Strict):
    """What a backup holds. `version` is that of the tables."""

    fairtakt: Literal["backup 1"] = "backup 1"
    version: Annotated[str, Field(pattern=r"^[0-9a-z]{1,32}$")]
    taken_ms: Count
    left_out: dict[str, str]
    files: dict[Annotated[str, Field(pattern=FILE_NAME)], Stored]

    def parts(self, table: str) -> list[str]:
        """Return the names of a table's parts, in order."""
        return sorted(name for name in self.files if name.startswith(f"{TABLES}{table}/"))

    def tables(self) -> set[str]:
        """Return which tables there are parts of."""
        return {name.split("/")[1] for name in self.files if name.startswith(TABLES)}

    def data(self) -> list[str]:
        """Return the names of the files of the data directory."""
        return sorted(name for name in self.files if name.startswith(DATA))


class _Version(BaseModel):
    fairtakt: str


def read_manifest(content: bytes, where: str) -> Manifest:
    """Read a manifest. Raises `BadInput`, with a word of its own for formats to come."""
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
    try:
        found = _Version.model_validate_json(content).fairtakt
    except ValidationError:
        found = ""
    if found.startswith("backup ") and found != FORMAT:
        raise BadInput("backup of a newer fairtakt", where=where, expected=FORMAT, found=found[:40])
    place = ".".join(str(step) for step in problem["loc"])[:80]
    raise BadInput(f"manifest is damaged at {place or 'its beginning'} ({problem['type']})", where=where)
