"""Options that several commands of `fairtakt study` share."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from api.studies.documents import Form

Folder: TypeAlias = Annotated[Path, typer.Argument(help="The study's folder.", show_default=False)]
Language: TypeAlias = Annotated[
    str | None, typer.Option(help="en or de; the study's own language otherwise.", show_default=False)
]
Out: TypeAlias = Annotated[
    Path | None,
    typer.Option(help="Directory for files as well; appears whole or not at all.", show_default=False),
]
Forms: TypeAlias = Annotated[
    list[Form] | None,
    typer.Option("--as", help="Form of the files; can be repeated. All forms otherwise.", show_default=False),
]
Periods: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--period", help="Period; can be repeated. All otherwise.", show_default=False),
]
Systems: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--system", help="Work system; can be repeated. The study's area otherwise.", show_default=False
    ),
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
