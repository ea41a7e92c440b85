"""What an import read, wrote and left out: printed, and kept beside the tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import wrap

from refurb_warehouse.importers.writing import REPORT_TITLE


@dataclass
class Report:
    """Counts of one import, in the order in which they were taken."""

    source: str
    read: dict[str, int] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    noted: dict[str, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The whole report, ready to print."""
        lines = [f"{REPORT_TITLE}: {self.source}"]
        for title, counts in [
            ("rows read", self.read),
            ("rows written", self.written),
            ("left out", self.left_out),
            ("worth knowing", self.noted),
        ]:
            if counts:
                lines += ["", title, *(f"{rows:>12,}  {what}" for what, rows in counts.items())]
        for remark in self.remarks:
            lines += ["", *wrap(remark, width=100, break_on_hyphens=False)]
        return "\n".join(lines) + "\n"
