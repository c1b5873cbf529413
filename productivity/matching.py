"""Loss matching: which kind of improvement method addresses which state.

The idea is that of Czumanski & Lödding, *State-based analysis of labour productivity*, IJPR 54(10):2934
(2016): the results of the analysis are matched with a toolset of methods that a plant defines. The default
toolset below is our own choice of well-known methods; a plant edits its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from productivity.errors import BadInput
from productivity.evaluation import Evaluation, StateTime
from productivity.hierarchy import Hierarchy
from productivity.states import StateCategory


@dataclass(frozen=True, slots=True)
class Remedy:
    """A kind of improvement method and what it does, in one sentence."""

    name: str
    purpose: str


@dataclass(frozen=True, slots=True)
class LossRule:
    """Which remedies address a loss: a state with all below it, or a whole category.

    `value_adding` narrows a rule to states that do or do not add value; None: both.
    """

    loss: str
    remedies: tuple[str, ...]
    value_adding: bool | None = None


@dataclass(frozen=True, slots=True)
class Toolset:
    """Remedies and the rules that assign them. Raises `BadInput` for a rule that names an unknown remedy."""

    remedies: tuple[Remedy, ...]
    rules: tuple[LossRule, ...]

    def __post_init__(self) -> None:
        names = [remedy.name for remedy in self.remedies]
        for name in names:
            if names.count(name) > 1:
                raise BadInput(f"remedy {name!r} stands twice in the toolset")
        for rule in self.rules:
            for name in rule.remedies:
                if name not in names:
                    raise BadInput(
                        f"the rule for '{rule.loss}' names a remedy that is not in the toolset",
                        found=repr(name),
                    )

    def remedy(self, name: str) -> Remedy:
        """Return a remedy by its name."""
        return next(remedy for remedy in self.remedies if remedy.name == name)

    def check(self, hierarchy: Hierarchy) -> None:
        """Refuse rules for what is neither a category nor a state of the hierarchy, with `BadInput`."""
        for rule in self.rules:
            if rule.loss not in hierarchy and rule.loss not in set(StateCategory):
                raise BadInput(
                    f"the rule for '{rule.loss}' fits no state",
                    expected="a category or a state of the hierarchy",
                )


@dataclass(frozen=True, slots=True)
class Match:
    """A state, its portion of paid time, and the remedies for it; `loss` is the rule's that applied."""

    state: StateTime
    portion: float
    loss: str
    remedies: tuple[Remedy, ...]


def match_losses(
    evaluation: Evaluation, hierarchy: Hierarchy, toolset: Toolset | None = None
) -> tuple[Match, ...]:
    """Return the states of an evaluation with their remedies, the largest first.

    The rule nearest to the state on its path to the category applies; of several there, the first.
    Value-adding states are matched too: they are no loss, but their method can be improved. A state that
    no rule reaches is left out.
    """
    chosen = toolset if toolset is not None else DEFAULT_TOOLSET
    matches: list[Match] = []
    for time in evaluation.states:
        rule = _nearest_rule(time, hierarchy, chosen.rules)
        if rule is not None:
            remedies = tuple(chosen.remedy(name) for name in rule.remedies)
            matches.append(Match(time, evaluation.portion(time.total_ns), rule.loss, remedies))
    return tuple(matches)


def _nearest_rule(time: StateTime, hierarchy: Hierarchy, rules: Sequence[LossRule]) -> LossRule | None:
    for place in reversed(hierarchy.path(time.state)):
        for rule in rules:
            if rule.loss == place and rule.value_adding in (None, time.value_adding):
                return rule
    return None


DEFAULT_TOOLSET = Toolset(
    remedies=(
        Remedy(
            "method study", "Find the best sequence of motions for the operation, and make it the standard."
        ),
        Remedy(
            "workplace design", "Bring parts and tools within reach, so that grasps and walks get shorter."
        ),
        Remedy(
            "tools and fixtures", "Replace repeated hand movements by tools, fixtures or low-cost automation."
        ),
        Remedy("line balancing", "Distribute the work so that no station waits for another."),
        Remedy("material supply", "Let others bring material in small lots to the point of use."),
        Remedy("quick changeover", "Prepare set-ups while work goes on, and shorten what remains (SMED)."),
        Remedy("flow of small lots", "Move pieces singly or in small lots over short ways."),
        Remedy("workplace order", "Give each thing its marked place, so that nobody searches (5S)."),
        Remedy("mistake-proofing", "Make errors impossible or visible at once (poka-yoke)."),
        Remedy(
            "quality at the source", "Check where the error arises, so that late inspection becomes needless."
        ),
        Remedy("preventive maintenance", "Maintain equipment before it fails (TPM)."),
        Remedy("production levelling", "Level volume and mix, so that orders and material arrive steadily."),
        Remedy("flexible staffing", "Qualify for several stations and adapt hours to demand."),
        Remedy(
            "health and working conditions", "Reduce strain and its causes, together with the works council."
        ),
        Remedy("meeting routine", "Keep meetings short, prepared and at a fixed time."),
        Remedy("problem solving", "Record causes, remove the most frequent one, check the effect (PDCA)."),
    ),
    rules=(
        LossRule(StateCategory.CYCLE_BOUND, ("method study", "tools and fixtures"), value_adding=True),
        LossRule(
            StateCategory.CYCLE_BOUND,
            ("method study", "workplace design", "line balancing"),
            value_adding=False,
        ),
        LossRule(StateCategory.BATCH_BOUND, ("quick changeover", "flow of small lots")),
        LossRule(StateCategory.PERIODICAL, ("meeting routine", "problem solving")),
        LossRule(StateCategory.IRREGULAR, ("problem solving",)),
        LossRule("part handling", ("workplace design", "material supply")),
        LossRule("final inspection", ("quality at the source", "mistake-proofing")),
        LossRule("waiting within the cycle", ("line balancing",)),
        LossRule("set-up", ("quick changeover",)),
        LossRule("transport", ("flow of small lots", "material supply")),
        LossRule("cell feeding", ("material supply",)),
        LossRule("cleaning", ("workplace order",)),
        LossRule("absenteeism", ("flexible staffing",)),
        LossRule("sickness", ("health and working conditions", "flexible staffing")),
        LossRule("breakdown", ("preventive maintenance",)),
        LossRule("missing material", ("material supply", "production levelling")),
        LossRule("missing order", ("production levelling", "flexible staffing")),
        LossRule("rework", ("mistake-proofing", "quality at the source")),
        LossRule("searching", ("workplace order",)),
    ),
)
"""Well-known methods for the states of `DEFAULT_HIERARCHY`. Remedies change work, never judge a person."""
