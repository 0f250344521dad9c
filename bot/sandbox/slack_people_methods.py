"""The Web API's methods about who and where: auth.*, users.*, conversations.*, team.info, bots.info, apps.connections.open."""

from __future__ import annotations

import base64
from typing import Any

from bot.sandbox.shelf import Thing
from bot.sandbox.slack_api import Call, Method
from bot.sandbox.slack_site import SlackSays

MOST_LISTED = 1000


def api_test(call: Call) -> Thing:
    """api.test: echoes its arguments; `error` makes it fail."""
    args = {key: value for key, value in call.args.items() if key != "token"}
    if args.get("error"):
        raise SlackSays(str(args["error"]))
    return {"args": args}


def auth_test(call: Call) -> Thing:
    """auth.test."""
    settings, bot = call.slack.settings, call.slack.workspace.bot
    team = {"url": f"{call.base_url}/", "team": settings.team_name, "team_id": settings.team_id}
    return team | {"user": bot["name"], "user_id": bot["id"], "bot_id": settings.bot_id, "is_enterprise_install": False}


def bots_info(call: Call) -> Thing:
    """bots.info."""
    settings, bot = call.slack.settings, call.slack.workspace.bot
    if call.text("bot", settings.bot_id) != settings.bot_id:
        raise SlackSays("bot_not_found")
    icons = {"image_36": "", "image_48": "", "image_72": ""}
    known = {"id": settings.bot_id, "app_id": settings.app_id, "user_id": bot["id"], "name": bot["real_name"]}
    return {"bot": known | {"deleted": False, "updated": 0, "icons": icons}}


def team_info(call: Call) -> Thing:
    """team.info."""
    settings = call.slack.settings
    return {
        "team": {
            "id": settings.team_id,
            "name": settings.team_name,
            "domain": settings.team_domain,
            "email_domain": "example.com",
        }
    }


def connections_open(call: Call) -> Thing:
    """apps.connections.open: the address of a WebSocket on this server, good for one connection."""
    if call.slack.sockets.full:
        raise SlackSays("too_many_websockets")
    host = call.base_url.replace("http", "ws", 1)
    return {"url": f"{host}/slack/socket?ticket={call.slack.sockets.ticket()}&app_id={call.slack.settings.app_id}"}


def users_info(call: Call) -> Thing:
    """users.info."""
    (user_id,) = call.needed("user")
    user = call.slack.workspace.shelf.get("users", user_id)
    if user is None:
        raise SlackSays("user_not_found")
    return {"user": call.slack.workspace.as_slack_user(user, call.flag("include_locale"))}


def users_list(call: Call) -> Thing:
    """users.list."""
    shown = [call.slack.workspace.as_slack_user(user, call.flag("include_locale")) for user in call.slack.workspace.users()]
    page, more = _page(call, shown, 200)
    return {"members": page, "cache_ts": int(call.slack.now().timestamp())} | more


def users_by_email(call: Call) -> Thing:
    """users.lookupByEmail."""
    (email,) = call.needed("email")
    for user in call.slack.workspace.users():
        if user["email"] and user["email"] == email.lower():
            return {"user": call.slack.workspace.as_slack_user(user, with_locale=False)}
    raise SlackSays("users_not_found")


def conversations_open(call: Call) -> Thing:
    """conversations.open: the direct message with one user."""
    workspace = call.slack.workspace
    if call.text("channel"):
        return {"channel": shown(call, _channel(call), call.flag("return_im"))}
    (users,) = call.needed("users")
    named = [one.strip() for one in users.split(",") if one.strip()]
    if any(workspace.shelf.get("users", one) is None for one in named):
        raise SlackSays("user_not_found")
    if len(named) != 1:
        raise SlackSays("not_enough_users" if not named else "method_not_supported_for_channel_type")
    if named[0] == workspace.bot["id"]:
        raise SlackSays("cannot_dm_bot")
    return {
        "channel": shown(call, workspace.direct_message(named[0]), call.flag("return_im")),
        "no_op": True,
        "already_open": True,
    }


