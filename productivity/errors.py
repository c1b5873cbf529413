"""One small family of errors, each a meaning that a caller acts on."""


class FairtaktError(Exception):
    """Anything that fairtakt refuses; the text is one line for the person who must act.

    Texts name what is wrong, where, what was expected and what was found. They never carry personal
    data: no names, no coordinates of people, no picture content.
    """


class BadInput(FairtaktError):
    """A file, stream or value is not what it must be. The caller corrects it; nothing was written."""

    def __init__(self, what: str, *, where: str = "", expected: str = "", found: str = "") -> None:
        text = f"{where}: {what}" if where else what
        if expected:
            text += f": expected {expected}"
        if found:
            text += f", found {found}" if expected else f": found {found}"
        super().__init__(" ".join(text.split()))


class SourceLost(FairtaktError):
    """A camera or stream stopped delivering and did not come back. What was recorded stays valid."""


class MissingExtra(FairtaktError):
    """A command needs packages that this installation lacks."""

    def __init__(self, extra: str, module: str) -> None:
        super().__init__(f"{module} is not installed: this command needs pip install 'fairtakt[{extra}]'")
