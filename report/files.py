"""The forms a report is written in."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from report.compose import Issuer, compose
from report.document import Document, Table
from report.national import case_table, national_csv
from report.page import page
from report.pdf import pdf
from report.values import MonthlyReport
from report.workbook import workbook

FORMS = ("html", "pdf", "xlsx", "csv")


@dataclass(frozen=True)
class Written:
    """A month's report in words, in every form."""

    report: MonthlyReport
    issuer: Issuer

    @cached_property
    def document(self) -> Document:
        """What the page, the PDF and the workbook say."""
        return compose(self.report, self.issuer)

    @cached_property
    def cases(self) -> Table:
        """The cases one by one."""
        return case_table(self.report, self.issuer.naming)

    @property
    def name(self) -> str:
        """What its files are called, without their ending."""
        return self.issuer.naming.words("report.file", month=self.report.month.strftime("%Y-%m"))

    def content(self, form: str) -> bytes:
        """Return the report in one of FORMS."""
        words = self.issuer.naming.words
        match form:
            case "html":
                return page(self.document, words).encode()
            case "pdf":
                return pdf(self.document, words)
            case "xlsx":
                return workbook(self.document, self.cases, words)
            case _:
                return national_csv(self.cases)

    def save(self, form: str, folder: Path) -> Path:
        """Write a file in place of an older one, whole or not at all. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.name}.{form}"
        unfinished = folder / f".{file.name}.{os.getpid()}.part"
        try:
            unfinished.write_bytes(self.content(form))
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)
        return file
