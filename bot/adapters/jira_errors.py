"""What went wrong at Jira -> one of our four service errors, with a sentence a person can act on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from jira import JIRAError
from requests import exceptions as broken
from urllib3 import exceptions as wire

from bot.errors import Gone, OutcomeUnknown, Refused, ServiceError, TryLater


@dataclass(frozen=True, slots=True)
class Call:
    """One request: `doing` completes "Jira refused to …"; `writes` if it changes something; `key` the ticket a 404 is about.

    `answers` is the JSON type expected; `by_element`: a 400 with one error per element is an answer, not a failure.
    """

    doing: str
    writes: bool = False
    key: str = ""
    answers: type = dict
    by_element: bool = False


class Unreadable(ValueError):
    """The answer is not the JSON that was expected."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__("unreadable answer")
        self.response = response


@contextmanager
def in_our_words(call: Call) -> Iterator[None]:
    """Whatever the client throws inside leaves as Refused, TryLater, OutcomeUnknown or Gone."""
    try:
        yield
    except ServiceError:
        raise
    # requests' errors are OSErrors; python-jira meets a null among the reasons with a TypeError
    except (JIRAError, OSError, ValueError, TypeError) as error:
        # from None: the vendor's error carries headers and bodies
        raise translated(error, call) from None


def translated(error: Exception, call: Call) -> ServiceError:
    """The service error that tells the same in our words."""
    if isinstance(error, JIRAError):
        return of_response(error.response, call) if error.response is not None else _lost(call)
    if isinstance(error, Unreadable):
        return of_response(error.response, call)
    if isinstance(error, broken.RequestException):
        return _of_transport(error, call)
    if isinstance(error, UnicodeError) or "Invalid header value" in str(error):
        return Refused(_BAD_SIGN_IN).named("bad_sign_in")
    if isinstance(error, OSError):
        return Refused("The certificate file for Jira cannot be read; check its path.").named("ca_file")
    return _lost(call)


# --- an answer came ---------------------------------------------------------------------------------------------


def of_response(response: requests.Response, call: Call) -> ServiceError:
    """The error an answer stands for; also for answers that say 200 and are no JSON."""
    status = response.status_code
    if status in (429, 503):
        return _asked_to_wait(response, call)
    if status >= 500 or status == 408:
        return _lost(call, f"Jira answered with error {status}").named("error_status", status=str(status))
    if status < 300:
        return _unreadable(call)
    return _refused(response, call)


def _asked_to_wait(response: requests.Response, call: Call) -> ServiceError:
    wait = retry_after(response)
    if wait is None and response.status_code == 503:
        return _lost(call, "Jira is not available at the moment (503)").named("error_status", status="503")
    alone = response.headers.get("RateLimit-Reason") == "jira-per-issue-on-write"
    return TryLater(f"Jira asked to wait before we {call.doing}.", wait, alone=alone).named("asked_to_wait")


def _refused(response: requests.Response, call: Call) -> ServiceError:
    status = response.status_code
    if status == 401 or _anonymous(response):
        said_so = "Jira does not accept the bot's sign-in (401): the token is wrong or has expired; set a fresh one."
        return Refused(said_so).named("sign_in")
    if status in (404, 410) and call.key:
        return Gone(f"{call.key} no longer exists in Jira, or the bot may not see it.").named("gone", ticket=call.key)
    if status == 409:
        return TryLater(f"Somebody else changed it while we tried to {call.doing}.").named("conflict")
    if "CAPTCHA" in response.headers.get("X-Authentication-Denied-Reason", "").upper():
        return Refused("Jira wants a CAPTCHA solved (403): sign in once in a browser as the bot's account.").named("captcha")
    return _with_reasons(response, call)


def _with_reasons(response: requests.Response, call: Call) -> Refused:
    status, (reasons, fields) = response.status_code, said(response)
    why = "; ".join([*reasons, *(f"{name}: {reason}" for name, reason in fields.items())])
    known = _KNOWN.get(status, "").format(doing=call.doing) or f"Jira refused to {call.doing} ({status})"
    refused = Refused(f"{known}: {why}" if why else f"{known}.", fields)
    if status in _CODES:
        return refused.named(_CODES[status], why=why)
    return refused.named("refused", status=str(status), why=why or "–")


