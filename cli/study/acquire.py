"""`fairtakt study init | import | plan | check`: from an empty folder to complete data."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.studies.results import analyses_of, personnel_of, words_of
from cli.study.options import Folder, Language, Periods
from cli.study.terminal import say, show_heading, show_tables, tell
from productivity.errors import BadInput
from productivity.records import Finding, Severity
from productivity.study.study import Study
from reports.study.acquisition import plan_table, portfolio_table, procedure_table
from reports.study.tables import findings_table, totals_table
from reports.study.text import text_table
from reports.study.words import StudyWords
from storage.importers.load import import_file
from storage.importers.mapping import FileMapping, Kind, read_mapping
from storage.study.adding import add_source
from storage.study.folder import PLAN, StudyFolder, read_study
from storage.study.plan_csv import write_plan
from storage.study.planning import plan_of
from storage.study.template import create_study


def init(
    folder: Folder,
    title: Annotated[str, typer.Option(help="What the study is about.")] = "Study",
    language: Annotated[str, typer.Option(help="en or de.")] = "en",
) -> None:
    """Make a new study: a folder with commented files to fill in."""
    create_study(folder, title, language)
    tell(words_of(read_study(folder), language).written.format(path=folder))


def import_(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help="The file to import.", show_default=False)],
    mapping: Annotated[
        Path | None,
        typer.Option(help="Mapping file (YAML): what the columns and words of the file mean."),
    ] = None,
    kind: Annotated[
        Kind | None, typer.Option(help="What the file holds, where the usual column names need no mapping.")
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Name below data/; the file's own otherwise.", show_default=False)
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace an earlier import.")] = False,
    language: Language = None,
) -> None:
    """Read shop-floor data into the study; a refused file changes nothing.

    Reports rows read, used, passed over and refused, each with its reason.
    """
    study = read_study(folder)
    words = words_of(study, language)
    with _progress(file.name):
        imported = import_file(file, _mapping(mapping, kind))
    report = imported.report
    target = add_source(
        folder, name or file.stem, imported, file, _mapping(mapping, kind).kind, replace=replace
    )
    say(
        words.imported.format(
            file=report.source,
            read=report.read,
            used=report.used,
            passed_over=report.passed_over,
            refused=report.refused,
        )
    )
    show_tables([text_table(totals_table(report.totals_ns, words), words)])
    _show_findings(report.findings, words)
    tell(words.written.format(path=target))


def plan(
    folder: Folder,
    period: Annotated[str | None, typer.Option(help="Period whose pilot samples count.")] = None,
    language: Language = None,
) -> None:
    """Class the products, and plan how many samples to take at each station.

    Writes plan.csv anew. Where a pilot was taken, the plan holds as many samples as the wanted half-width of
    study.yaml needs.
    """
    study_folder = read_study(folder)
    words = words_of(study_folder, language)
    study = _one(study_folder, period)
    if not study.area:
        raise BadInput("no area is selected", where=str(folder / "study.yaml"), expected="area: NAME")
    planned = plan_of(study_folder, study.period)
    write_plan(folder / PLAN, planned)
    tables = (portfolio_table(study.portfolio, words), plan_table(planned, study.records.sampled, words))
    show_tables(text_table(table, words) for table in tables)
    tell(words.written.format(path=folder / PLAN))


def check(folder: Folder, period: Periods = None, language: Language = None) -> None:
    """Say which of the eight steps are done, what is missing, and what contradicts itself.

    Exit status 1 if something must be corrected.
    """
    study_folder = read_study(folder)
    words = words_of(study_folder, language)
    personnel_of(study_folder)
    findings = list(study_folder.findings)
    for analysis in analyses_of(study_folder, period or ()):
        study = study_folder.study(analysis.period)
        show_heading(study_folder.settings.title, f"{words.period}: {analysis.period}")
        show_tables([text_table(procedure_table(study.progress(), words), words, titled=False)])
        missing = study.next_step()
        say(
            words.all_done
            if missing is None
            else words.next_step.format(number=missing.step.value, step=words.steps[missing.step])
        )
        findings += analysis.findings
    _show_findings(tuple(dict.fromkeys(findings)), words)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(1)


def _mapping(mapping: Path | None, kind: Kind | None) -> FileMapping:
    if mapping is not None and kind is None:
        return read_mapping(mapping)
    if kind is not None and mapping is None:
        return FileMapping(kind=kind)
    raise BadInput("how to read the file", expected="--mapping FILE or --kind KIND, one of them")


def _one(folder: StudyFolder, period: str | None) -> Study:
    """Return the study of the period that was named, or of the last one."""
    known = folder.periods
    if period is not None and period not in known:
        raise BadInput(f"period {period!r} is not in the study", expected=", ".join(known) or "none")
    return folder.study(period or (known[-1] if known else ""))


def _show_findings(findings: tuple[Finding, ...], words: StudyWords) -> None:
    table = findings_table(findings, words).select("severity", "text", "rows")
    show_tables([text_table(table, words)])


@contextmanager
def _progress(what: str) -> Iterator[None]:
    """Show that a long read goes on."""
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        bar.add_task(what, total=None)
        yield
