"""What a run of mutants says: scores by layer and model, survivors, equivalents, who killed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from refurb_warehouse.checks.compiled import CompiledProject
from refurb_warehouse.checks.mutants.generation import BED_SUFFIX
from refurb_warehouse.checks.mutants.review import EQUIVALENT, Finding, finding_of
from refurb_warehouse.checks.mutants.trial import KILLED, STILLBORN, SURVIVED, Verdict

TARGET = 0.95
LAYERS = ("macros", "intermediate", "facts", "dimensions", "marts")


@dataclass
class Tally:
    """Counts of mutants; the score leaves out those that do not run or change nothing."""

    killed: int = 0
    survived: int = 0
    equivalent: int = 0
    stillborn: int = 0

    @property
    def tried(self) -> int:
        """All mutants."""
        return self.killed + self.survived + self.equivalent + self.stillborn

    @property
    def score(self) -> float:
        """Killed, of those that change what the query answers; 1 when there are none."""
        counted = self.killed + self.survived
        return self.killed / counted if counted else 1.0

    def add(self, verdict: Verdict, findings: list[Finding]) -> None:
        """Count one more."""
        if verdict.outcome == KILLED:
            self.killed += 1
        elif verdict.outcome == STILLBORN:
            self.stillborn += 1
        elif is_equivalent(verdict, findings):
            self.equivalent += 1
        else:
            self.survived += 1


def is_equivalent(verdict: Verdict, findings: list[Finding]) -> bool:
    """Whether a survivor was found to answer the same as the model."""
    finding = finding_of(verdict.mutant, findings)
    return finding is not None and finding.verdict == EQUIVALENT


def layer_of(subject: str, project: CompiledProject) -> str:
    """The layer of a model, or `macros` for a test that compares one with vectors."""
    if subject.endswith(BED_SUFFIX):
        return "macros"
    path = project.models[subject].path
    if path.startswith("models/intermediate/"):
        return "intermediate"
    if path.startswith("models/marts/core/"):
        return "facts" if subject.startswith("fct_") else "dimensions"
    return "marts"


def tallies(
    verdicts: Iterable[Verdict], findings: list[Finding], project: CompiledProject
) -> tuple[dict[str, Tally], dict[str, Tally], Tally]:
    """Counts by layer, by subject and of all."""
    layers: dict[str, Tally] = defaultdict(Tally)
    subjects: dict[str, Tally] = defaultdict(Tally)
    total = Tally()
    for verdict in verdicts:
        subject = verdict.mutant.subject
        for tally in (layers[layer_of(subject, project)], subjects[subject], total):
            tally.add(verdict, findings)
    return dict(layers), dict(subjects), total


def unexplained(verdicts: Iterable[Verdict], findings: list[Finding]) -> list[Verdict]:
    """Survivors that nobody has looked at."""
    return [v for v in verdicts if v.outcome == SURVIVED and not finding_of(v.mutant, findings)]


def stale(verdicts: Iterable[Verdict], findings: list[Finding]) -> list[Finding]:
    """Findings that cover no survivor any more: they would hide the next one."""
    used = {finding_of(v.mutant, findings) for v in verdicts if v.outcome == SURVIVED}
    return [finding for finding in findings if finding not in used]


def as_markdown(
    verdicts: list[Verdict],
    findings: list[Finding],
    project: CompiledProject,
    day: date,
    of_all: int | None = None,
    of_each: Mapping[str, int] | None = None,
) -> str:
    """The whole report; `of_all` is how many mutants there are when a sample was tried, `of_each`
    how many there are by subject when some subjects have not been tried yet."""
    layers, subjects, total = tallies(verdicts, findings, project)
    sample = (
        f" A sample that was drawn by chance, {total.tried:,} of {of_all:,} mutants, was tried."
        if of_all
        else _of_those_known(subjects, of_each or {})
    )
    lines = [
        "# Mutation report",
        "",
        f"Written by `make mutants` on {day.isoformat()}; [CONTRIBUTING](../CONTRIBUTING.md) says "
        f"how it is made and read.{sample}",
        "",
        "A mutant is one change to one query. It is killed when a dbt test goes red or the build "
        "stops. The score is killed / (killed + survived): mutants that answer the same as the "
        "model (equivalent) and those that are no valid query (stillborn) are not counted.",
        "",
        *_score_table("layer", [(name, layers[name]) for name in LAYERS if name in layers], total),
        "",
        "## By model",
        "",
        *_score_table("model", sorted(subjects.items()), total),
        "",
        "## By kind of change",
        "",
        *_operator_table(verdicts, findings),
        "",
        "## Survivors",
        "",
        *_survivors(verdicts, findings),
        "",
        "## Equivalents",
        "",
        *_equivalents(verdicts, findings),
        "",
        "## Which tests kill",
        "",
        "The first test that notices, unit tests before data tests.",
        "",
        *_killers(verdicts),
    ]
    return "\n".join(lines) + "\n"


def _of_those_known(subjects: Mapping[str, Tally], of_each: Mapping[str, int]) -> str:
    """Which part of the mutants has been tried; nothing when it is all of them."""
    if not of_each.keys() - subjects.keys():
        return ""
    return (
        f" It is of the {len(subjects)} of {len(of_each)} models and macros of which every mutant "
        f"has been tried: {sum(tally.tried for tally in subjects.values()):,} of "
        f"{sum(of_each.values()):,} mutants."
    )


def _score_table(
    head: str,
    rows: list[tuple[str, Tally]],
    total: Tally,
) -> list[str]:
    lines = [
        f"| {head} | mutants | killed | survived | equivalent | stillborn | score |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, tally in [*rows, ("all", total)]:
        lines.append(
            f"| {name} | {tally.tried} | {tally.killed} | {tally.survived} | {tally.equivalent} "
            f"| {tally.stillborn} | {tally.score:.1%} |"
        )
    return lines


def _operator_table(verdicts: list[Verdict], findings: list[Finding]) -> list[str]:
    by_operator: dict[str, Tally] = defaultdict(Tally)
    total = Tally()
    for verdict in verdicts:
        by_operator[verdict.mutant.operator].add(verdict, findings)
        total.add(verdict, findings)
    return _score_table("change", sorted(by_operator.items()), total)


def _survivors(verdicts: list[Verdict], findings: list[Finding]) -> list[str]:
    lines = []
    for verdict in verdicts:
        if verdict.outcome != SURVIVED or is_equivalent(verdict, findings):
            continue
        finding = finding_of(verdict.mutant, findings)
        reason = finding.reason if finding else "**not looked at yet**"
        lines += [f"- {verdict.mutant.subject}, `{_code(verdict)}`: {reason}"]
    return lines or ["None."]


def _equivalents(verdicts: list[Verdict], findings: list[Finding]) -> list[str]:
    covered: dict[Finding, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.outcome == SURVIVED and is_equivalent(verdict, findings):
            covered[finding_of(verdict.mutant, findings)].append(verdict)
    lines = []
    for finding, found in covered.items():
        subjects = Counter(verdict.mutant.subject for verdict in found)
        named = ", ".join(f"{name} ({number})" for name, number in sorted(subjects.items()))
        lines += [f"- {named}, such as `{_code(found[0])}`: {finding.reason}"]
    return lines or ["None."]


def _killers(verdicts: list[Verdict]) -> list[str]:
    killers = Counter(verdict.by.split(":")[0] for verdict in verdicts if verdict.outcome == KILLED)
    lines = ["| test or error | mutants |", "|---|--:|"]
    return lines + [f"| {name} | {number} |" for name, number in killers.most_common()]


def _code(verdict: Verdict) -> str:
    return verdict.mutant.describe(80).replace("`", "'")
