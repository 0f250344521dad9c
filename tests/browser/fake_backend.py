"""A stand-in for the sandbox's server: serves the page, a small believable company, and notes what the page asks for."""

from __future__ import annotations

import json
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import bot.sandbox

PAGE = Path(bot.sandbox.__file__).parent / "page"
START = datetime(2026, 9, 28, 1, 12, tzinfo=UTC)
BOT = "U0BOT"

Thing = dict[str, Any]

STATUS = {"new": "To Do", "indeterminate": "In Progress", "done": "Done"}

BERLIN, SHANGHAI, SINGAPORE, LISBON = "Europe/Berlin", "Asia/Shanghai", "Asia/Singapore", "Europe/Lisbon"


def person(key: str, name: str, real_name: str, title: str, role: str, tz: str, locale: str = "en-GB", **more: Any) -> Thing:
    """A user of the chat."""
    known = {"id": key, "name": name, "real_name": real_name, "title": title, "role": role, "tz": tz, "locale": locale}
    return known | {"is_bot": False, "email": f"{name}@example.com"} | more


def channel(key: str, name: str, topic: str, *members: str) -> Thing:
    """A channel with the bot in it."""
    return {"id": key, "name": name, "is_im": False, "members": [*members, BOT], "topic": topic}


def direct(key: str, user: str) -> Thing:
    """A direct message between a user and the bot."""
    return {"id": key, "name": "", "is_im": True, "user": user, "members": [user, BOT], "topic": ""}


USERS = [
    person("U1", "jonas.weber", "Jonas Weber", "Sales, Europe", "SALES", BERLIN),
    person("U2", "lin.yue", "林悦", "Compliance PM", "PM", SHANGHAI, "zh-CN"),
    person("U3", "priya.nair", "Priya Nair", "Shipping", "SHIP", SINGAPORE),
    person("U4", "marta.silva", "Marta Silva", "Regulatory, release authority", "HEAD", LISBON),
    person(BOT, "filingdesk", "Filing Desk", "", "", "UTC", "en-US", is_bot=True, email=""),
]

CHANNELS = [
    channel("C1", "sales", "Quotes and questions from the field", "U1", "U2", "U4"),
    channel("C2", "export-filings", "One thread per filing", "U1", "U2", "U3", "U4"),
    channel("C3", "shipping", "Hold and release", "U2", "U3"),
    direct("D1", "U1"),
    direct("D2", "U2"),
    direct("D3", "U3"),
]

TASKS = [
    ("Verify the source: official text and list version, or record that it could not be obtained", "2026-08-04", "done", "U4"),
    ("Product scope review: family, autonomous decision, export", "2026-08-09", "done", "U2"),
    ("Compare internal and external product descriptions", "2026-08-14", "done", "U2"),
    ("Product function description: who decides, who can veto", "2026-09-21", "indeterminate", "U2"),
    ("Technical records and documentation pack", "2026-09-24", "indeterminate", "U4"),
    ("Destination access review: Germany", "2026-10-02", "new", "U4"),
    ("Security assessment report", "2026-10-05", "new", "U4"),
    ("Submit report and filing to the cyberspace authority", "2026-10-13", "new", "U2"),
    ("Shipment readiness and release", "2026-12-05", "new", "U3"),
]


def text(words: str, kind: str = "mrkdwn") -> Thing:
    """A Block Kit text object."""
    return {"type": kind, "text": words}


def plain(words: str) -> Thing:
    """Words without markup."""
    return text(words, "plain_text")


def section(words: str, **more: Any) -> Thing:
    """A section block."""
    return {"type": "section", "text": text(words), **more}


def actions(*elements: Thing, **more: Any) -> Thing:
    """A row of things to press."""
    return {"type": "actions", "elements": list(elements), **more}


def small_print(words: str) -> Thing:
    """A context block."""
    return {"type": "context", "elements": [text(words)]}


