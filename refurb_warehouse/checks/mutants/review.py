"""What people have found out about mutants that no test kills: reviewed.yml, beside this file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from refurb_warehouse.checks.mutants.generation import Mutant

REVIEWED = Path(__file__).with_name("reviewed.yml")
EQUIVALENT, KNOWN_GAP = "equivalent", "known gap"


@dataclass(frozen=True)
class Finding:
    """Mutants of some subjects that make one kind of change, what they are, and why."""

    subjects: tuple[str, ...]
    operator: str
    before: str
    after: str
    within: str
    verdict: str
    reason: str

    def covers(self, mutant: Mutant) -> bool:
        """Whether the mutant is one of these; the texts are regular expressions."""
        return (
            (not self.subjects or mutant.subject in self.subjects)
            and re.fullmatch(self.operator, mutant.operator) is not None
            and re.fullmatch(self.before, mutant.before) is not None
            and re.fullmatch(self.after, mutant.after) is not None
            and re.fullmatch(self.within, mutant.within) is not None
        )

    def __str__(self) -> str:
        """The finding as its file spells it, on one line."""
        return f"{', '.join(self.subjects)}: {self.operator}: {self.before} -> {self.after}"


def read_findings(path: Path = REVIEWED) -> list[Finding]:
    """The reviewed findings; a mistake in the file is an error that names the entry."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    findings = []
    for number, entry in enumerate(entries, start=1):
        try:
            finding = Finding(
                subjects=tuple(entry["subjects"]),
                operator=entry["operator"],
                before=entry.get("before", ".*"),
                after=entry.get("after", ".*"),
                within=entry.get("within", ".*"),
                verdict=entry["verdict"],
                reason=" ".join(entry["reason"].split()),
            )
        except KeyError as missing:
            raise ValueError(f"{path.name}, entry {number}: {missing} is missing.") from None
        if finding.verdict not in (EQUIVALENT, KNOWN_GAP):
            raise ValueError(
                f"{path.name}, entry {number}: verdict '{finding.verdict}' is neither "
                f"'{EQUIVALENT}' nor '{KNOWN_GAP}'."
            )
        findings.append(finding)
    return findings


def finding_of(mutant: Mutant, findings: list[Finding]) -> Finding | None:
    """The first finding that covers the mutant."""
    return next((finding for finding in findings if finding.covers(mutant)), None)
