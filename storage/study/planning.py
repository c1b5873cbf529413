"""Step 5 for a study's folder: the recording plan that its decisions and its samples ask for."""

from productivity.study.plan import PlannedStudy, recording_plan, refined
from storage.study.folder import StudyFolder


def plan_of(folder: StudyFolder, period: str) -> tuple[PlannedStudy, ...]:
    """Return the plan that a study's decisions and a period's samples ask for; requires an area."""
    study, wanted = folder.study(period), folder.settings.plan
    return refined(
        recording_plan(study.area, study.system, study.variants, study.modes, wanted.samples),
        study.records.sampled,
        wanted.half_width,
        folder.settings.confidence,
    )
