"""A request the local Jira refuses, in the shape Jira itself answers with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

UNKNOWN_ISSUE = "Issue does not exist or you do not have permission to see it."


class JiraProblem(Exception):
    """Refused: `status` is HTTP's, `messages` go to errorMessages, `errors` ({field: reason}) to errors."""

    def __init__(
        self,
        status: int,
        *messages: str,
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__("; ".join([*messages, *(errors or {}).values()]))
        self.status = status
        self.messages = list(messages)
        self.errors = dict(errors or {})
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """Jira's ErrorCollection."""
        return {"errorMessages": self.messages, "errors": self.errors}


def refused_field(field: str, reason: str) -> JiraProblem:
    """400 naming one field."""
    return JiraProblem(400, errors={field: reason})
