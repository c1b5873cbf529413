"""Ctrl-C and a service manager's SIGTERM end a command in good order; a second one stops the program.

A handler runs in the middle of whatever the main thread does, perhaps while that holds a lock: a handler that
takes the same lock waits for itself, for ever. So ours does nothing but wake a thread that acts.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue


@contextmanager
def first_signal(act: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """Call `act`, in another thread, when SIGINT or SIGTERM comes; give what tells whether one came.

    Only the main thread may handle signals: elsewhere none comes.
    """
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    wake: SimpleQueue[bool] = SimpleQueue()  # the one queue whose `put` may be interrupted by itself

    def handle(number: int, _: object) -> None:
        came.append(number)
        restore()
        wake.put(True)

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def wait() -> None:
        if wake.get():
            act()

    thread = threading.Thread(target=wait, name="signals", daemon=True)
    thread.start()
    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(came)
    finally:
        restore()
        wake.put(False)
