"""The tree of errors; a class's docstring is its message, its fields fill the gaps.

FilingDeskError
├── BadInput                what a person or a file gave us cannot be used
│   ├── BadFile             a data file is wrong (findings at path:line:column)
│   │   └── UnknownColumns  a table's headings do not say which column is which
│   ├── BadDate             a date cannot be read or is impossible
│   └── NotFound            an id nobody knows
├── NotAllowed              the role does not permit it
├── BadSettings             something needed to start is missing or wrong
├── StoreError
│   ├── StoreDamaged        the journal is damaged elsewhere than at its torn end
│   ├── StoreBusy           another process holds the store
│   ├── StoreStopped        a write failed; nothing more is written
│   └── StoreMisuse         the program asked for an unknown table, a row that is not JSON, a nested transaction
└── ServiceError            Slack or Jira; always one of the four below
    ├── Refused             the service said no for good: ask a person (parked)
    ├── TryLater            the service was not reached or asked us to wait; nothing happened
    ├── OutcomeUnknown      the request left, the answer never came: look before trying again
    └── Gone                the thing named no longer exists there
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Self

ERROR, WARNING = "error", "warning"
"""How grave a finding is."""


class FilingDeskError(Exception):
    """Something went wrong.

    `code` names the sentence "trouble.<code>" of the catalogues and `said` fills its gaps; "" where the message is all there is.
    `field` is the input of a form that is to blame, "" where none is.
    """

    code: str = ""
    said: Mapping[str, object] = MappingProxyType({})
    field: str = ""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])

    def named(self, code: str, **said: object) -> Self:
        """This error, to be told in the reader's language: dates, months and lists as it writes them."""
        self.code, self.said = code, said
        return self

    def at(self, field: str) -> Self:
        """This error, to be told beside an input of the form."""
        self.field = field
        return self


class BadInput(FilingDeskError):
    """This cannot be used as it stands."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One mistake in a file; `line` and `col` count from 1, 0 where the whole file is meant.

    `code` and `said` name it in the reader's language as an error's do; "" where the English words are all there is.
    """

    path: str
    line: int
    col: int
    what: str
    write: str = ""
    """What to write instead; "" where `what` says it all."""
    severity: str = ERROR
    code: str = field(default="", compare=False)
    said: Mapping[str, object] = field(default_factory=dict, compare=False)

    def __str__(self) -> str:
        words = f"{self.what}; {self.write}" if self.write else self.what
        return f"{self.place}: {words}"

    @property
    def place(self) -> str:
        """`path:line:col`, which editors and terminals link."""
        return f"{self.path}:{self.line}:{self.col}"

    def named(self, code: str, **said: object) -> Finding:
        """This finding, to be told in the reader's language; what to write fills the gap `instead`."""
        return replace(self, code=code, said=said)


class BadFile(BadInput):
    """A data file has mistakes.

    `details` are the findings, `findings` the same as lines `path:line:col: what is wrong; what to write`.
    """

    def __init__(self, details: Sequence[Finding]) -> None:
        self.details = list(details)
        self.findings = [str(finding) for finding in self.details]
        super().__init__("\n".join(self.findings))


class UnknownColumns(BadFile):
    """The headings do not say which column is which.

    `headings` are the table's own, `guess` our column to the heading it probably is.
    """

    def __init__(self, details: Sequence[Finding], headings: Sequence[str], guess: Mapping[str, str]) -> None:
        self.headings, self.guess = tuple(headings), dict(guess)
        super().__init__(details)


class BadDate(BadInput):
    """This is not a date; write it as 2026-12-31."""


class NotFound(BadInput):
    """Nothing is known under this id."""


class NotAllowed(FilingDeskError):
    """Your role does not allow this."""


class BadSettings(FilingDeskError):
    """A setting is missing or wrong."""


class StoreError(FilingDeskError):
    """The store cannot be used."""


class StoreDamaged(StoreError):
    """The store's journal is damaged; restore a backup."""


class StoreBusy(StoreError):
    """Another process uses this data folder; stop it first or choose another folder."""


class StoreStopped(StoreError):
    """A write to the store failed; nothing more is written until a restart."""


class StoreMisuse(StoreError):
    """The program asked the store for something it does not do."""


class ServiceError(FilingDeskError):
    """Slack or Jira did not do it."""


class Refused(ServiceError):
    """The service refused; a person must change something.

    `fields` names what was refused, as {field: reason}, where the service said so.
    """

    def __init__(self, message: str = "", fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class TryLater(ServiceError):
    """The service cannot be reached or asks us to wait; nothing happened there.

    `after_seconds` is what the service asked for, or None where it did not say; `alone` where only this one thing has to wait.
    """

    def __init__(self, message: str = "", after_seconds: float | None = None, *, alone: bool = False) -> None:
        super().__init__(message)
        self.after_seconds = after_seconds
        self.alone = alone


class OutcomeUnknown(ServiceError):
    """The request left but no answer came; it may or may not have happened."""


class Gone(ServiceError):
    """It no longer exists at the service."""
