"""How commands speak: plain lines, in which nothing is read as markup."""

from rich.console import Console


def tell(text: str) -> None:
    """Print plain text."""
    Console(highlight=False, soft_wrap=True).print(text, markup=False)
