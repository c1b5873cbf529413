"""The recording plan: made from the study's decisions, and from what a pilot says of the spread."""

from api.problems import Kind, Problem
from api.services import Services
from api.studies.opening import told
from storage.study.editing import read_text
from storage.study.folder import PLAN, StudyFolder, read_study
from storage.study.plan_csv import write_plan
from storage.study.planning import plan_of


def make_plan(services: Services, name: str, period: str | None) -> tuple[int, str]:
    """Write the plan anew; return its rows and its revision. For threads; raises `Problem`."""
    with told(services) as shelf, shelf.writing(name) as path:
        folder = read_study(path)
        if not folder.settings.area:
            raise Problem(Kind.INVALID, "no area is selected: step 1 comes first")
        plan = plan_of(folder, period_of(folder, period))
        write_plan(path / PLAN, plan)
        return len(plan), read_text(path, PLAN)[1]


def period_of(folder: StudyFolder, wanted: str | None) -> str:
    """Return the period that is asked for, else the last one, else none. Raises `Problem`."""
    known = folder.periods
    if wanted and wanted not in known:
        raise Problem(Kind.INVALID, "period: not one of this study")
    return wanted or (known[-1] if known else "")
