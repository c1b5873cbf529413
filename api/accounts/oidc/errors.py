"""What can come of asking an identity provider. Texts are ours: they repeat nothing that anybody sent."""

from productivity.errors import FairtaktError


class ProviderAway(FairtaktError):
    """The provider does not answer, or not as one: its administrator has to look at it."""


class SignInRefused(FairtaktError):
    """What came back is not believed, or names nobody who has an account here."""
