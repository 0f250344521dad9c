"""The people and channels of the local workspace, and how they are found by id or by the name a person would write."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import BadInput, NotFound
from bot.sandbox.shelf import Shelf, Thing

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PALETTE = ("4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "2b6836", "684b6c", "9b3b45", "d55aef", "8469bc", "bd9336")


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """Secrets the bot and this server share, and how patient the server is; waits are in seconds."""

    signing_secret: str
    bot_token: str
    app_token: str = ""
    events_url: str | None = None
    """Where events go over HTTP when no Socket Mode client is connected; None: Socket Mode only."""
    ack_seconds: float = 3.0
    retry_delays: tuple[float, ...] = (0.3, 1.0, 3.0)
    socket_wait: float = 2.0
    """How long a delivery waits for a Socket Mode client to come (back)."""
    team_id: str = "T0LUMENGATE"
    team_name: str = "Lumen Gate Security"
    team_domain: str = "lumen-gate"
    app_id: str = "A0FILINGDESK"
    bot_id: str = "B0FILINGDESK"
    verification_token: str = "verification-of-the-sandbox"  # noqa: S105 -- not a secret: Slack retired this check


class Workspace:
    """Users, channels and direct messages; `now` is the sandbox's clock (aware, UTC)."""

    def __init__(self, shelf: Shelf, now: Callable[[], datetime], settings: SlackSettings) -> None:
        self.shelf = shelf
        self.now = now
        self.settings = settings
        self._last_stamp = 0

    def seed(self, company: Mapping[str, Any]) -> None:
        """Move the company in, unless somebody lives here already."""
        if not any(self.shelf.every("users")):
            for person in company["users"]:
                self._add_user(person)
            for channel in company["channels"]:
                self._add_channel(channel)
            for person in self.people():
                self.direct_message(person["id"])

    def users(self) -> Iterator[Thing]:
        """Everybody, bot included."""
        return self.shelf.every("users")

    def people(self) -> list[Thing]:
        """Everybody but bots."""
        return [user for user in self.users() if not user["is_bot"]]

    @property
    def bot(self) -> Thing:
        """The bot user."""
        return next(user for user in self.users() if user["is_bot"])

    def channels(self) -> Iterator[Thing]:
        """Channels and direct messages."""
        return self.shelf.every("channels")

    def user(self, reference: object) -> Thing:
        """The user meant by an id, handle, name or e-mail; NotFound names the known ones."""
        wanted = str(reference or "").strip().removeprefix("<").removesuffix(">").removeprefix("@").casefold()
        for user in self.users():
            if wanted in (user["id"].casefold(), user["name"], user["real_name"].casefold(), user["email"]):
                return user
        known = ", ".join(user["name"] for user in self.users())
        raise NotFound(f"Nobody here is called {str(reference)!r}; known are {known}.")

    def channel(self, reference: object, user: Thing | None = None) -> Thing:
        """The channel meant by an id, "#name" or a user's name (their direct message with the bot)."""
        wanted = str(reference or "").strip()
        found = self.shelf.get("channels", wanted.upper()) or self._by_name(wanted.lstrip("#").casefold())
        return found or self._direct_by_name(wanted, user)

    def direct_message(self, user_id: str) -> Thing:
        """The direct message between this user and the bot, opened if need be."""
        for channel in self.channels():
            if channel["is_im"] and channel["user"] == user_id:
                return channel
        channel_id = "D" + user_id[1:]
        members = [user_id, self.bot["id"]]
        return self._keep_channel(channel_id, {"name": "", "is_im": True, "user": user_id, "members": members})

    def join(self, channel: Thing, user_id: str) -> None:
        """Make the user a member."""
        if user_id not in channel["members"]:
            channel["members"].append(user_id)
            self.shelf.put("channels", channel["id"], channel)

    def as_slack_user(self, user: Thing, with_locale: bool = True) -> Thing:
        """The user as users.info shows it."""
        shown = _slack_user(user, self.settings.team_id, self._offset(user))
        if not with_locale:
            shown.pop("locale")
        return shown

    def stamp(self, after: int = 0) -> str:
        """The present as a Slack timestamp, "seconds.micros", later than `after` (µs) and every one given before.

        So no two are the same, even while the clock stands still.
        """
        self._last_stamp = max(micros(self.now()), self._last_stamp + 1, after + 1)
        return as_stamp(self._last_stamp)

    def _offset(self, user: Thing) -> int:
        offset = self.now().astimezone(ZoneInfo(user["tz"])).utcoffset() or timedelta(0)
        return int(offset.total_seconds())

    def _by_name(self, name: str) -> Thing | None:
        named = (channel for channel in self.channels() if name and channel["name"] == name)
        return next(named, None)

    def _direct_by_name(self, wanted: str, user: Thing | None) -> Thing:
        try:
            person = self.user(wanted) if wanted != "dm" else self.bot
        except NotFound:
            known = ", ".join(f"#{channel['name']}" for channel in self.channels() if channel["name"])
            raise NotFound(
                f"There is no channel {wanted!r}; known are {known}, and a user's name for their direct message."
            ) from None
        if person["is_bot"] and user is None:
            raise BadInput("Say whose direct message with the bot: name the user.")
        return self.direct_message(user["id"] if person["is_bot"] and user else person["id"])

    def _add_user(self, person: Mapping[str, Any]) -> None:
        number = sum(1 for _ in self.users())
        user = {"id": person.get("id") or _made_id("U", person["name"]), "color": PALETTE[number % len(PALETTE)]}
        defaults = {"title": "", "role": "", "tz": "Asia/Shanghai", "locale": "en-US", "email": "", "is_bot": False}
        user |= {"real_name": person["name"], "is_admin": False, "deleted": False} | defaults | dict(person)
        self.shelf.put("users", user["id"], user)

    def _add_channel(self, channel: Mapping[str, Any]) -> None:
        members = [self.user(name)["id"] for name in channel.get("members") or [user["id"] for user in self.users()]]
        channel_id = channel.get("id") or _made_id("C", channel["name"])
        self._keep_channel(channel_id, {"is_im": False, "user": ""} | dict(channel) | {"members": members})

    def _keep_channel(self, channel_id: str, facts: Mapping[str, Any]) -> Thing:
        defaults = {"topic": "", "purpose": "", "is_archived": False, "is_private": False, "creator": self.bot["id"]}
        channel = {"id": channel_id, "created": int(self.now().timestamp())} | defaults | dict(facts)
        self.shelf.put("channels", channel_id, channel)
        return channel


