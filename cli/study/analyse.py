"""`fairtakt study evaluate | compare | agree | export`: from data to priorities."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from api.studies.documents import Form, Tables, chart_packages, files_of, names_of
from api.studies.results import analyses_of, chosen, comparison_of, judged_of, results_of, words_of
from cli.study.options import AsJson, Folder, Forms, Language, Out, Periods, Systems
from cli.study.terminal import say, show_facts, show_heading, show_tables, tell
from productivity.agreement.verdict import Outcome
from productivity.errors import BadInput
from productivity.result_table import ResultTable
from reports.study.agreement import agreement_tables, verdict_sentence
from reports.study.figures import certainty_text, facts_of, stability_note, states_text
from reports.study.results import Comparison, StudyResults
from reports.study.tables import balance_table, comparison_tables, findings_table, result_tables
from reports.study.text import text_table
from reports.study.words import StudyWords
from storage.durable import whole_directory
from storage.exports.json_document import json_object
from storage.study.folder import StudyFolder, read_study

if TYPE_CHECKING:
    from reports.study.document import Document


def evaluate(
    folder: Folder,
    period: Periods = None,
    system: Systems = None,
    everything: Annotated[bool, typer.Option("--all", help="All work systems with paid time.")] = False,
    as_json: AsJson = False,
    language: Language = None,
) -> None:
    """Show paid time, ranking and balance of the study's area, or of other work systems."""
    study = read_study(folder)
    words = words_of(study, language)
    analyses = analyses_of(study, period or ())
    evaluations = chosen(study, analyses, system or (), everything=everything)
    results = results_of(study, analyses, evaluations)
    if as_json:
        _print_json(lambda words: result_tables(results, words), study)
        return
    for one in evaluations:
        show_heading(one.system, f"{words.levels[one.level]} · {words.period}: {one.period}")
        show_facts(facts_of(one, results, words))
        balance = balance_table([one], words).select("term", "duration", "portion")
        show_tables(
            [
                states_text(one, words, narrow=True),
                *certainty_text(one, results, words),
                text_table(balance, words),
            ]
        )
        say(stability_note(one, results, words))
    if not evaluations:
        say(words.nothing)
    findings = findings_table(results.all_findings, words).select("severity", "text", "rows")
    show_tables([text_table(findings, words)])
    hidden = sum(len(analysis.evaluations) for analysis in analyses) - len(evaluations)
    if hidden > 0 and not system:
        tell(words.more_in_export.format(number=hidden))


def compare(
    folder: Folder,
    before: Annotated[str, typer.Option(help="Period before.", show_default=False)],
    after: Annotated[str, typer.Option(help="Period after; the same one to compare two work systems.")],
    system: Annotated[str | None, typer.Option(help="Work system; the study's area otherwise.")] = None,
    other: Annotated[
        str | None, typer.Option("--with", help="Work system after, where it is another one.")
    ] = None,
    out: Out = None,
    forms: Forms = None,
    as_json: AsJson = False,
    language: Language = None,
) -> None:
    """Compare two periods, or two lines, with limits of the differences."""
    study = read_study(folder)
    words = words_of(study, language)
    analyses = analyses_of(study, list(dict.fromkeys((before, after))))
    found = {analysis.period: analysis for analysis in analyses}
    name = system or study.settings.area
    if name is None:
        raise BadInput("no work system to compare", expected="--system, or an area in study.yaml")
    comparison = comparison_of(found[before].of(name), found[after].of(other or name), study)

    def tables(words: StudyWords) -> list[ResultTable]:
        return comparison_tables(comparison, words)

    if as_json:
        _print_json(tables, study)
    else:
        show_heading(study.settings.title, f"{name}, {before} → {other or name}, {after}")
        show_tables(text_table(table, words) for table in tables(words))
    if out is not None:
        _out_of_place(out, study)
        results = results_of(study, analyses, (comparison.before, comparison.after))
        _write(out, forms, study, tables, lambda words: _document(results, words, comparison), words)


def agree(
    folder: Folder,
    manual: Annotated[
        list[str],
        typer.Option(help="Data of a manual study (name below data/); repeat for each session."),
    ],
    measured: Annotated[
        list[str], typer.Option(help="Data of the camera for the same session, in the same order.")
    ],
    recorded_from: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day of the data.")
    ] = None,
    out: Out = None,
    forms: Forms = None,
    as_json: AsJson = False,
    language: Language = None,
) -> None:
    """Judge whether the camera agrees with a manual study, by the bars of protocol.yaml.

    Exit status 1 unless every bar is met.
    """
    study = read_study(folder)
    words = words_of(study, language)
    judged = judged_of(study, manual, measured, recorded_from.date() if recorded_from else None)

    def tables(words: StudyWords) -> list[ResultTable]:
        return agreement_tables(judged, words)

    if as_json:
        _print_json(tables, study)
    else:
        show_tables(text_table(table, words) for table in tables(words))
        say(verdict_sentence(judged, words))
    if out is not None:
        _out_of_place(out, study)

        def document(words: StudyWords) -> "Document":
            with chart_packages():
                from reports.study.document import agreement_document
            return agreement_document(study.settings.title, judged, words)

        _write(out, forms, study, tables, document, words)
    if judged.verdict.outcome is not Outcome.MET:
        raise typer.Exit(1)


def export(
    folder: Folder,
    out: Annotated[Path, typer.Option(help="Directory for the files; appears whole or not at all.")],
    forms: Forms = None,
    period: Periods = None,
    system: Systems = None,
    language: Language = None,
) -> None:
    """Write all results as HTML and PDF report, Excel workbook, CSV and JSON with its schema.

    All work systems with paid time are part of it, or those that are named.
    """
    study = read_study(folder)
    _out_of_place(out, study)
    words = words_of(study, language)
    analyses = analyses_of(study, period or ())
    evaluations = chosen(study, analyses, system or (), everything=True)
    results = results_of(study, analyses, evaluations)
    _write(
        out,
        forms,
        study,
        lambda words: result_tables(results, words),
        lambda words: _document(results, words),
        words,
    )


def _print_json(tables: Tables, study: StudyFolder) -> None:
    english = words_of(study, "en")
    document = json_object(tables(english), study.settings.title)
    typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False))


def _document(results: StudyResults, words: StudyWords, comparison: Comparison | None = None) -> "Document":
    with chart_packages():
        from reports.study.document import document_of
    with _progress(words.drawing, len(results.evaluations) + len(results.timelines)) as advance:
        return document_of(results, words, comparison, lambda _: advance())


def _write(
    out: Path,
    forms: Sequence[Form] | None,
    study: StudyFolder,
    tables: Tables,
    document: "Callable[[StudyWords], Document]",
    words: StudyWords,
) -> None:
    wanted = list(dict.fromkeys(forms or Form))
    with whole_directory(out, replaces=names_of(tables(words))) as folder:
        for name, content in files_of(wanted, study.settings.title, tables, document, words).items():
            (folder / name).write_bytes(content)
    tell(words.written.format(path=out))


def _out_of_place(path: Path, folder: StudyFolder) -> None:
    """Refuse to write results into the study's own data."""
    if (folder.path / "data").resolve() in (path.resolve(), *path.resolve().parents):
        raise BadInput("results among the data", where=str(path), expected="a folder outside data/")


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)
