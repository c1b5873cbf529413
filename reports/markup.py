"""HTML templates, and the one way in which our own markup gets into them unescaped."""

from productivity.errors import MissingExtra

try:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup as Markup  # templates and pages speak of it
except ImportError:
    raise MissingExtra("edge", "jinja2") from None


def environment() -> Environment:
    """Return what renders the templates of `reports/templates`; every value is escaped."""
    return Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def ours(markup: str) -> Markup:
    """Mark text as our own markup, so that a template prints it as it stands.

    Only for what this package made itself: colours, patterns, and charts, in which Vega has escaped names.
    """
    return Markup(markup)  # noqa: S704  # this is the one place that vouches for it