def options(**words: str) -> list[Thing]:
    """Options by value."""
    return [{"value": value, "text": plain(label)} for value, label in words.items()]


def field(block: str, label: str, element: Thing, **more: Any) -> Thing:
    """An input block whose action_id is its block_id."""
    return {"type": "input", "block_id": block, "label": plain(label), "element": {"action_id": block, **element}, **more}


def button(action: str, words: str, value: str, **more: Any) -> Thing:
    """A Block Kit button."""
    return {"type": "button", "action_id": action, "text": text(words, "plain_text"), "value": value, **more}


def answer_blocks() -> list[Thing]:
    """An in-scope answer as the bot words it."""
    return [
        section(":large_orange_circle: *In scope: file before export*\nFaceGate 300 → Germany · ETD 12 Dec 2026"),
        section(
            "It is a 3D face terminal (“FaceGate 300”, catalogue) that opens by itself (“auto-unlock”) and leaves mainland "
            "China.\nBefore shipping: security assessment report and completed filing. At the assumed pace of the authority "
            "12 Dec is *17 days short*; earliest realistic ETD about 29 Dec – 18 Feb (assumed, see plan)."
        ),
        actions(
            button("open_filing", "Open filing", "D-1042", style="primary"),
            button("why", "Why?", "D-1042"),
            button("what_if", "What would change it?", "D-1042"),
            button("customer_text", "Text for my customer", "D-1042"),
        ),
        small_print("_As reported by trade press on 7 Jun 2026, not officially verified._ `D-1042`"),
    ]


def question_blocks() -> list[Thing]:
    """One missing fact asked back, in Chinese."""
    return [
        section("*还差一个事实：货从中国大陆发出吗？*\nFaceGate 300 → 阿联酋 · 船期未给"),
        actions(
            button("scope_fact", "是", "export=yes"),
            button("scope_fact", "不是，从境外仓发", "export=no"),
            button("scope_fact", "不知道", "export=unknown"),
        ),
        small_print("_据行业媒体 2026 年 6 月 7 日报道，未经官方核实。_ `D-1041`"),
    ]


def list_blocks() -> list[Thing]:
    """Fields, a date, a select and a button that asks first."""
    sure = {
        "title": plain("Withdraw F-12?"),
        "text": plain("The ticket stays, its reminders stop."),
        "confirm": plain("Withdraw"),
        "deny": plain("Keep"),
    }
    snooze = {"type": "static_select", "action_id": "snooze_for", "placeholder": plain("Snooze for…")}
    return [
        {"type": "section", "fields": [text("*List*\n27 markets, none named"), text("*Source*\ntrade press, 7 Jun 2026")]},
        actions(
            {"type": "datepicker", "action_id": "etd_pick", "initial_date": "2026-12-12"},
            snooze | {"options": options(P1D="A day")},
            button("withdraw", "Withdraw", "F-12", style="danger", confirm=sure),
        ),
    ]


def filing_view() -> Thing:
    """A modal with every kind of input the bot uses."""
    product = {"type": "static_select", "options": options(fg300="FaceGate 300", pv2="PalmVault 2")}
    decides = options(yes="Yes, without a person", no="No, a person approves each time", unknown="I do not know")
    return {
        "id": "V1",
        "type": "modal",
        "callback_id": "filing_new",
        "title": plain("New filing"),
        "submit": plain("Open filing"),
        "blocks": [
            section("One ticket with its checklist, dated back from the ship date. *All offsets are assumed.*"),
            field("product", "Product", product | {"placeholder": plain("Choose a product")}),
            field("destination", "Destination", {"type": "plain_text_input", "placeholder": plain("Country or port")}),
            field("etd", "Ship date (ETD)", {"type": "datepicker"}, hint=plain("The day it leaves mainland China.")),
            field("owner", "Owner", {"type": "users_select", "initial_user": "U2"}),
            field("autonomy", "Does it decide by itself?", {"type": "radio_buttons", "options": decides}),
            field("notes", "Notes", {"type": "plain_text_input", "multiline": True}, optional=True),
        ],
    }


