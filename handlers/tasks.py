"""The door for single tasks: chosen from a plan, changed in a form: done with evidence, given to somebody, commented on."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.desk.records import colleague, task_of
from bot.errors import NotAllowed
from bot.flows.change_task import TaskChange, change_task
from bot.replies.tasks import task_form
from handlers.office import Body, Office, value_of
from handlers.views import filled_in, form_view


@dataclass(frozen=True)
class TaskDoor:
    """What can be knocked for about one task."""

    office: Office

    def wanted(self, ack: Ack, body: Body, client: WebClient) -> None:
        """A task was chosen in the list below a plan, or asked back about."""
        ack()
        by, task, desk = self.office.who(body), task_of(self.office.desk.store, value_of(body)), self.office.desk
        form = task_form(desk.words, by.lang, task, colleague(desk.store, task.owner), task.ticket)
        client.views_open(trigger_id=body["trigger_id"], view=form_view(form))

    def changed(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """Its form was sent."""
        by, shown, said = self.office.who(body), json.loads(view["private_metadata"]), filled_in(view)
        try:
            change_task(self.office.desk, shown["task"], self._change(f"form:{view['id']}", shown, said), by, self.office.now())
        except NotAllowed as error:
            ack(response_action="errors", errors={"state": str(error)})
            return
        ack()  # only now: what is acknowledged is durable
        self.office.waker.kick()

    def _change(self, key: str, shown: dict[str, str], said: dict[str, str]) -> TaskChange:
        """Only what was changed in the form: what it showed may have become another meanwhile, and stays so."""
        touched = {name: said.get(name, "") for name in ("state", "owner", "evidence") if said.get(name, "") != shown[name]}
        if "owner" in touched:
            self.office.know(touched["owner"])
        done = touched["state"] == "done" if "state" in touched else None
        return TaskChange(key, done, touched.get("owner"), touched.get("evidence"), said.get("comment", ""))


def register(app: App, office: Office) -> None:
    """Open this door."""
    door = TaskDoor(office)
    app.action(re.compile(r"^change_task(:|$)"))(door.wanted)
    app.view("change_task")(door.changed)
