"""The Web API's chat.* and reactions.* methods, and the answers to a response_url."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.shelf import Thing
from bot.sandbox.slack_api import Call, Method
from bot.sandbox.slack_blocks import MESSAGE_TEXT, plain_words, with_ids, wrong_blocks
from bot.sandbox.slack_messages import on_the_wire
from bot.sandbox.slack_site import SlackSays

MOST_METADATA = 16_000  # characters of JSON
MOST_ATTACHMENTS = 100


def channel_for_writing(call: Call) -> Thing:
    """The channel named in a call, if the bot may write there; a user's id means their direct message."""
    workspace = call.slack.workspace
    (wanted,) = call.needed("channel")
    channel = workspace.shelf.get("channels", wanted)
    if channel is None and workspace.shelf.get("users", wanted):
        channel = workspace.direct_message(wanted)
    named = [c for c in workspace.channels() if c["name"] and f"#{c['name']}" == wanted]
    channel = channel or next(iter(named), None)
    if channel is None:
        raise SlackSays("channel_not_found")
    if channel["is_archived"]:
        raise SlackSays("is_archived")
    if workspace.bot["id"] not in channel["members"]:
        raise SlackSays("channel_not_found" if channel["is_private"] else "not_in_channel")
    return channel


def content(call: Call) -> Thing:
    """The checked content of a message: text, blocks, attachments, metadata; what is absent is left out."""
    found: Thing = {}
    if "text" in call.args:
        found["text"] = call.text("text")
    if "markdown_text" in call.args:
        found |= _markdown(call)
    blocks = call.structure("blocks", "invalid_blocks_format")
    if blocks is not None:
        found["blocks"] = checked_blocks(blocks)
    attachments = call.structure("attachments", "invalid_attachments")
    if attachments is not None:
        found["attachments"] = _checked_attachments(attachments)
    if len(found.get("text", "")) > MESSAGE_TEXT:
        raise SlackSays("msg_too_long")
    return found | _metadata(call)


def checked_blocks(blocks: Any) -> list[Thing]:
    """Blocks Slack accepts, with ids; SlackSays("invalid_blocks") with reasons otherwise."""
    if not isinstance(blocks, list):
        raise SlackSays("invalid_blocks_format", ["[ERROR] blocks must be an array"])
    wrong = wrong_blocks(blocks)
    if wrong:
        raise SlackSays("invalid_blocks", [f"[ERROR] {sentence}" for sentence in wrong])
    return with_ids(blocks)


def by_the_bot(call: Call) -> Thing:
    """The fields that mark a message as the bot's."""
    settings, bot = call.slack.settings, call.slack.workspace.bot
    profile = {"id": settings.bot_id, "app_id": settings.app_id, "name": bot["real_name"], "deleted": False, "updated": 0}
    return {
        "user": bot["id"],
        "bot_id": settings.bot_id,
        "app_id": settings.app_id,
        "bot_profile": profile | {"team_id": settings.team_id},
    }


def post_message(call: Call) -> Thing:
    """chat.postMessage."""
    channel, said = channel_for_writing(call), _something(content(call))
    thread = _thread(call, channel)
    if call.flag("reply_broadcast") and thread:
        thread["subtype"] = "thread_broadcast"
    named = {"username": call.text("username")} if call.text("username") else {}
    message = call.slack.messages.post(channel, by_the_bot(call) | said | thread | named)
    return {"channel": channel["id"], "ts": message["ts"], "message": on_the_wire(message)}


def update(call: Call) -> Thing:
    """chat.update: blocks stay only if no text is given; metadata stays unless given."""
    channel, message = _own_message(call, "cant_update_message")
    changes = _changes(content(call))
    after = message | changes
    if not any(after.get(part) for part in ("text", "blocks", "attachments")):
        raise SlackSays("no_text")
    changes["edited"] = {"user": call.slack.workspace.bot["id"], "ts": call.slack.workspace.stamp()}
    changed = call.slack.messages.edit(channel, message, changes)
    return {"channel": channel["id"], "ts": changed["ts"], "text": changed["text"], "message": on_the_wire(changed)}


def delete(call: Call) -> Thing:
    """chat.delete."""
    channel, message = _own_message(call, "cant_delete_message")
    call.slack.messages.remove(channel, message)
    return {"channel": channel["id"], "ts": message["ts"]}


def post_ephemeral(call: Call) -> Thing:
    """chat.postEphemeral."""
    channel = channel_for_writing(call)
    (user,) = call.needed("user")
    if user not in channel["members"]:
        raise SlackSays("user_not_in_channel")
    said = _something(content(call)) | _thread(call, channel)
    message = call.slack.messages.add(channel, by_the_bot(call) | said, ephemeral_to=user)
    return {"message_ts": message["ts"]}


def get_permalink(call: Call) -> Thing:
    """chat.getPermalink: an address that leads to the message on the sandbox's page."""
    channel_id, ts = call.needed("channel", "message_ts")
    if call.slack.workspace.shelf.get("channels", channel_id) is None:
        raise SlackSays("channel_not_found")
    message = call.slack.messages.find(channel_id, ts)
    if message is None:
        raise SlackSays("message_not_found")
    thread = f"?thread_ts={message['thread_ts']}&cid={channel_id}" if message.get("thread_ts") else ""
    return {"channel": channel_id, "permalink": f"{call.base_url}/archives/{channel_id}/p{ts.replace('.', '')}{thread}"}