_BAD_SIGN_IN = "The e-mail or token for Jira holds characters it cannot have; copy it again."
_KNOWN = {
    301: "Jira's address has moved; write the final https address of the site",
    302: "Jira's address leads to another page, perhaps a login; write the address of the Jira site itself",
    307: "Jira's address has moved; write the final https address of the site",
    308: "Jira's address has moved; write the final https address of the site",
    403: "Jira does not allow the bot's account to {doing} (403); give it the permission in the project",
    404: "Jira does not know this address or project (404); check the site address and the project key",
    413: "This is too large for Jira (413); shorten the text",
}
_CODES = {301: "moved", 302: "elsewhere", 307: "moved", 308: "moved", 403: "forbidden", 404: "not_found", 413: "too_large"}


def _anonymous(response: requests.Response) -> bool:
    # Jira treats a failed sign-in as anonymous and then hides the ticket: a 404 that does not mean "deleted"
    return response.status_code == 404 and "FAILED" in response.headers.get("X-Seraph-LoginReason", "")


def said(response: requests.Response) -> tuple[list[str], dict[str, str]]:
    """What Jira gave as reasons: sentences, and {field: reason}; both empty when the body is a web page."""
    try:
        return reasons_in(response.json())
    except ValueError:
        return [], {}


def reasons_in(body: Any) -> tuple[list[str], dict[str, str]]:
    """Sentences and {field: reason} of one of Jira's error bodies, each cut to a readable length."""
    if not isinstance(body, dict):
        return [], {}
    messages = body.get("errorMessages") or body.get("errorMessage") or body.get("message") or []
    fields = body.get("errors")
    return (
        [_short(each) for each in ([messages] if isinstance(messages, str) else messages)],
        {str(name): _short(reason) for name, reason in fields.items()} if isinstance(fields, dict) else {},
    )


def _short(text: object) -> str:
    words = " ".join(str(text).split())
    return words if len(words) <= 300 else words[:299] + "…"


def retry_after(response: requests.Response) -> float | None:
    """Seconds Jira asks us to wait: whole, with a fraction, or as a date; None where it does not say."""
    value = response.headers.get("Retry-After", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        return _until(value, response.headers.get("Date", ""))
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _until(value: str, sent: str) -> float | None:
    until = _http_date(value)
    if until is None:
        return None
    # measured against the server's own clock where it tells the time
    return max(0.0, (until - (_http_date(sent) or datetime.now(UTC))).total_seconds())


def _http_date(value: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


# --- no answer came ---------------------------------------------------------------------------------------------


def _of_transport(error: broken.RequestException, call: Call) -> ServiceError:
    if isinstance(error, (broken.URLRequired, broken.MissingSchema, broken.InvalidSchema, broken.InvalidURL)):
        return Refused("The address of Jira is not a web address; write it like https://your-site.atlassian.net.").named("address")
    if isinstance(error, broken.InvalidHeader):
        return Refused(_BAD_SIGN_IN).named("bad_sign_in")
    if _untrusted(error):
        return TryLater("Jira's certificate is not trusted; set the file of your certificate authority.").named("certificate")
    if _never_left(error):
        return TryLater(f"Jira could not be reached to {call.doing}.").named("unreachable")
    return _lost(call)


def _untrusted(error: BaseException) -> bool:
    return isinstance(error, broken.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error)


def _never_left(error: broken.RequestException) -> bool:
    """True if no connection was made, so nothing can have happened there."""
    if isinstance(error, (broken.ConnectTimeout, broken.ProxyError)):
        return True
    inner = error.args[0] if error.args else None
    reason = inner.reason if isinstance(inner, wire.MaxRetryError) else inner
    return isinstance(reason, (wire.NewConnectionError, wire.ConnectTimeoutError))


def _lost(call: Call, what: str = "Jira did not answer") -> ServiceError:
    """A read can simply be repeated; of a write nobody knows whether it happened."""
    if call.writes:
        return OutcomeUnknown(f"{what} when we tried to {call.doing}; it may or may not have happened.").named("no_answer")
    return TryLater(f"{what} when we tried to {call.doing}.").named("no_answer")


def _unreadable(call: Call) -> ServiceError:
    # a write may have happened behind a proxy's page: looking is safe, and refuses with the other sentence if the page stays
    if call.writes:
        return _lost(call, "Jira's answer could not be read").named("unreadable")
    return Refused(
        "At Jira's address a web page answers instead of Jira, perhaps a login or a proxy; "
        "write the address of the Jira site itself."
    ).named("web_page")
