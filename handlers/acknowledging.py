"""An acknowledgement, once given, stays given, whatever happens to the listener afterwards."""

from __future__ import annotations

from collections.abc import Callable

from slack_bolt import Ack, App, BoltContext, BoltResponse


class LastingAck(Ack):
    """Bolt takes back what was acknowledged when the listener fails within the next 10 ms; the person then sees a timeout."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Bolt's has no annotations

    @property
    def response(self) -> BoltResponse | None:
        """What Slack is answered; None while not acknowledged."""
        return self.__dict__.get("response")

    @response.setter
    def response(self, response: BoltResponse | None) -> None:
        if response is not None:
            self.__dict__["response"] = response


def register(app: App) -> None:
    """Open before all doors."""

    @app.middleware
    def lasting(context: BoltContext, next_: Callable[[], None]) -> None:
        context["ack"] = LastingAck()
        next_()
