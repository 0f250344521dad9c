"""One python-jira client per thread, made when first needed, with every request's failure told in our words."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakSet

import requests
from jira import JIRA, JIRAError

from bot.adapters.jira_errors import Call, Unreadable, in_our_words

MOST_PAGES = 200
"""A server that never says "last page" must not hold us for ever."""


@dataclass(frozen=True, slots=True)
class JiraAccess:
    """Where Jira is and how to sign in: `email` and `token` on Cloud, `pat` (personal access token) on Data Center.

    `issue_type` and `subtask_type` are names; an empty one is found in the create metadata. `fields` are fixed extra
    fields by id, in plain words or as Jira wants them, e.g. {"priority": "High"}; "{etd}" is filled in from a draft's facts.
    `accounts` is {e-mail: account id or username} for people Jira does not show by e-mail. `timeout` is (connect, read) in
    seconds. `api_version` "" means: "3" on Cloud, "2" on Data Center. `url` may also be the gateway of scoped tokens.
    """

    url: str
    project: str
    email: str = ""
    token: str = field(default="", repr=False)
    pat: str = field(default="", repr=False)
    issue_type: str = ""
    subtask_type: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    ca_file: str = ""
    timeout: tuple[float, float] = (3.0, 10.0)
    api_version: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """What the server says of itself; `base_url` is what people open in a browser."""

    base_url: str
    is_cloud: bool
    api_version: str


class JiraClient:
    """Reads and writes JSON under /rest/api/{version}/; safe for threads; nothing is sent before the first request."""

    def __init__(self, access: JiraAccess) -> None:
        self._access = access
        self._of_thread = threading.local()
        self._all: WeakSet[JIRA] = WeakSet()
        self._site: Site | None = None
        self._lock = threading.Lock()

    @property
    def site(self) -> Site:
        """Asked once and then remembered; a failure is not remembered."""
        with self._lock:
            if self._site is None:
                self._site = self._ask_site()
            return self._site

    def read(self, path: str, call: Call, params: Mapping[str, Any] | None = None) -> Any:
        """The JSON of a GET."""
        return self._send("GET", self.site.api_version, path, call, params=params)

    def ask(self, path: str, body: Mapping[str, Any], call: Call) -> Any:
        """The JSON of a question that is too long for a GET."""
        return self._send("POST", self.site.api_version, path, call, data=json.dumps(body))

    def write(self, method: str, path: str, body: Mapping[str, Any], call: Call) -> Any:
        """The JSON answer ({} where there is none); sent exactly once."""
        return self._send(method, self.site.api_version, path, call, data=json.dumps(body))

    def pages(self, path: str, call: Call, names: tuple[str, ...], params: Mapping[str, Any]) -> Iterator[Any]:
        """The elements of all pages that are counted by startAt; `names` are the keys they may stand under."""
        start = 0
        for _ in range(MOST_PAGES):
            page = self.read(path, call, {**params, "startAt": start})
            found: list[Any] = next((page[name] for name in names if name in page), [])
            yield from found
            start += len(found)
            if not found or start >= int(page.get("total", start)):
                return

    def close(self) -> None:
        """Close the connections of all threads."""
        for client in list(self._all):
            client.close()  # type: ignore[no-untyped-call]  # python-jira left it out
        self._of_thread = threading.local()

    def _ask_site(self) -> Site:
        # "2" is understood by both kinds, before we know which it is
        info = self._send("GET", "2", "serverInfo", Call("ask Jira for its version"))
        is_cloud = info.get("deploymentType") == "Cloud"
        base_url = str(info.get("baseUrl") or self._access.url).rstrip("/")
        return Site(base_url, is_cloud, self._access.api_version or ("3" if is_cloud else "2"))

    def _send(self, method: str, version: str, path: str, call: Call, **kwargs: Any) -> Any:
        with in_our_words(call):
            client = self._client()
            url = f"{client.server_url}/rest/api/{version}/{path}"
            # a followed redirect would turn a POST into a GET; a CA in the environment would go before the session's own
            asked = {"allow_redirects": False, "verify": self._access.ca_file or None, **kwargs}
            return _json(_answer(client._session, method, url, call, **asked), call)

    def _client(self) -> JIRA:
        client: JIRA | None = getattr(self._of_thread, "client", None)
        if client is None:
            client = self._of_thread.client = self._make()
            self._all.add(client)
        return client

    def _make(self) -> JIRA:
        access = self._access
        return JIRA(
            options={"server": access.url, "verify": access.ca_file or True},
            basic_auth=(access.email, access.token) if access.token else None,
            token_auth=access.pat or None,
            get_server_info=False,  # else making the client would already call the server
            max_retries=0,  # its own retry doubles tickets
            timeout=access.timeout,
        )


def _answer(session: requests.Session, method: str, url: str, call: Call, **kwargs: Any) -> requests.Response:
    try:
        return session.request(method, url, **kwargs)
    except JIRAError as error:
        if call.by_element and error.status_code == 400 and error.response is not None and _lists_errors(error.response):
            return error.response
        raise


def _lists_errors(response: requests.Response) -> bool:
    try:
        body = response.json()
    except ValueError:
        return False
    return isinstance(body, dict) and isinstance(body.get("errors"), list)


def _json(answer: requests.Response, call: Call) -> Any:
    if 300 <= answer.status_code < 400:
        raise Unreadable(answer)
    if not answer.content and call.writes:
        return {}
    try:
        found = answer.json()
    except ValueError:
        raise Unreadable(answer) from None
    if not isinstance(found, call.answers):
        raise Unreadable(answer)
    return found
