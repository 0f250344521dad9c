"""Atlassian's own documents, to check every request of the real client against; see where they are looked for below."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest
import requests
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest
from requests.adapters import HTTPAdapter

ROOT = Path(__file__).parents[3]
MISSING = (
    "ATLASSIAN'S OPENAPI AND ADF DOCUMENTS ARE NOT HERE: requests are not validated. "
    "Put them at $FILINGDESK_SPECS or ../shared/specs."
)


def specs() -> Path | None:
    """The folder of the documents, or None."""
    asked = os.environ.get("FILINGDESK_SPECS")
    folder = Path(asked) if asked else ROOT.parent / "shared" / "specs"
    return folder / "jira" if (folder / "jira").is_dir() else None


@cache
def adf_schema() -> jsonschema.Draft4Validator:
    folder = specs()
    if folder is None:
        pytest.skip(MISSING)
    return jsonschema.Draft4Validator(json.loads((folder / "adf.schema.json").read_text("utf-8")))


@cache
def _document(version: str) -> tuple[dict, OpenAPI]:
    folder = specs()
    assert folder is not None
    spec = json.loads(gzip.decompress((folder / f"openapi-v{version}.json.gz").read_bytes()))
    for item in spec["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("security", None)  # it knows no personal access token; the server checks the sign-in
    return spec, OpenAPI.from_dict(spec, config=Config(spec_validator_cls=None))


class Watched:
    """Every request the client sends, each held against Atlassian's documents first where they are here."""

    def __init__(self) -> None:
        self.requests: list[requests.PreparedRequest] = []

    def sent(self, method: str, ending: str) -> list[dict]:
        """The bodies of the requests with this method whose path ends so."""
        fitting = [r for r in self.requests if r.method == method and urlsplit(r.url).path.endswith(ending)]
        return [json.loads(request.body or "{}") for request in fitting]

    def see(self, request: requests.PreparedRequest) -> None:
        self.requests.append(request)
        if specs() is not None:
            check(request)


@contextmanager
def watched_requests() -> Iterator[Watched]:
    """Look at what leaves through requests' own adapter; the one place the client cannot pass by."""
    watched, send = Watched(), HTTPAdapter.send

    def seen(self: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        watched.see(request)
        return send(self, request, *args, **kwargs)

    HTTPAdapter.send = seen  # type: ignore[method-assign]
    try:
        yield watched
    finally:
        HTTPAdapter.send = send  # type: ignore[method-assign]


def check(request: requests.PreparedRequest) -> None:
    """Raise what Atlassian's document says against this request, and what it cannot say."""
    path = "/rest/api/" + urlsplit(request.url).path.split("/rest/api/", 1)[1]
    version = path.split("/")[3]
    spec, openapi = _document(version)
    at_atlassian = request.copy()
    at_atlassian.url = f"https://your-domain.atlassian.net{path}?{urlsplit(request.url).query}"
    openapi.validate_request(RequestsOpenAPIRequest(at_atlassian))
    operation = _operation(spec, path, request.method.lower())
    assert not operation.get("deprecated") or version == "2", f"{request.method} {path} is deprecated"
    known = {parameter["name"] for parameter in operation.get("parameters", [])}
    unknown = set(parse_qs(urlsplit(request.url).query)) - known
    assert not unknown, f"{request.method} {path} does not know the parameters {unknown}"
    if version == "3":
        _check_documents(json.loads(request.body or "{}"))


def _operation(spec: dict, path: str, method: str) -> dict:
    fitting = [item for template, item in spec["paths"].items() if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)]
    return next(item[method] for item in fitting if method in item)


def _check_documents(body: Any) -> None:
    if isinstance(body, dict):
        for name in ("description", "body"):
            if name in body:
                adf_schema().validate(body[name])
        for each in body.values():
            _check_documents(each)
    if isinstance(body, list):
        for each in body:
            _check_documents(each)
