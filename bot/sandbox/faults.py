"""How the two local servers misbehave on demand: the next N requests of a service meet the fault that was ordered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

KINDS = ("drop_response", "status_429", "status_503", "delay", "redeliver", "disconnect")
"""drop_response: the work is done, the answer lost. disconnect: the connection breaks before the work (or the socket closes).
delay: the answer comes `seconds` late. redeliver: the next event is delivered twice (Slack only)."""


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
    """The faults ordered and not yet met, per service ("slack", "jira")."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Fault]] = {"slack": [], "jira": []}

    def order(self, service: str, fault: Fault) -> None:
        """Let the next `fault.count` requests of the service meet it."""
        self._waiting[service].append(fault)

    def clear(self) -> None:
        """Forget every fault not yet met."""
        for waiting in self._waiting.values():
            waiting.clear()

    def meet(self, service: str, request: str, kinds: tuple[str, ...] = KINDS) -> Fault | None:
        """The fault this request ("POST /path") meets, counted down; None for none."""
        for fault in self._waiting[service]:
            if fault.kind in kinds and fault.match in request:
                fault.count -= 1
                if fault.count <= 0:
                    self._waiting[service].remove(fault)
                return fault
        return None

    def as_json(self) -> dict[str, list[dict[str, Any]]]:
        """What is still waiting."""
        return {service: [vars(fault) for fault in waiting] for service, waiting in self._waiting.items()}
