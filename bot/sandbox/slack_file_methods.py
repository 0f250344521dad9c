"""Files in the local workspace: the three-step upload, their contents, and the message that shows them."""

from __future__ import annotations

import base64
import mimetypes

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.sandbox.shelf import Thing
from bot.sandbox.slack_api import Call, Method, multipart
from bot.sandbox.slack_chat_methods import by_the_bot, channel_for_writing
from bot.sandbox.slack_messages import on_the_wire
from bot.sandbox.slack_site import Slack, SlackSays

LARGEST = 20_000_000  # bytes


def get_upload_url(call: Call) -> Thing:
    """files.getUploadURLExternal."""
    name, length = call.needed("filename", "length")
    if not length.isdigit() or not 0 < int(length) <= LARGEST:
        raise SlackSays("invalid_arguments", [f"[ERROR] length must be a number from 1 to {LARGEST}"])
    file = new_file(call.slack, name, int(length), call.slack.workspace.bot["id"])
    return {"upload_url": f"{call.base_url}/slack/upload/{file['id']}", "file_id": file["id"]}


def complete_upload(call: Call) -> Thing:
    """files.completeUploadExternal: shares the files in a channel, if one is named."""
    listed = call.structure("files", "invalid_arguments")
    if not isinstance(listed, list) or not listed:
        raise SlackSays("invalid_arguments", ["[ERROR] missing required field: files"])
    files = [_uploaded(call, one) for one in listed]
    if call.text("channel_id"):
        channel = channel_for_writing(Call(call.slack, {"channel": call.text("channel_id")}, call.base_url))
        _share(call, channel, files)
    return {"files": [shown_file(file, call.base_url) for file in files]}


def file_info(call: Call) -> Thing:
    """files.info."""
    (file_id,) = call.needed("file")
    file = call.slack.shelf.get("files", file_id)
    if file is None:
        raise SlackSays("file_not_found")
    return {"file": shown_file(file, call.base_url), "comments": [], "paging": {"count": 0, "total": 0, "page": 1, "pages": 0}}


def new_file(slack: Slack, name: str, size: int, user_id: str, content: bytes | None = None) -> Thing:
    """Keep a file, its content perhaps to come."""
    file: Thing = {"id": f"F{slack.shelf.number('files'):010d}", "name": name, "title": name, "size": size, "user": user_id}
    file |= {"content": None if content is None else base64.b64encode(content).decode(), "created": int(slack.now().timestamp())}
    slack.shelf.put("files", file["id"], file)
    return file


def shown_file(file: Thing, base_url: str) -> Thing:
    """A file as it stands in a message."""
    kind = file["name"].rpartition(".")[2].lower() if "." in file["name"] else "text"
    address = f"{base_url}/slack/files/{file['id']}/{file['name']}"
    own = {key: file[key] for key in ("id", "name", "title", "size", "user", "created")}
    about = {
        "mimetype": mimetypes.guess_type(file["name"])[0] or "application/octet-stream",
        "filetype": kind,
        "pretty_type": kind.upper(),
    }
    return own | about | {"mode": "hosted", "is_external": False, "url_private": address, "url_private_download": address,
                          "permalink": address, "timestamp": file["created"]}  # fmt: skip


class FileDoors:
    """Where file contents come in and go out."""

    def __init__(self, slack: Slack) -> None:
        self.slack = slack

    async def upload(self, request: Request) -> Response:
        """The content of an announced file, raw or as a form."""
        file = self.slack.shelf.get("files", request.path_params["file_id"])
        if file is None or file["content"] is not None:
            return PlainTextResponse("no such upload", 404)
        body, content_type = await request.body(), request.headers.get("content-type", "")
        content = next((part for _, part in multipart(body, content_type)), b"") if "multipart" in content_type else body
        if len(content) != file["size"]:
            return PlainTextResponse(f"announced {file['size']} bytes, got {len(content)}", 400)
        self.slack.shelf.put("files", file["id"], file | {"content": base64.b64encode(content).decode()})
        return PlainTextResponse(f"OK - {len(content)}")

    async def download(self, request: Request) -> Response:
        """The content of a file, for the bot's token or the sandbox's page (same origin)."""
        file = self.slack.shelf.get("files", request.path_params["file_id"])
        if file is None or file["content"] is None:
            return JSONResponse({"ok": False, "error": "file_not_found"}, 404)
        own_page = request.headers.get("sec-fetch-site") == "same-origin"
        if not own_page and request.headers.get("authorization") != f"Bearer {self.slack.settings.bot_token}":
            return JSONResponse({"ok": False, "error": "not_authed"}, 403)
        content_type = mimetypes.guess_type(file["name"])[0] or "application/octet-stream"
        headers = {"content-disposition": "attachment", "x-content-type-options": "nosniff"}
        return Response(base64.b64decode(file["content"]), media_type=content_type, headers=headers)


def _uploaded(call: Call, listed: Thing) -> Thing:
    file = call.slack.shelf.get("files", str(listed.get("id"))) if isinstance(listed, dict) else None
    if file is None or file["content"] is None:
        raise SlackSays("file_not_found")
    file = file | {"title": listed.get("title") or file["name"]}
    call.slack.shelf.put("files", file["id"], file)
    return file


def _share(call: Call, channel: Thing, files: list[Thing]) -> None:
    said = {
        "text": call.text("initial_comment"),
        "files": [shown_file(file, call.base_url) for file in files],
        "subtype": "file_share",
    }
    thread = {"thread_ts": call.text("thread_ts")} if call.text("thread_ts") else {}
    on_the_wire(call.slack.messages.post(channel, by_the_bot(call) | said | thread))


FILE_METHODS: dict[str, Method] = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.info": file_info,
}
