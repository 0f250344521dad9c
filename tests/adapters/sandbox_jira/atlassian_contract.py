"""Atlassian's OpenAPI documents, as a check on every answer the local Jira gives and every request the real client makes."""

from __future__ import annotations

import gzip
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.paths.exceptions import PathNotFound
from openapi_core.templating.responses.exceptions import ResponseNotFound
from requests import PreparedRequest, Response

ANYWHERE = "http://jira.example"
UNDOCUMENTED = frozenset({401, 403, 404, 405, 410, 413, 415, 429, 503})
"""Real statuses the document leaves out for some operations."""
LEFT_OUT = ("/issuetype",)
"""Real resources the shortened document leaves out."""
JIRAS_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")
"""Jira writes +0000 where the document's format "date-time" would have +00:00."""


def specs() -> Path | None:
    """The folder of the documents; None where there is none."""
    beside = Path(__file__).parents[4] / "shared" / "specs"
    folder = Path(os.environ.get("FILINGDESK_SPECS", beside)) / "jira"
    return folder if (folder / "openapi-v3.json.gz").exists() else None


@cache
def document(version: str) -> dict[str, Any]:
    """Atlassian's document of version "2" or "3"."""
    folder = specs()
    assert folder is not None
    return json.loads(gzip.decompress((folder / f"openapi-v{version}.json.gz").read_bytes()))


class Contract:
    """One version of the document, whatever address it is served at."""

    def __init__(self, version: str) -> None:
        formats = {"date-time": lambda value: JIRAS_DATE_TIME.fullmatch(str(value)) is not None}
        config = Config(spec_validator_cls=None, extra_format_validators=formats)
        self.api = OpenAPI.from_dict({**document(version), "servers": [{"url": ANYWHERE}]}, config=config)
        self.checked: list[str] = []

    def check_answer(self, request: PreparedRequest, response: Response) -> None:
        """AssertionError where the document does not allow this answer."""
        line = f"{request.method} {request.url} -> {response.status_code}"
        try:
            self.api.validate_response(_anywhere(request), RequestsOpenAPIResponse(response))
        except (ResponseNotFound, PathNotFound) as missing:
            left_out = response.status_code in UNDOCUMENTED or str(request.url).endswith(LEFT_OUT)
            assert left_out, f"{line}: {missing}"
        except OpenAPIError as problem:
            if response.status_code != 204:  # a 204 has no body to be of any type
                raise AssertionError(f"{line}: {_story(problem)}: {response.text[:500]}") from problem
        self.checked.append(line)

    def check_request(self, request: PreparedRequest) -> None:
        """AssertionError where the document does not allow this request."""
        try:
            self.api.validate_request(_anywhere(request))
        except OpenAPIError as problem:
            raise AssertionError(f"{request.method} {request.url} {request.body!r}: {_story(problem)}") from problem


@cache
def contract(version: str) -> Contract:
    """The contract of version "2" or "3"; building one takes a while."""
    return Contract(version)


def _anywhere(request: PreparedRequest) -> RequestsOpenAPIRequest:
    moved = request.copy()
    moved.url = ANYWHERE + "/rest/api/" + str(request.url).partition("/rest/api/")[2]
    return RequestsOpenAPIRequest(moved)


def _story(problem: BaseException | None) -> str:
    return "" if problem is None else f"{problem} <- {_story(problem.__cause__)}"
