"""Studies at a glance, and how far each is. For threads."""

from api.services import Services
from api.studies.opening import opened, plain, told
from api.studies.planning import period_of
from api.studies.wire import MissingPart, StepLine, StudyLine, StudyOverview
from productivity.errors import BadInput
from productivity.study.study import Progress, Study
from reports.study.words import ENGLISH_STUDY
from storage.study.editing import EDITABLE, read_text
from storage.study.folder import StudyFolder
from storage.study.mappings import mapping_names
from storage.study.shelf import Shelf


def lines_of(services: Services) -> list[StudyLine]:
    """Return every study; one that cannot be read says why. Raises `Problem`."""
    with told(services) as shelf:
        return [_line(shelf, name) for name in shelf.names()]


def overview_of(services: Services, name: str, period: str | None) -> StudyOverview:
    """Return a study and its steps. Raises `Problem`."""
    folder = opened(services, name)
    with told(services):
        wanted = period_of(folder, period)
        study = folder.study(wanted)
        return StudyOverview(
            name=name,
            title=folder.settings.title,
            language=folder.settings.language,
            area=folder.settings.area,
            periods=list(folder.periods),
            period=wanted,
            systems=[node.name for node in study.system.nodes],
            sources=[source.name for source in folder.sources],
            mappings=mapping_names(folder.path),
            steps=[_step(progress) for progress in study.progress()],
            revisions={file: read_text(folder.path, file)[1] for file in EDITABLE},
        )


def newest_study(folder: StudyFolder) -> Study:
    """Return a study as it is in its last period."""
    return folder.study(period_of(folder, None))


def _line(shelf: Shelf, name: str) -> StudyLine:
    try:
        folder = shelf.read(name)
        done = sum(progress.done for progress in newest_study(folder).progress())
    except BadInput as error:
        return StudyLine(
            name=name, title=name, area=None, periods=[], steps_done=0, trouble=plain(error, shelf.root)
        )
    settings = folder.settings
    return StudyLine(
        name=name,
        title=settings.title,
        area=settings.area,
        periods=list(folder.periods),
        steps_done=done,
        trouble="",
    )


def _step(progress: Progress) -> StepLine:
    return StepLine(
        number=progress.step.value,
        task=ENGLISH_STUDY.steps[progress.step],
        done=progress.done,
        missing=[MissingPart(code=one.code, text=one.text) for one in progress.missing],
    )
