"""An audit of a whole log: first that it is one log, and the one that others saw; then what stands in it.

(1) Its checkpoint is signed by the log, and the quorum of witnesses has co-signed it or an earlier one.
(2) Every entry and every hash fits the root of that checkpoint.
(3) It continues every earlier checkpoint, those of the auditor and those that the plant keeps.
(4) Its entries keep the rules: checks 4 to 15, `consent.audit.audit`.

If (1) or (2) fails, what stands in the entries proves nothing, and the audit ends there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from consent.agreement.language import Text
from consent.audit.audit import Report, audit, conclude
from consent.audit.catalogue import Check
from consent.audit.facts import Facts
from consent.audit.findings import Book, plain
from consent.audit.kept import Kept, open_all_kept, open_kept
from consent.audit.policy import Policy
from consent.log.checkpoint import Checkpoint
from consent.log.frontier import Frontier
from consent.log.merkle import leaf_hash
from consent.log.reader import read_tile
from consent.log.store import LogFiles
from consent.log.tiles import CHECKPOINT, ENTRIES, TILE_WIDTH, split_entries, split_hashes
from consent.log.verify import verify_entries
from consent.notes import Verifier
from productivity.errors import BadInput

_RULES = tuple(check for check in Check if check > Check.EARLIER)


def audit_log(
    files: LogFiles,
    policy: Policy,
    *,
    kept: Mapping[str, bytes] | None = None,
    earlier: Mapping[str, bytes] | None = None,
    at_ms: int | None = None,
) -> Report:
    """Audit a log. `kept` are co-signed checkpoints beside it, `earlier` the auditor's own, by name.

    `BadInput` if there is no log, if a checkpoint of the auditor's own cannot be used, or if the log changed
    while it was read. Whatever else is wrong is a finding.
    """
    content = files.read(CHECKPOINT)
    if content is None:
        raise BadInput("there is no log here", expected=f"a file {CHECKPOINT!r}")
    own = [_open_own(place, note, policy) for place, note in (earlier or {}).items()]
    book = Book()
    # (1) The checkpoint.
    try:
        now = open_kept(content, CHECKPOINT, policy)
    except BadInput as error:
        what = Text("Prüfpunkt gilt nicht", "checkpoint cannot be believed")
        book.find(Check.CHECKPOINT, None, what, None, plain(error))
        return _given_up(book, policy, at_ms, (Check.TREE, Check.EARLIER, *_RULES))
    book.looked(Check.CHECKPOINT, 1 + len(now.seen))
    beside = open_all_kept(kept or {}, policy, now.checkpoint.origin, book)
    # (2) The tree.
    book.looked(Check.TREE, now.checkpoint.size)
    try:
        verify_entries(files, now.checkpoint)
    except BadInput as error:
        what = Text("das Protokoll ist verändert oder unvollständig", "the log is changed or incomplete")
        book.find(Check.TREE, None, what, None, plain(error))
        return _given_up(book, policy, at_ms, (Check.EARLIER, *_RULES), now.checkpoint)
    # (3) Its past.
    book.looked(Check.EARLIER, len(own))
    past = _continued(files, now.checkpoint, (*beside, *own), book)
    _judge_quorum(policy, now, [one for one in past if one in set(beside)], book)
    # (4) The entries.
    report = audit(
        _entries(files, now.checkpoint),
        policy,
        log=now.checkpoint.origin,
        cosigned={seen for one in (now, *past) for seen in one.seen},
        at_ms=at_ms,
        book=book,
        verified=True,
    )
    if now.logs - report.facts.retired:
        return report
    what = Text("mit einem stillgelegten Schlüssel unterschrieben", "signed with a key that was retired")
    book.find(Check.CHECKPOINT, None, what, None, plain(", ".join(map(str, now.logs))))
    return conclude(report.facts, book, report.size, report.at_ms)


def _open_own(place: str, content: bytes, policy: Policy) -> Kept:
    try:
        return open_kept(content, place, policy)
    except BadInput as error:
        raise BadInput(str(error), where=place) from None


def _continued(files: LogFiles, now: Checkpoint, earlier: Sequence[Kept], book: Book) -> list[Kept]:
    """Return the earlier checkpoints that the log continues; each other one is a finding."""
    sizes = {one.checkpoint.size for one in earlier if one.checkpoint.size <= now.size}
    roots = dict(_roots(files, now, sizes))
    continued = []
    for one in earlier:
        checkpoint = one.checkpoint
        if checkpoint.origin == now.origin and roots.get(checkpoint.size) == checkpoint.root:
            continued.append(one)
            continue
        if checkpoint.origin != now.origin:
            what, found = Text("Prüfpunkt eines anderen Protokolls", "checkpoint of another log"), one.place
        elif checkpoint.size > now.size:
            what = Text("das Protokoll wurde gekürzt", "the log was cut off")
            found = f"{one.place}: {checkpoint.size} > {now.size}"
        else:
            what = Text(
                f"die ersten {checkpoint.size} Einträge sind nicht mehr die, die unterschrieben wurden",
                f"the first {checkpoint.size} entries are not those that were signed",
            )
            found = one.place
        book.find(Check.EARLIER, None, what, None, plain(found))
    return continued


def _judge_quorum(policy: Policy, now: Kept, kept: Iterable[Kept], book: Book) -> None:
    """Judge whether the witnesses have co-signed the log, and up to where."""
    size = now.checkpoint.size
    signers: defaultdict[int, set[Verifier]] = defaultdict(set)
    for one in (now, *kept):
        signers[one.checkpoint.size] |= one.witnesses
    covered = max((at for at, signed in signers.items() if policy.enough(signed)), default=None)
    expected = plain(", ".join(policy.witnesses))
    if covered is None:
        what = Text("nicht von den Zeugen mitunterschrieben", "not co-signed by the witnesses")
        say = book.find if size else book.warn
        say(Check.CHECKPOINT, None, what, expected)
    elif covered < size:
        what = Text("noch nicht mitunterschrieben", "not co-signed yet")
        last = size - covered
        found = Text(f"die letzten {last} von {size} Einträgen", f"the last {last} of {size} entries")
        book.warn(Check.CHECKPOINT, None, what, expected, found)
    elif not policy.enough(now.witnesses):
        what = Text(
            "Mitunterschrift fehlt im Prüfpunkt, liegt aber daneben",
            "co-signature is missing in the checkpoint, but kept beside it",
        )
        book.warn(Check.CHECKPOINT, None, what, expected)
    if now.unknown:
        what = Text(
            "Unterschriften mit Schlüsseln, die die Prüfregeln nicht nennen",
            "signatures by keys that the policy does not name",
        )
        book.warn(Check.CHECKPOINT, None, what, found=plain(now.unknown))


def _roots(files: LogFiles, now: Checkpoint, sizes: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """Yield the root that the log had at each of these sizes; requires tiles that were verified."""
    frontier = Frontier()
    for size in sorted(sizes):
        while frontier.size < size:
            number, start = divmod(frontier.size, TILE_WIDTH)
            width = min(TILE_WIDTH, now.size - number * TILE_WIDTH)
            _, tile = read_tile(files, 0, number, width)
            end = min(width, size - number * TILE_WIDTH)
            frontier.push(split_hashes(tile)[start:end])
        yield size, frontier.root()


def _entries(files: LogFiles, now: Checkpoint) -> Iterator[tuple[int, bytes]]:
    """Yield the entries, and hold what was read against the root once more: a file may change meanwhile."""
    frontier = Frontier()
    while frontier.size < now.size:
        first = frontier.size
        width = min(TILE_WIDTH, now.size - first)
        path, bundle = read_tile(files, ENTRIES, first // TILE_WIDTH, width)
        entries = split_entries(bundle, path)[:width]
        frontier.push([leaf_hash(entry) for entry in entries])
        if len(entries) < width:
            break
        yield from enumerate(entries, first)
    if (frontier.size, frontier.root()) != (now.size, now.root):
        raise BadInput("log changed while it was read", where="log", expected="a log that stays as it is")


def _given_up(
    book: Book, policy: Policy, at_ms: int | None, not_done: Iterable[Check], now: Checkpoint | None = None
) -> Report:
    book.not_done |= set(not_done)
    name = now.origin if now is not None else ", ".join(key.name for key in policy.logs)
    return conclude(Facts(log=name), book, now.size if now is not None else 0, at_ms or 0)
