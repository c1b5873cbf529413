"""What comes of signing in. Refusals say what to do next, and nothing about who has an account."""

from dataclasses import dataclass

from productivity.errors import FairtaktError


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody is signed in. The token is for the browser's cookie and for nobody else."""

    token: str
    terminal: bool
    """Stays signed in when the browser is closed."""
    must_set_up: bool
    """The role needs a second factor and has none: nothing but setting one up is permitted."""

    def __repr__(self) -> str:
        """Return a text without the token."""
        return f"SignedIn(terminal={self.terminal}, must_set_up={self.must_set_up})"


@dataclass(frozen=True, slots=True)
class SecondFactorWanted:
    """The first factor was right. The ticket, with a second factor, signs in; it lives five minutes."""

    ticket: str
    totp: bool
    passkey: bool

    def __repr__(self) -> str:
        """Return a text without the ticket."""
        return f"SecondFactorWanted(totp={self.totp}, passkey={self.passkey})"


Outcome = SignedIn | SecondFactorWanted


class Refused(FairtaktError):
    """Name, password or code is wrong, or the account may not sign in. Which of these is not told."""

    def __init__(self) -> None:
        super().__init__("name, password or code is wrong")


class TooSoon(FairtaktError):
    """After several failures a name waits, whether or not anybody has it."""

    def __init__(self, wait_ms: int) -> None:
        super().__init__("too many failures with this name")
        self.wait_ms = wait_ms


class TicketGone(FairtaktError):
    """The ticket is too old, or never was one: the first factor is asked for again."""

    def __init__(self) -> None:
        super().__init__("sign-in took too long: begin again")


class SignInAgain(FairtaktError):
    """What was asked for needs a sign-in of the last minutes, with a second factor if there is one."""

    def __init__(self) -> None:
        super().__init__("sign in again first: this needs a sign-in of the last 15 minutes")


class NothingToChange(FairtaktError):
    """The account has not what was to be changed."""
