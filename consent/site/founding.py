"""The beginning of a site's log: the keys of employer, works council and witness, and nothing before them."""

from collections.abc import Mapping

from consent.entries.bodies import KeyAdded
from consent.entries.form import Entry
from consent.keys import Role
from consent.log.store import WritableLogFiles
from consent.log.tiles import CHECKPOINT
from consent.log.writer import Acknowledged, LogWriter, create_log
from consent.notes import Signer, Verifier
from consent.site.admission import admit
from consent.site.keys import FOUNDING
from consent.site.state import SiteState
from productivity.errors import BadInput


def found(files: WritableLogFiles, signer: Signer, keys: Mapping[Role, Verifier], at_ms: int) -> Acknowledged:
    """Begin a log with the founding keys; go on where a crash came between. `BadInput` if one has begun."""
    # The log's own key must not be anybody else's, or its operator could act for them.
    if any(key.public == signer.verifier.public for key in keys.values()):
        raise BadInput("key of the log is a founding key", expected="a key of its own")
    state, entries = SiteState(signer.name), []
    for index, role in enumerate(FOUNDING):
        entries.append(Entry(at_ms, KeyAdded(role=role, key=str(keys[role]))))
        state = admit(state, index, entries[-1])
    if files.read(CHECKPOINT) is None:
        create_log(files, signer)
    writer = LogWriter(files, signer)
    if writer.checkpoint.size:
        raise BadInput("there is a log already", expected="a directory without one")
    return writer.append([bytes(entry) for entry in entries])
