"""What the server asks of the site's log: the desk (`consent.site.desk`), or in tests a site in memory."""

from collections.abc import Callable, Iterable
from typing import Protocol

from consent.agreement.schema import Strict
from consent.log.store import LogFiles
from consent.site.desk import Health
from consent.site.logged import Logged
from consent.site.sight import SiteView


class Site(Protocol):
    """For any number of threads. What these methods promise, and what they raise, stands at `Desk`."""

    @property
    def files(self) -> LogFiles:
        """The log's files, as anybody may copy and verify them."""
        ...

    @property
    def number(self) -> int:
        """Counts what changed."""
        ...

    def cosigned_names(self) -> list[str]:
        """Return the names of the co-signed checkpoints beside the log, oldest first."""
        ...

    def state(self) -> SiteView:
        """Return the site as it is now, waiting stops included. Raises `LogUnusable`."""
        ...

    def health(self) -> Health:
        """Tell how it stands with the log; never raises."""
        ...

    def say(self, body: Strict) -> int:
        """Have the log say something; return the number of its entry. Raises `BadInput`, `LogUnusable`."""
        ...

    def say_all(self, bodies: Iterable[Strict]) -> list[int]:
        """Have the log say several things with one wait for the disk. Raises as `say` does."""
        ...

    def hand_in(self, note: str | bytes) -> bool:
        """Hand in a signed note; return whether it has left for the log.

        Raises `Declined`, `BadInput`, `OSError`.
        """
        ...

    def catch_up(self) -> None:
        """Wait a little until `state` knows what others have handed in by now; never raises."""
        ...

    def entries(self, first: int, last: int) -> list[Logged]:
        """Return entries [first, last). Raises `LogUnusable`."""
        ...

    def recent(self, *kinds: type[Strict], most: int = 50, before: int | None = None) -> list[Logged]:
        """Return the newest entries of these types, newest first. Raises `LogUnusable`."""
        ...

    def count(self, *kinds: type[Strict]) -> int:
        """Return how many entries of these types there are. Raises `LogUnusable`."""
        ...

    def wait_for_change(self, number: int, timeout_s: float) -> int:
        """Wait until something is else than at `number`, or the time is over; return the number now."""
        ...

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` at each change, from another thread; return how to end that."""
        ...
