"""The open modals of each user, as a stack of at most three, and each user's App Home."""

from __future__ import annotations

import secrets
from copy import deepcopy
from typing import Any

from bot.sandbox.shelf import Thing
from bot.sandbox.slack_blocks import with_ids
from bot.sandbox.slack_inputs import initial_state
from bot.sandbox.slack_workspace import Workspace

DEEPEST = 3  # modals on one another


class Views:
    """Modal and Home views; a view is kept as Slack shows it, plus "owner"."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.shelf = workspace.shelf

    def get(self, view_id: object) -> Thing | None:
        """The view with this id, open or published."""
        return self.shelf.get("views", str(view_id))

    def by_external_id(self, external_id: str) -> Thing | None:
        """The view the app itself named so."""
        return next((view for view in self.shelf.every("views") if external_id and view["external_id"] == external_id), None)

    def stack(self, user_id: str) -> list[str]:
        """Ids of the user's open modals, top one last."""
        return list((self.shelf.get("stacks", user_id) or {"ids": []})["ids"])

    def open_modal(self, user_id: str) -> Thing | None:
        """The modal the user sees, or None."""
        stack = self.stack(user_id)
        return self.get(stack[-1]) if stack else None

    def home(self, user_id: str) -> Thing | None:
        """The user's published App Home, or None."""
        return self.get((self.shelf.get("homes", user_id) or {"id": ""})["id"])

    def open(self, user_id: str, draft: Thing) -> Thing:
        """Open a modal in place of whatever the user had open."""
        self.close_all(user_id)
        return self.push(user_id, draft)

    def push(self, user_id: str, draft: Thing) -> Thing:
        """Lay a modal on top of the open ones."""
        stack = self.stack(user_id)
        view = self._new(user_id, draft)
        view |= {"previous_view_id": stack[-1] if stack else None, "root_view_id": stack[0] if stack else view["id"]}
        self._keep(view)
        self._set_stack(user_id, [*stack, view["id"]])
        return view

    def update(self, view: Thing, draft: Thing) -> Thing:
        """Replace a view's content; what was typed in blocks of the same id stays."""
        typed = view["state"]["values"]
        view |= self._content(draft)
        fresh = initial_state(view["blocks"])
        kept = {block: {a: typed.get(block, {}).get(a, v) for a, v in answers.items()} for block, answers in fresh.items()}
        view["state"] = {"values": kept}
        self._keep(view)
        return view

    def publish(self, user_id: str, draft: Thing) -> Thing:
        """Set the user's App Home."""
        view = self.home(user_id)
        if view:
            return self.update(view, draft)
        view = self._new(user_id, draft)
        self._keep(view)
        self.shelf.put("homes", user_id, {"id": view["id"]})
        return view

    def keep_state(self, view: Thing, values: Thing) -> None:
        """Remember what the user has entered so far."""
        view["state"] = {"values": values}
        self._keep(view, fresh_hash=False)

    def close(self, view: Thing) -> None:
        """Close one modal; the one below it shows again."""
        self.shelf.remove("views", view["id"])
        self._set_stack(view["owner"], [view_id for view_id in self.stack(view["owner"]) if view_id != view["id"]])

    def close_all(self, user_id: str) -> None:
        """Close every modal of a user."""
        for view_id in self.stack(user_id):
            self.shelf.remove("views", view_id)
        self._set_stack(user_id, [])

    def _new(self, user_id: str, draft: Thing) -> Thing:
        settings = self.workspace.settings
        view_id = f"V{self.shelf.number('views'):010d}"
        ours: Thing = {"id": view_id, "team_id": settings.team_id, "app_id": settings.app_id, "bot_id": settings.bot_id}
        ours |= {"owner": user_id, "app_installed_team_id": settings.team_id, "previous_view_id": None, "root_view_id": view_id}
        content = self._content(draft)
        return ours | content | {"state": {"values": initial_state(content["blocks"])}}

    @staticmethod
    def _content(draft: Thing) -> Thing:
        defaults: Thing = {
            "title": None,
            "submit": None,
            "close": None,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
        }
        content = defaults | {"clear_on_close": False, "notify_on_close": False} | deepcopy(draft)
        content["blocks"] = with_ids(content["blocks"])
        return content

    def _keep(self, view: Thing, fresh_hash: bool = True) -> None:
        if fresh_hash:
            view["hash"] = f"{self.workspace.stamp().split('.')[0]}.{secrets.token_hex(4)}"
        self.shelf.put("views", view["id"], view)

    def _set_stack(self, user_id: str, ids: list[str]) -> None:
        if ids != self.stack(user_id):
            self.shelf.put("stacks", user_id, {"ids": ids})


def view_on_the_wire(view: Thing) -> dict[str, Any]:
    """A copy of the view as Slack shows it to the app."""
    return {key: deepcopy(value) for key, value in view.items() if key != "owner"}