def conversations_info(call: Call) -> Thing:
    """conversations.info."""
    channel = _channel(call)
    members = {"num_members": len(channel["members"])} if call.flag("include_num_members") else {}
    return {"channel": shown(call, channel) | members}


def conversations_list(call: Call) -> Thing:
    """conversations.list; by default public channels only."""
    types = {one.strip() for one in call.text("types", "public_channel").split(",")}
    found = [channel for channel in call.slack.workspace.channels() if _type(channel) in types and _visible(call, channel)]
    alive = [channel for channel in found if not (call.flag("exclude_archived") and channel["is_archived"])]
    page, more = _page(call, [shown(call, channel) for channel in alive], 100)
    return {"channels": page} | more


def users_conversations(call: Call) -> Thing:
    """users.conversations: where the bot (or `user`) is a member."""
    member = call.text("user") or call.slack.workspace.bot["id"]
    types = {one.strip() for one in call.text("types", "public_channel").split(",")}
    found = [channel for channel in call.slack.workspace.channels() if _type(channel) in types and member in channel["members"]]
    page, more = _page(call, [shown(call, channel) for channel in found], 100)
    return {"channels": page} | more


def conversations_members(call: Call) -> Thing:
    """conversations.members."""
    page, more = _page(call, list(_channel(call)["members"]), 100)
    return {"members": page} | more


def conversations_join(call: Call) -> Thing:
    """conversations.join: public channels only."""
    channel = _channel(call)
    if channel["is_im"] or channel["is_private"]:
        raise SlackSays("method_not_supported_for_channel_type")
    if channel["is_archived"]:
        raise SlackSays("is_archived")
    here = call.slack.workspace.bot["id"] in channel["members"]
    call.slack.workspace.join(channel, call.slack.workspace.bot["id"])
    warning = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}} if here else {}
    return {"channel": shown(call, channel)} | warning


