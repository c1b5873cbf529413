"""Opens the motion vault of a plant server: keys, sealed segments, exports, below its data directory.

DATA/keys/      workers' keys; in no backup
DATA/motion/    sealed segments; recorders on this machine put them there (`fairtakt record --motion`)
DATA/exports/   what uses exported, until it expires
"""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cli.files import read_text
from consent.notes import Verifier
from productivity.errors import BadInput

if TYPE_CHECKING:
    from api.site import Site
    from api.uses.room import MotionRoom
    from storage.vault.transit import TransitSettings

KEYS, MOTION, EXPORTS = "keys", "motion", "exports"
_SETTINGS = frozenset({"address", "token_file", "mount", "namespace", "certificates"})


@contextmanager
def open_room(
    data: Path, site: "Site", log: Verifier, now_ms: Callable[[], int], key_store: Path | None = None
) -> "Iterator[MotionRoom]":
    """Give the vault; `key_store` configures an external store of keys (OpenBao, HashiCorp Vault)."""
    from api.uses.room import MotionRoom
    from storage.vault.key_file import KeyFile
    from storage.vault.segments import Segments
    from storage.vault.transit import Transit

    with ExitStack() as opened:
        store = None
        if key_store is not None:
            store = opened.enter_context(Transit(read_key_store(key_store)))
        keys = opened.enter_context(KeyFile(data / KEYS, store))
        yield MotionRoom(keys, Segments(data / MOTION), data / EXPORTS, site, log, now_ms)


def read_key_store(file: Path) -> "TransitSettings":
    """Read where the external key store is; `BadInput` for anything that is not understood.

    address = "https://keys.plant.example:8200"
    token_file = "/etc/fairtakt/key-store.token"
    mount = "transit"          # and, if needed: namespace, certificates (a PEM file)
    """
    from storage.vault.transit import TransitSettings

    try:
        values = tomllib.loads(read_text(file, expected="the settings of a key store"))
    except tomllib.TOMLDecodeError as error:
        raise BadInput("not TOML", where=str(file), found=str(error)) from None
    if unknown := sorted(values.keys() - _SETTINGS):
        raise BadInput(
            "unknown setting", where=str(file), expected=", ".join(sorted(_SETTINGS)), found=unknown[0]
        )
    if (
        any(not isinstance(value, str) for value in values.values())
        or not {"address", "token_file"} <= values.keys()
    ):
        raise BadInput("key store", where=str(file), expected="address and token_file, all of them texts")
    certificates = values.get("certificates")
    return TransitSettings(
        values["address"],
        Path(values["token_file"]),
        mount=values.get("mount", "transit"),
        namespace=values.get("namespace", ""),
        certificates=None if certificates is None else Path(certificates),
    )
