"""Signals end a command in good order, whatever the main thread is in the middle of."""

import os
import signal
import threading

import pytest

from cli.signals import first_signal


def send(number):
    """Send this process a signal; its handler has run when this returns."""
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_acts_though_the_main_thread_holds_the_lock_that_acting_takes(number):
    """A handler that closed a video while a picture was being decoded once waited for itself for ever."""
    lock, acted = threading.Lock(), threading.Event()

    def act():
        with lock:
            acted.set()

    with first_signal(act) as came:
        assert not came()
        with lock:
            send(number)
            assert came()
            assert not acted.is_set()
        assert acted.wait(10)


def test_a_second_signal_is_the_programs_own_business():
    before = signal.getsignal(signal.SIGINT)
    with first_signal(lambda: None):
        assert signal.getsignal(signal.SIGINT) is not before
        send(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is before
        assert signal.getsignal(signal.SIGTERM) in {signal.SIG_DFL, signal.SIG_IGN}
    assert signal.getsignal(signal.SIGINT) is before


def test_without_a_signal_nothing_acts_and_handlers_are_put_back():
    before, acted = signal.getsignal(signal.SIGTERM), []
    with first_signal(lambda: acted.append(1)) as came:
        pass
    assert (acted, came()) == ([], False)
    assert signal.getsignal(signal.SIGTERM) is before


def test_other_threads_hear_of_none():
    heard = []

    def work():
        with first_signal(lambda: None) as came:
            heard.append(came())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert heard == [False]