def add_reaction(call: Call) -> Thing:
    """reactions.add."""
    name, _, _ = call.needed("name", "channel", "timestamp")
    message = _reacted(call)
    bot, reactions = call.slack.workspace.bot["id"], message.setdefault("reactions", [])
    reaction = next((r for r in reactions if r["name"] == name), None)
    if reaction and bot in reaction["users"]:
        raise SlackSays("already_reacted")
    if reaction is None:
        reaction = {"name": name, "users": [], "count": 0}
        reactions.append(reaction)
    reaction["users"].append(bot)
    reaction["count"] += 1
    call.slack.shelf.put(f"messages/{message['channel']}", message["ts"], message)
    return {}


def remove_reaction(call: Call) -> Thing:
    """reactions.remove."""
    (name,) = call.needed("name")
    message, bot = _reacted(call), call.slack.workspace.bot["id"]
    reaction = next((r for r in message.get("reactions", []) if r["name"] == name and bot in r["users"]), None)
    if reaction is None:
        raise SlackSays("no_reaction")
    reaction["users"].remove(bot)
    reaction["count"] -= 1
    message["reactions"] = [r for r in message["reactions"] if r["count"]]
    call.slack.shelf.put(f"messages/{message['channel']}", message["ts"], message)
    return {}


def get_reactions(call: Call) -> Thing:
    """reactions.get of a message."""
    message = _reacted(call)
    return {"type": "message", "channel": message["channel"], "message": on_the_wire(message)}


def respond(call: Call, answer: Thing) -> None:
    """An answer to a response_url: a new message (ephemeral unless said), or a change of the original one."""
    channel = call.slack.shelf.get("channels", answer["channel"])
    original = call.slack.messages.find(answer["channel"], answer["ts"])
    assert channel is not None
    if call.flag("delete_original") and original:
        call.slack.messages.remove(channel, original)
    elif call.flag("replace_original") and original:
        call.slack.messages.edit(channel, original, {"blocks": None} | _something(content(call)))
    else:
        _say(call, channel, answer)


def _say(call: Call, channel: Thing, answer: Thing) -> None:
    thread_ts = call.text("thread_ts") or answer["thread_ts"]
    said = by_the_bot(call) | _something(content(call)) | ({"thread_ts": thread_ts} if thread_ts else {})
    if call.text("response_type") == "in_channel":
        call.slack.messages.post(channel, said)
    else:
        call.slack.messages.add(channel, said, ephemeral_to=answer["user"])


def _something(said: Thing) -> Thing:
    if not any(said.get(part) for part in ("text", "blocks", "attachments")):
        raise SlackSays("no_text")
    kept = {key: value for key, value in said.items() if value is not None}
    return kept if kept.get("text") else kept | {"text": plain_words(kept.get("blocks", []))}


def _changes(said: Thing) -> Thing:
    """What changes in an edited message; an empty list or object removes what was there."""
    if not said:
        raise SlackSays("no_text")
    blocks = said.get("blocks")
    changes: Thing = {"blocks": None} if "text" in said else {}
    changes |= {key: value or None for key, value in said.items()}
    if "text" in said or blocks:
        changes["text"] = said.get("text") or (plain_words(blocks) if blocks else "")
    return changes


def _markdown(call: Call) -> Thing:
    if "text" in call.args or "blocks" in call.args:
        raise SlackSays("markdown_text_conflict")
    written = call.text("markdown_text")
    if len(written) > 12_000:
        raise SlackSays("msg_too_long")
    return {"text": written, "blocks": with_ids([{"type": "markdown", "text": written}])} if written else {}


def _checked_attachments(attachments: Any) -> list[Thing]:
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise SlackSays("invalid_attachments")
    if len(attachments) > MOST_ATTACHMENTS:
        raise SlackSays("too_many_attachments")
    for one in attachments:
        if one.get("blocks"):
            one["blocks"] = checked_blocks(one["blocks"])
    return attachments


def _metadata(call: Call) -> Thing:
    metadata = call.structure("metadata", "invalid_metadata_format")
    if metadata is None:
        return {}
    if metadata == {}:
        return {"metadata": None}
    sound = isinstance(metadata, dict) and isinstance(metadata.get("event_type"), str)
    if not sound or not isinstance(metadata.get("event_payload"), dict):
        raise SlackSays("invalid_metadata_format")
    if len(json.dumps(metadata)) > MOST_METADATA:
        raise SlackSays("metadata_too_large")
    return {"metadata": metadata}


def _thread(call: Call, channel: Thing) -> Thing:
    """A reply goes to the thread's parent, whichever of its messages was named."""
    if not call.text("thread_ts"):
        return {}
    parent = call.slack.messages.find(channel["id"], call.text("thread_ts"))
    if parent is None or parent.get("ephemeral_to"):
        raise SlackSays("cannot_reply_to_message")
    return {"thread_ts": parent.get("thread_ts") or parent["ts"]}


def _own_message(call: Call, otherwise: str) -> tuple[Thing, Thing]:
    _, ts = call.needed("channel", "ts")
    channel = call.slack.workspace.shelf.get("channels", call.text("channel"))
    if channel is None:
        raise SlackSays("channel_not_found")
    message = call.slack.messages.find(channel["id"], ts)
    if message is None or message.get("ephemeral_to"):
        raise SlackSays("message_not_found")
    if message.get("bot_id") != call.slack.settings.bot_id:
        raise SlackSays(otherwise)
    return channel, message


def _reacted(call: Call) -> Thing:
    channel_id, ts = call.needed("channel", "timestamp")
    if call.slack.workspace.shelf.get("channels", channel_id) is None:
        raise SlackSays("channel_not_found")
    message = call.slack.messages.find(channel_id, ts)
    if message is None:
        raise SlackSays("message_not_found")
    return message


CHAT_METHODS: dict[str, Method] = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": get_permalink,
    "reactions.add": add_reaction,
    "reactions.remove": remove_reaction,
    "reactions.get": get_reactions,
}
