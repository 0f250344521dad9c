"""The local Jira calls whoever asked for it when somebody does something at the board, signed as Jira signs its webhooks."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import requests

from bot.sandbox.jira_problem import JiraProblem
from bot.sandbox.shelf import Shelf, Thing

EVENTS = {"comment": "comment_created", "delete": "jira:issue_deleted"}
AGAIN_AFTER = (0.0, 0.2, 1.0)
"""Seconds before each try; Jira repeats a call that was not answered with 2xx, under the same identifier."""


def listen(shelf: Shelf, asked: Thing) -> Thing:
    """Whom to call from now on: {"url", "secret"}; an empty url calls nobody. Only this machine is called."""
    url = str(asked["url"])
    if url and urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
        raise JiraProblem(400, "The sandbox calls 127.0.0.1 only.")
    shelf.put("jira_webhook", "webhook", {"url": url, "secret": str(asked.get("secret", ""))})
    return {"listening": bool(url)}


def call_out(shelf: Shelf, deed: str, issue: Thing, changes: list[Thing]) -> None:
    """Tell whoever listens, in a thread of its own, as the listener may call back."""
    listener = shelf.get("jira_webhook", "webhook")
    if listener and listener["url"]:
        threading.Thread(target=_call, args=(listener, *_told(deed, issue, changes)), name="webhook", daemon=True).start()


def _told(deed: str, issue: Thing, changes: list[Thing]) -> tuple[bytes, dict[str, str]]:
    told = {"timestamp": int(time.time() * 1000), "webhookEvent": EVENTS.get(deed, "jira:issue_updated"),
            "issue": {"id": issue["id"], "key": issue["key"]}, "changelog": {"items": changes}}
    return json.dumps(told).encode(), {"X-Atlassian-Webhook-Identifier": secrets.token_hex(16)}


def _call(listener: Thing, body: bytes, headers: dict[str, str]) -> None:
    signature = hmac.new(listener["secret"].encode(), body, hashlib.sha256).hexdigest()
    sent: dict[str, Any] = headers | {"Content-Type": "application/json", "X-Hub-Signature": f"sha256={signature}"}
    for wait in AGAIN_AFTER:
        time.sleep(wait)
        try:
            if requests.post(listener["url"], data=body, headers=sent, timeout=5).ok:
                return
        except requests.RequestException:
            continue