def conversations_history(call: Call) -> Thing:
    """conversations.history: newest first, without replies in threads."""
    channel = _readable(call)
    own = [m for m in call.slack.messages.in_channel(channel["id"]) if _in_channel_itself(m) and _within(call, m)]
    page, more = _page(call, own[::-1], 100)
    messages = [_with_metadata(call, call.slack.messages.shown(message)) for message in page]
    return {"messages": messages, "pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0} | more


def conversations_replies(call: Call) -> Thing:
    """conversations.replies: the parent, then its replies, oldest first."""
    channel = _readable(call)
    (ts,) = call.needed("ts")
    message = call.slack.messages.find(channel["id"], ts)
    if message is None or message.get("ephemeral_to"):
        raise SlackSays("thread_not_found")
    parent = call.slack.messages.find(channel["id"], message.get("thread_ts", ts)) or message
    replies = [reply for reply in call.slack.messages.thread(channel["id"], parent["ts"]) if _within(call, reply)]
    page, more = _page(call, [parent, *replies], MOST_LISTED)
    return {"messages": [_with_metadata(call, call.slack.messages.shown(one)) for one in page]} | more


def shown(call: Call, channel: Thing, full: bool = True) -> Thing:
    """A channel as Slack shows it to the bot."""
    if not full:
        return {"id": channel["id"]}
    common = {key: channel[key] for key in ("id", "created", "is_archived", "is_im")}
    common |= {"is_org_shared": False, "context_team_id": call.slack.settings.team_id, "is_mpim": False}
    if channel["is_im"]:
        return common | {"user": channel["user"], "is_user_deleted": False, "is_open": True, "priority": 0}
    topic = {"value": channel["topic"], "creator": channel["creator"], "last_set": 0}
    purpose = {"value": channel["purpose"], "creator": channel["creator"], "last_set": 0}
    is_member = call.slack.workspace.bot["id"] in channel["members"]
    kind = {"is_channel": not channel["is_private"], "is_group": channel["is_private"], "is_private": channel["is_private"]}
    name = {"name": channel["name"], "name_normalized": channel["name"], "is_general": channel["name"] == "general"}
    return common | kind | name | {"is_member": is_member, "creator": channel["creator"], "topic": topic, "purpose": purpose,
                                   "num_members": len(channel["members"]), "is_shared": False}  # fmt: skip


def set_thread_note(call: Call) -> Thing:
    """assistant.threads.setStatus, setTitle and setSuggestedPrompts: kept beside the channel for the page to show."""
    channel = _channel(call)
    noted = {key: call.args[key] for key in ("status", "title", "prompts", "thread_ts") if key in call.args}
    note = call.slack.shelf.get("thread_notes", channel["id"]) or {"channel": channel["id"]}
    call.slack.shelf.put("thread_notes", channel["id"], note | noted)
    return {}


def _channel(call: Call) -> Thing:
    (channel_id,) = call.needed("channel")
    channel = call.slack.workspace.shelf.get("channels", channel_id)
    if channel is None or not _visible(call, channel):
        raise SlackSays("channel_not_found")
    return channel


def _readable(call: Call) -> Thing:
    channel = _channel(call)
    if call.slack.workspace.bot["id"] not in channel["members"]:
        raise SlackSays("not_in_channel")
    return channel


def _visible(call: Call, channel: Thing) -> bool:
    return not channel["is_private"] or call.slack.workspace.bot["id"] in channel["members"]


def _type(channel: Thing) -> str:
    return "im" if channel["is_im"] else "private_channel" if channel["is_private"] else "public_channel"


def _in_channel_itself(message: Thing) -> bool:
    in_thread = message.get("thread_ts") not in (None, message["ts"])
    return not in_thread or message.get("subtype") == "thread_broadcast"


def _within(call: Call, message: Thing) -> bool:
    oldest, latest, inclusive = call.text("oldest", "0"), call.text("latest"), call.flag("inclusive")
    ts = _stamp(message["ts"], "ts")
    after, before = _stamp(oldest, "oldest"), _stamp(latest, "latest") if latest else None
    late_enough = ts > after or (inclusive and ts == after)
    return late_enough and (before is None or ts < before or (inclusive and ts == before))


def _stamp(text: str, name: str) -> int:
    seconds, _, rest = text.partition(".")
    if not seconds.isdigit() or (rest and not rest.isdigit()):
        raise SlackSays(f"invalid_ts_{name}")
    return int(seconds) * 1_000_000 + int(rest.ljust(6, "0")[:6])


def _with_metadata(call: Call, message: Thing) -> Thing:
    if not call.flag("include_all_metadata"):
        message.pop("metadata", None)
    return message


def _page(call: Call, everything: list[Any], default: int) -> tuple[list[Any], Thing]:
    start, size = _cursor(call), call.number("limit", default, MOST_LISTED)
    more = len(everything) > start + size
    cursor = base64.b64encode(f"next:{start + size}".encode()).decode() if more else ""
    return everything[start : start + size], {"has_more": more, "response_metadata": {"next_cursor": cursor}}


def _cursor(call: Call) -> int:
    try:
        word, _, start = base64.b64decode(call.text("cursor") or "bmV4dDow", validate=True).decode().partition(":")
        if word == "next":
            return int(start)
    except ValueError:
        pass
    raise SlackSays("invalid_cursor")


PEOPLE_METHODS: dict[str, Method] = {
    "api.test": api_test,
    "auth.test": auth_test,
    "bots.info": bots_info,
    "team.info": team_info,
    "apps.connections.open": connections_open,
    "users.info": users_info,
    "users.list": users_list,
    "users.lookupByEmail": users_by_email,
    "users.conversations": users_conversations,
    "conversations.open": conversations_open,
    "conversations.info": conversations_info,
    "conversations.list": conversations_list,
    "conversations.members": conversations_members,
    "conversations.join": conversations_join,
    "conversations.history": conversations_history,
    "conversations.replies": conversations_replies,
    "assistant.threads.setStatus": set_thread_note,
    "assistant.threads.setTitle": set_thread_note,
    "assistant.threads.setSuggestedPrompts": set_thread_note,
}
