"""How the two local servers misbehave on demand: the next N requests of a service meet the fault that was ordered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from bot.errors import BadInput

KINDS = ("drop_response", "status_429", "status_503", "delay", "redeliver", "disconnect")
"""drop_response: the work is done, the answer lost. disconnect: the connection breaks before the work (or the socket closes).
delay: the answer comes `seconds` late. redeliver: the next event is delivered twice (Slack only)."""

ONLY_JIRA = ("status_401", "status_403", "status_404", "status_409", "status_413", "status_500", "status_502",
             "web_page", "stall")
"""An answer with this status and nothing done; web_page: a page with status 200 as a login or proxy shows it, nothing done;
stall: nothing for `seconds`, then the connection breaks, nothing done."""

SERVICES = ("slack", "jira")

SLACK_WRITES = ("/chat.", "/views.", "/conversations.open", "/files.complete", "/reactions.add")
"""Slack is asked by POST for everything, so what writes is known by its name."""


@dataclass
class Fault:
    """One ordered fault; `count` requests are left to meet it."""

    kind: str
    count: int = 1
    retry_after: str = "1"
    seconds: float = 1.0
    match: str = ""
    """Only requests whose "METHOD path" contains this text; "" for writes of any kind."""


class Faults:
    """The faults ordered and not yet met, per service ("slack", "jira"); safe for threads."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Fault]] = {service: [] for service in SERVICES}
        self._lock = Lock()

    def order(self, service: str, fault: Fault) -> None:
        """Let the next `fault.count` requests of the service meet it."""
        with self._lock:
            self._waiting[service].append(fault)

    def clear(self) -> None:
        """Forget every fault not yet met."""
        with self._lock:
            for waiting in self._waiting.values():
                waiting.clear()

    def meet(self, service: str, request: str, kinds: tuple[str, ...] = KINDS) -> Fault | None:
        """The fault this request ("POST /path") meets, counted down; None for none."""
        with self._lock:
            for fault in self._waiting[service]:
                if fault.kind in kinds and _fits(fault, request):
                    self._count_down(service, fault)
                    return fault
        return None

    def as_json(self) -> dict[str, list[dict[str, Any]]]:
        """What is still waiting."""
        with self._lock:
            return {service: [dict(vars(fault)) for fault in waiting] for service, waiting in self._waiting.items()}

    def _count_down(self, service: str, fault: Fault) -> None:
        fault.count -= 1
        if fault.count <= 0:
            self._waiting[service].remove(fault)


def _fits(fault: Fault, request: str) -> bool:
    return fault.match in request if fault.match else is_write(request)


def is_write(request: str) -> bool:
    """Whether "METHOD path" changes something; deliveries to the bot ("EVENT …", "SOCKET …") count as such."""
    method, _, path = request.partition(" ")
    if method in ("GET", "HEAD", "OPTIONS"):
        return False
    if path.startswith("/slack/api/"):
        return any(name in path for name in SLACK_WRITES) and not path.endswith("/chat.getPermalink")
    return "/search" not in path  # Jira searches by POST too


def fault_from(body: Mapping[str, Any]) -> tuple[str, Fault]:
    """The service and the fault a caller orders; BadInput says what to write instead."""
    service = _one_of(body, "service", SERVICES)
    kind = _one_of(body, "kind", KINDS + (ONLY_JIRA if service == "jira" else ()))
    count = _number(body, "count", 1, 1, 1000)
    seconds = _number(body, "seconds", 1.0, 0, 60)
    retry_after = str(body.get("retry_after") or "1")
    return service, Fault(kind, int(count), retry_after, seconds, str(body.get("match") or ""))


def _one_of(body: Mapping[str, Any], name: str, choices: tuple[str, ...]) -> str:
    if body.get(name) in choices:
        return str(body[name])
    raise BadInput(f'"{name}" is {body.get(name)!r}; write one of {", ".join(choices)}.')


def _number(body: Mapping[str, Any], name: str, default: float, least: float, most: float) -> float:
    value = body.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise BadInput(f'"{name}" is {value!r}; write a number from {least:g} to {most:g}.')
    return float(value)
