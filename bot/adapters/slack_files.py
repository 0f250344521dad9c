"""Files people hand over in Slack, fetched with the bot's token: bounded in size, and from Slack's own hosts only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from bot.errors import BadInput, Refused, TryLater

LARGEST = 20_000_000
"""Bytes; a table of 50,000 shipments has about a quarter of them."""
TIMEOUT = (3, 10)
CHUNK = 65_536
Shown = Mapping[str, Any]
"""A file as it stands in a message."""


class SlackFiles:
    """Fetches files; `base_url` is the Web API's, so that a local Slack's files count as its own."""

    def __init__(self, token: str, base_url: str, largest: int = LARGEST) -> None:
        self._token, self._home, self._largest = token, urlsplit(base_url).netloc, largest

    def fetch(self, file: Shown) -> bytes:
        """The file's content. BadInput says why a file cannot be taken, TryLater and Refused are Slack's."""
        url, name = str(file.get("url_private_download") or file.get("url_private") or ""), str(file.get("name") or "the file")
        if not self._is_slacks(url):  # the token must not travel anywhere else
            raise BadInput(f"{name} is not kept in Slack itself; upload it here.").named("file_elsewhere", name=name)
        if int(file.get("size") or 0) > self._largest:
            raise self._too_large(name)
        try:
            return self._read(url, name)
        except requests.RequestException:
            raise TryLater(f"Slack did not hand out {name}; please send it again.").named("file_not_now", name=name) from None

    def _is_slacks(self, url: str) -> bool:
        place = urlsplit(url)
        return place.netloc == self._home or (place.scheme == "https" and str(place.hostname).endswith(".slack.com"))

    def _read(self, url: str, name: str) -> bytes:
        headers = {"Authorization": f"Bearer {self._token}"}
        with requests.get(url, headers=headers, timeout=TIMEOUT, stream=True, allow_redirects=False) as answer:
            if answer.status_code != 200 or answer.headers.get("Content-Type", "").startswith("text/html"):
                # without the scope Slack answers with its sign-in page
                raise Refused(f"Slack does not hand out {name}; does the app have the scope files:read?").named(
                    "file_refused", name=name)
            content = bytearray()
            for chunk in answer.iter_content(CHUNK):
                content += chunk
                if len(content) > self._largest:
                    raise self._too_large(name)
            return bytes(content)

    def _too_large(self, name: str) -> BadInput:
        most = self._largest // 1_000_000
        said = f"{name} is larger than {most} MB; split it or leave out what is not needed."
        return BadInput(said).named("upload_too_large", name=name, most=most)