def home_view(now: datetime) -> Thing:
    """The App Home of a compliance project manager."""
    more = {"type": "overflow", "action_id": "filing_more", "options": options(show="Show the filing", etd="Move the ETD")}
    late = "*F-12 FaceGate 300 → Germany* · ETD 12 Dec\n`███░░░░░░` 3 of 9 done · now: *function description* (7 days late)"
    early = "*F-11 PalmVault 2 → Saudi Arabia* · ETD 20 Jan 2027\n`█░░░░░░░░` 1 of 9 done · now: *who files*"
    checked = f"<!date^{int(now.timestamp())}^{{date_short_pretty}} {{time}}|today>"
    blocks = [
        {"type": "header", "text": plain("Monday, 28 September")},
        section("*3 late* · 2 on hold · 1 waiting for the authority"),
        {"type": "divider"},
        section(late, accessory=more),
        section(early, accessory=button("filing_show", "Show", "F-11")),
        actions(button("filing_new", "New filing", "", style="primary"), button("shipment_add", "Add shipment", "")),
        small_print(f"List: 27 markets reported, none named · checked {checked}"),
    ]
    return {"id": "VH", "type": "home", "blocks": blocks}


def reminder_blocks() -> list[Thing]:
    """A reminder with its three answers."""
    return [
        section(":large_yellow_circle: *F-12 · Technical records* is due in 2 days"),
        actions(
            button("done", "Done", "R-1", style="primary"),
            button("snooze", "Snooze", "R-1"),
            button("not_mine", "Not mine", "R-1"),
        ),
    ]


