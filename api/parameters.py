"""Parameters in an address that are not what they must be."""

from fastapi.exceptions import RequestValidationError

from api.problems import Kind, Problem


def bad_parameter(error: RequestValidationError) -> Problem:
    """Return what is told of one: its name and the rule that it breaks, never its value."""
    first = error.errors()[0]
    return Problem(Kind.INVALID, f"{first['loc'][-1]}: {first['type'].replace('_', ' ')}")
