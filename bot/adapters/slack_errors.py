"""From what slack_sdk raises to our errors: refused, later, outcome unknown, gone; in sentences, without tokens or dumps."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
from collections.abc import Callable
from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.errors import Gone, OutcomeUnknown, Refused, ServiceError, TryLater

GONE = {"channel_not_found", "is_archived", "message_not_found", "thread_not_found", "user_not_found", "users_not_found",
        "user_not_visible", "user_disabled"}
LATER = {"ratelimited", "rate_limited", "service_unavailable", "request_timeout", "team_added_to_org"}
HALF_DONE = {"internal_error", "fatal_error", "update_failed", "file_update_failed"}
"""Slack says of these that part of the work may have been done before they were raised."""
WHY = {
    "invalid_auth": "Slack does not accept the bot token; put a current SLACK_BOT_TOKEN in place.",
    "not_authed": "Slack got no bot token; set SLACK_BOT_TOKEN.",
    "token_revoked": "The bot token was revoked; install the app again and set the new SLACK_BOT_TOKEN.",
    "token_expired": "The bot token has expired; install the app again and set the new SLACK_BOT_TOKEN.",
    "account_inactive": "The app was removed from the workspace; install it again and set the new SLACK_BOT_TOKEN.",
    "not_allowed_token_type": "This is another kind of token; SLACK_BOT_TOKEN begins with xoxb-.",
    "not_in_channel": "The bot is not a member of this channel; invite it there.",
    "missing_scope": "The app lacks a permission; compare its scopes with config/manifest.json and install it again.",
    "channel_not_found": "The channel does not exist or the bot cannot see it.",
    "is_archived": "The channel is archived.",
    "thread_not_found": "The thread no longer exists.",
    "message_not_found": "The message no longer exists.",
    "user_not_found": "The person is not known in this workspace.",
    "users_not_found": "Nobody in this workspace has this e-mail address.",
    "user_not_visible": "The bot may not see this person.",
    "user_disabled": "The person's account is deactivated.",
    "messages_tab_disabled": "The app takes no direct messages; switch on its Messages tab (App Home).",
    "restricted_action": "The workspace does not let the bot write there; ask its administrator.",
    "posting_to_channel_denied": "The bot may not write in this channel.",
    "file_uploads_disabled": "The workspace lets nobody upload files; ask its administrator.",
    "file_uploads_except_images_disabled": "The workspace lets only images be uploaded; ask its administrator.",
    "file_type_not_allowed": "The workspace does not take files of this type; ask its administrator.",
    "file_upload_size_restricted": "The file is larger than the workspace allows.",
    "storage_limit_reached": "The workspace's storage is full.",
    "msg_blocks_too_long": "The message is too long for Slack.",
    "msg_too_long": "The message is too long for Slack.",
}
NEVER_CONNECTED = (ConnectionRefusedError, socket.gaierror)
NO_ROUTE = {errno.ENETUNREACH, errno.EHOSTUNREACH}


def answered(call: Callable[[], Any], *, writes: bool = True) -> SlackResponse:
    """Slack's answer, or our error: a write whose answer was lost is OutcomeUnknown, a read is TryLater."""
    lost: type[ServiceError] = OutcomeUnknown if writes else TryLater
    try:
        response: SlackResponse = call()
    except SlackApiError as error:
        raise _from_answer(error.response, lost) from None
    except URLError as error:
        raise _from_connection(error.reason, lost) from None
    except (OSError, http.client.HTTPException, SlackClientError, UnicodeDecodeError):
        raise _lost(lost) from None
    except ValueError:  # an address or header that cannot be sent at all
        raise Refused("The request to Slack could not be made; check SLACK_API_URL and SLACK_BOT_TOKEN.").named(
            "slack_request") from None
    return response


def ours(call: Callable[[], Any], *, writes: bool = True) -> dict[str, Any]:
    """The body of `answered`."""
    body = answered(call, writes=writes).data
    return dict(body) if isinstance(body, dict) else {}


def _from_connection(reason: object, lost: type[ServiceError]) -> ServiceError:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return TryLater("The certificate of Slack's address is not trusted here; is there a proxy in between?").named(
            "slack_untrusted")
    if isinstance(reason, NEVER_CONNECTED) or getattr(reason, "errno", None) in NO_ROUTE:  # so nothing happened
        return TryLater("Slack cannot be reached; is the network up?").named("slack_unreachable")
    return _lost(lost)


def _lost(lost: type[ServiceError]) -> ServiceError:
    return lost("Slack's answer was lost.").named("slack_lost")


def _from_answer(answer: Any, lost: type[ServiceError]) -> ServiceError:
    status, body = int(answer.status_code or 200), answer.data if isinstance(answer.data, dict) else {}
    code = str(body.get("error", ""))
    if status == 429 or code in LATER:
        return TryLater("Slack asks to wait.", after_seconds=_seconds(answer.headers)).named("slack_busy")
    if status == 503:
        return TryLater("Slack is not available now.", after_seconds=_seconds(answer.headers)).named("slack_unavailable")
    if status >= 500 or code in HALF_DONE:
        return lost("Slack had an error of its own.").named("slack_own_error")
    if not code.replace("_", "").isalnum():  # slack_sdk puts what it could not read as JSON in here
        return _not_slack(status, lost)
    return _refusal(code, body)


def _not_slack(status: int, lost: type[ServiceError]) -> ServiceError:
    if status >= 400:
        return Refused(f"Something else than Slack answered (HTTP {status}); check SLACK_API_URL and the proxy.").named(
            "slack_other_status", status=status)
    return lost("Something else than Slack answered; check SLACK_API_URL and the proxy.").named("slack_other")


def _refusal(code: str, body: dict[str, Any]) -> ServiceError:
    said, name = WHY.get(code, f"Slack refused: {code}."), f"slack_{code}" if code in WHY else "slack_refused"
    if code in GONE:
        return Gone(said).named(name, why=code)
    details = (body.get("response_metadata") or {}).get("messages") or []
    return Refused(said, fields={"slack": ": ".join([code, *map(str, details[:1])])[:200]}).named(name, why=code)


def _seconds(headers: Any) -> float | None:
    found = {str(name).lower(): value for name, value in dict(headers or {}).items()}.get("retry-after")
    value = found[0] if isinstance(found, list) else found
    try:
        return max(0.0, float(value)) if value is not None else None
    except ValueError:
        return None