class Company:
    """The sandbox's state, small enough to read; `asked` keeps every POST as (path, body)."""

    def __init__(self) -> None:
        self.lock = threading.Condition()
        self.version = 1
        self.now = START
        self.next_due: datetime | None = START + timedelta(days=2, hours=-0.2)
        self.messages: dict[str, list[Thing]] = {one["id"]: [] for one in CHANNELS}
        self.views: dict[str, Thing | None] = {}
        self.homes: dict[str, Thing | None] = {}
        self.issues: list[Thing] = []
        self.faults: dict[str, list[Thing]] = {"slack": [], "jira": []}
        self.asked: list[tuple[str, Thing]] = []
        self.refuse: str | None = None
        self._seconds = 0
        self._fill()

    def post(self, channel: str, user: str, words: str, *, thread: str = "", back: timedelta = timedelta(), **more: Any) -> str:
        """Put a message into a channel and wake the page; its ts."""
        with self.lock:
            self._seconds += 1
            ts = f"{(self.now - back).timestamp() + self._seconds:.6f}"
            in_thread = {"thread_ts": thread} if thread else {}
            self.messages[channel].append({"ts": ts, "user": user, "text": words, **in_thread, **more})
            self.changed()
            return ts

    def ticket(self, key: str, summary: str, due: str, *, kind: str = "new", parent: str | None = None, **more: Any) -> Thing:
        """Put a ticket on the board."""
        issue = {
            "key": key,
            "id": key.split("-")[1],
            "type": "Sub-task" if parent else "Task",
            "summary": summary,
            "status": STATUS[kind],
            "status_kind": kind,
            "due": due,
            "labels": [],
            "assignee": None,
            "parent": parent,
            "created": START.isoformat(),
            "updated": START.isoformat(),
            "description": "",
            "comments": [],
            "remote_links": [],
            "url": f"/jira/browse/{key}",
            **more,
        }
        with self.lock:
            self.issues.append(issue)
            self.changed()
        return issue

    def changed(self) -> None:
        """Tell whoever waits for a change."""
        with self.lock:
            self.version += 1
            self.lock.notify_all()

    def wait(self, since: int) -> Thing:
        """As /sandbox/changes, only more impatient."""
        with self.lock:
            self.lock.wait_for(lambda: self.version != since, timeout=5)
            return {"version": self.version}

    def state(self) -> Thing:
        """As /sandbox/state."""
        with self.lock:
            return {
                "now": self.now.isoformat(),
                "next_due": self.next_due.isoformat() if self.next_due else None,
                "version": self.version,
                "slack": {
                    "users": USERS,
                    "channels": CHANNELS,
                    "messages": self.messages,
                    "views": self.views,
                    "homes": self.homes,
                },
                "jira": {"issues": self.issues},
                "faults": self.faults,
            }

    def do(self, path: str, body: Thing) -> Thing:
        """Act on a POST; raises ValueError for what the server would refuse."""
        self.asked.append((path, body))
        if self.refuse:
            raise ValueError(self.refuse)
        return getattr(self, "_" + path.replace("/", "_"), lambda _body: {})(body)

    def _slack_message(self, body: Thing) -> Thing:
        ts = self.post(body["channel"], body["user"], body["text"], thread=body.get("thread_ts", ""))
        if "auto-unlock" in body["text"] and not body.get("thread_ts"):
            self.post(body["channel"], BOT, "In scope: file before export", thread=ts, blocks=answer_blocks())
        return {"ok": True, "ts": ts}

    def _slack_command(self, body: Thing) -> Thing:
        if body["command"] == "/filing":
            self.views[body["user"]] = filing_view()
            self.changed()
            return {"ok": True}
        return {"ok": True, "ephemeral": [{"text": f"I read: _{body['text']}_", "user": BOT}]}

    def _slack_click(self, body: Thing) -> Thing:
        if body["action_id"] == "open_filing" and not any(one["key"] == "EXP-31" for one in self.issues):
            self.ticket("EXP-31", "F-13 FaceGate 300 → Germany, ETD 12 Dec 2026", "2026-12-12", assignee="U2")
            for number, (summary, due, _kind, owner) in enumerate(TASKS):
                self.ticket(f"EXP-{32 + number}", summary, due, parent="EXP-31", assignee=owner)
        return {"ok": True}

    def _slack_submit(self, body: Thing) -> Thing:
        if not body["values"].get("etd"):
            return {"errors": {"etd": "Give the ship date, for example 12 Dec 2026."}}
        self.views[body["user"]] = None
        self.changed()
        return {"ok": True}

    def _slack_close(self, body: Thing) -> Thing:
        self.views[body["user"]] = None
        self.changed()
        return {"ok": True}

    def _slack_open_home(self, body: Thing) -> Thing:
        self.homes[body["user"]] = home_view(self.now)
        self.changed()
        return {"ok": True}

    def _clock(self, body: Thing) -> Thing:
        with self.lock:
            if body.get("to") == "next":
                self.now = self.next_due or self.now
            elif "to" in body:
                self.now = datetime.fromisoformat(body["to"])
            else:
                self.now += timedelta(days=1)
        if self.next_due and self.now >= self.next_due:
            self.next_due = None
            self.post("D2", BOT, "Due in 2 days", blocks=reminder_blocks())
        self.changed()
        return {"now": self.now.isoformat()}

    def _faults(self, body: Thing) -> Thing:
        self.faults[body["service"]].append({"kind": body["kind"], "count": body["count"]})
        self.changed()
        return {"ok": True}

    def _jira_transition(self, body: Thing) -> Thing:
        issue = next(one for one in self.issues if one["key"] == body["key"])
        issue.update(status_kind=body["to"], status=STATUS[body["to"]])
        self.changed()
        return {"ok": True}

    def _jira_comment(self, body: Thing) -> Thing:
        issue = next(one for one in self.issues if one["key"] == body["key"])
        issue["comments"].append({"author": "You", "created": self.now.isoformat(), "text": body["text"]})
        self.changed()
        return {"ok": True}

    def _fill(self) -> None:
        self._talk()
        self._board()

    def _talk(self) -> None:
        day = timedelta(days=1)
        self.post("C1", "U1", "Morning. Hamburg wants a date for the FaceGates by noon.", back=3 * day)
        asked = self.post("C1", "U4", "PalmVault 2 for a museum in Riyadh, no guard in the loop. In scope?", back=3 * day)
        self.post("C1", BOT, "In scope", thread=asked, back=3 * day, blocks=answer_blocks())
        self.post("C1", "U4", "What about the reader without the lock?", thread=asked, back=3 * day)
        self.post("C1", "U2", "FaceGate 300 带自动开门，发迪拜，要备案吗？", back=day)
        self.post("C1", BOT, "需要补充一点", back=day, blocks=question_blocks())
        spec = "I read <https://example.com/spec|the spec>: *edge AI* & `liveness` say nothing about autonomy, <b>right</b>?"
        eyes = [{"name": "eyes", "count": 2, "users": ["U2", "U4"]}]
        self.post("C1", "U1", f"Thanks <@U2>! {spec}", reactions=eyes)
        self.post("C2", BOT, "List checked", back=day, blocks=list_blocks())

    def _board(self) -> None:
        about = (
            "Filing F-12 for FaceGate 300 to Germany.\n\n- Determination D-1042, asked by Jonas Weber\n"
            "- Ruleset cn-cac-agents 2026.06\n\nReported by trade press, not officially verified: https://example.com/article"
        )
        said = {"author": "Marta Silva", "created": START.isoformat(), "text": "Asked the lab for a *date*."}
        more = {"labels": ["filing-desk", "fd-f-12"], "description": about, "comments": [said]}
        thread = {"title": "Slack thread in #sales", "url": "https://example.com/thread"}
        summary = "F-12 FaceGate 300 → Germany, ETD 12 Dec 2026"
        self.ticket("EXP-12", summary, "2026-12-12", kind="indeterminate", assignee="U2", remote_links=[thread], **more)
        for number, (summary, due, kind, owner) in enumerate(TASKS):
            self.ticket(f"EXP-{13 + number}", summary, due, kind=kind, parent="EXP-12", assignee=owner)
        self.ticket("EXP-5", "F-11 PalmVault 2 → Saudi Arabia, ETD 20 Jan 2027", "2027-01-20", assignee="U4")
        for number in range(5):
            kind = "new" if number else "done"
            self.ticket(f"EXP-{6 + number}", TASKS[number][0], "2026-10-20", kind=kind, parent="EXP-5")
        self.ticket("EXP-2", "F-9 AirSense PAPR → Norway, ETD 3 Sep 2026", "2026-09-03", kind="done", assignee="U2")
        self.ticket("EXP-3", "Security assessment report", "2026-08-01", kind="done", parent="EXP-2")


def _handler(company: Company) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            if path == "/sandbox/state":
                self._json(200, company.state())
            elif path == "/sandbox/changes":
                self._json(200, company.wait(int(query.removeprefix("since="))))
            else:
                self._file(PAGE / ("index.html" if path == "/" else path.removeprefix("/static/")))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            try:
                self._json(200, company.do(self.path.removeprefix("/sandbox/"), body))
            except ValueError as problem:
                self._json(400, {"ok": False, "error": "bad_input", "message": str(problem)})

        def _file(self, path: Path) -> None:
            if not path.is_file():
                return self._json(404, {"error": f"There is no {path.name}."})
            return self._send(200, mimetypes.guess_type(path.name)[0] or "text/plain", path.read_bytes())

        def _json(self, status: int, body: Thing) -> None:
            self._send(status, "application/json", json.dumps(body).encode())

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Keep the test output clean."""

    return Handler


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args: Any) -> None:
        """A browser that leaves in the middle of a long poll is nothing to report."""


@contextmanager
def serving(company: Company) -> Iterator[str]:
    """Serve the page with this company behind it; yields the address."""
    server = _Quiet(("127.0.0.1", 0), _handler(company))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