def micros(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def as_stamp(value: int) -> str:
    """Microseconds as a Slack timestamp."""
    return f"{value // 1_000_000}.{value % 1_000_000:06d}"


def kind_of(channel: Thing) -> str:
    """The channel_type of an event: im, group or channel."""
    if channel["is_im"]:
        return "im"
    return "group" if channel["is_private"] else "channel"


def _made_id(letter: str, name: str) -> str:
    return letter + "0" + re.sub(r"[^A-Z0-9]", "0", name.upper())[:9].ljust(9, "0")


def _slack_user(user: Thing, team_id: str, offset: int) -> Thing:
    own = {key: user[key] for key in ("id", "name", "deleted", "color", "real_name", "tz", "is_bot", "is_admin", "locale")}
    profile = {key: user[key] for key in ("title", "email", "real_name")}
    profile |= {"display_name": user["name"], "display_name_normalized": user["name"], "phone": "", "skype": "", "team": team_id}
    profile |= {"real_name_normalized": user["real_name"], "status_text": "", "status_emoji": "", "avatar_hash": ""}
    rest = {"team_id": team_id, "tz_label": user["tz"], "tz_offset": offset, "updated": 0, "is_app_user": False}
    return own | rest | {"is_owner": False, "is_restricted": False, "is_ultra_restricted": False, "profile": profile}
