"""The wiring: settings -> adapters -> flows -> doors; the one module that knows every room."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from pydantic import SecretStr
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from starlette.routing import Route

from bot.adapters.holiday_calendar import HolidayCalendar, HolidayCalendars
from bot.adapters.ics_writer import IcsWriter
from bot.adapters.import_folder import ImportFolder
from bot.adapters.inbox_folder import InboxFolder
from bot.adapters.listeners import Listeners
from bot.adapters.slack_blocks import message_blocks, message_text
from bot.adapters.slack_chat import SlackChat, slack_client
from bot.adapters.slack_files import SlackFiles
from bot.adapters.storage import open_store
from bot.adapters.ticker import Ticker
from bot.adapters.timeline_png import PillowPainter
from bot.datafiles.catalogue import load_catalogue
from bot.datafiles.checklists import load_checklists
from bot.datafiles.desk_files import load_desk, load_people
from bot.datafiles.evidence_pack import packed
from bot.datafiles.lexicon import load_lexicon
from bot.datafiles.market_lists import known_codes, load_lists
from bot.datafiles.market_texts import list_from_form
from bot.datafiles.messages import load_messages
from bot.datafiles.reloading import LiveRulesets, by_owner
from bot.datafiles.reminder_plans import load_reminders
from bot.datafiles.shipment_records import read_record
from bot.desk.agenda import plan_for_reader
from bot.desk.outbox import quiet_until
from bot.desk.records import keep, record_shipped, renew_old_rows
from bot.desk.recurring import plan_standing
from bot.domain.market_list import MarketList
from bot.domain.people import Colleague, Member
from bot.errors import BadSettings, ServiceError, TryLater
from bot.flows.deliver_messages import deliver_messages
from bot.flows.deliver_tickets import deliver_tickets
from bot.flows.follow_plan import follow_plan
from bot.flows.follow_requests import follow_requests
from bot.flows.follow_ticket import follow_hints, follow_tickets
from bot.flows.hear_webhook import hear_webhook
from bot.flows.judge_anew import judge_anew
from bot.flows.know_person import know_person, stale_people, with_role
from bot.flows.pass_on import pass_on_undelivered
from bot.flows.prove_day import next_proof, prove_day
from bot.flows.send_reminders import send_due
from bot.flows.take_up_again import take_up_again
from bot.flows.tell_rule_findings import tell_rule_findings
from bot.flows.watch_plans import watch_plans
from bot.ports import Clock, Delivery, Desk, Store, Tracker
from bot.settings import DeskConfig, Settings
from bot.shipment_wiring import table_readers, table_room
from bot.tracker_choice import jira_access, tracker_for
from handlers import (
    acknowledging,
    calendar_door,
    comments,
    descriptions,
    evidence,
    filings,
    gate,
    home,
    lists,
    questions,
    reminders,
    shipment_tables,
    shipments,
    tasks,
    tickets,
    unhandled,
)
from handlers.calendar_door import CalendarDoor, calendar_routes
from handlers.erp_door import erp_routes
from handlers.http_door import slack_routes
from handlers.inbox import work_off
from handlers.office import Office
from handlers.shipment_tables import TableRoom, import_wish

log = structlog.get_logger(__name__)

BUSY_WAIT = 0.01
DELIVERING = ("reminders", "messages", "tickets")
"""The work that brings something to people and tickets; the rest looks whether there is any."""
INBOX_EVERY = timedelta(seconds=1)
EVERY_HOUR = timedelta(hours=1)
AT_ONCE = 20
"""People asked about in one go: Slack takes a hundred a minute."""


@dataclass(frozen=True, slots=True)
class Files:
    """Everything read from rulesets/ and config/."""

    config: DeskConfig
    desk: Callable[[Store, str], Desk]
    lists: dict[str, tuple[MarketList, ...]]
    members: tuple[Member, ...]
    rulesets: LiveRulesets

    def tracker(self, settings: Settings, store: Store, clock: Clock) -> Tracker:
        """The ticket system of the settings; nothing is asked yet."""
        return tracker_for(settings, jira_access(settings, self.config, self.members), store, clock)


def read_files(settings: Settings, **overrides: Any) -> Files:
    """Read all data files; BadFile says what is wrong where, and nothing is loaded half. `overrides` are of DeskConfig."""
    config, rulesets = replace(load_desk(settings.config), **overrides), LiveRulesets(settings.rulesets)
    if config.ruleset not in rulesets:
        raise BadSettings(f"config/bot.yaml names the ruleset {config.ruleset!r}; there are {', '.join(rulesets)}.")
    catalogue = tuple(load_catalogue(settings.config / "catalogue.csv"))
    lexicon = load_lexicon(settings.rulesets / "reading").with_catalogue(catalogue)
    words, plan = load_messages(settings.config / "messages"), load_reminders(settings.config)
    checklist = load_checklists(settings.rulesets)[config.ruleset]

    def desk(store: Store, label: str) -> Desk:
        return Desk(
            store=store, words=words, lexicon=lexicon, rulesets=rulesets, ruleset=config.ruleset, checklist=checklist,
            catalogue=catalogue, reminders=plan, calendar=HolidayCalendar(config.market),
            calendars=HolidayCalendars(config.market), label=label, zone=config.zone, lang=config.lang,
            watch_channel=config.watch_channel, admin_channel=config.admin_channel,
            delivery=Delivery(lag=config.jira_search_lag, pace=config.chat_pace))

    return Files(config, desk, load_lists(settings.rulesets), load_people(settings.config), rulesets)


def open_desk(files: Files, store: Store) -> Desk:
    """The desk over a store: a label of its own is given once, and shipped lists are recorded once."""
    with store.transaction() as tx:
        installed = tx.get("notes", "installation") or {"id": "installation", "label": secrets.token_hex(3)}
        tx.put("notes", installed)
        renew_old_rows(tx)
        for entry in (entry for entries in files.lists.values() for entry in entries):
            record_shipped(tx, entry)
    return files.desk(store, str(installed["label"]))


@dataclass
class Bot:
    """The running bot: its desk, its services, its background work."""

    desk: Desk
    clock: Clock
    chat: SlackChat
    tracker: Tracker
    store: Store
    members: tuple[Member, ...]
    bolt: App
    listeners: Listeners
    poll_every: timedelta
    inbox: InboxFolder
    rulesets: LiveRulesets
    files: SlackFiles
    imports: ImportFolder
    erp_token: SecretStr
    address: str
    works: dict[str, Callable[[], None]] = field(init=False)
    ticker: Ticker = field(init=False)
    office: Office = field(init=False)
    tables: TableRoom = field(init=False)

    def __post_init__(self) -> None:
        self._poll_at: datetime = self.clock.now()
        self._people_at: datetime = self.clock.now() + EVERY_HOUR
        self._hints: list[str] = []
        self._plans_at: datetime = self._poll_at
        self.met = threading.Event()
        self._lock = threading.Lock()
        self.works = {"reminders": self._remind, "messages": self._speak, "tickets": self._file, "poll": self._poll,
                      "inbox": self._take_in, "people": self._follow_people, "plans": self._watch_plans,
                      "judging": self._judge}
        self.ticker = Ticker(self.clock, self.works, self.due)
        self.office = Office(desk=self.desk, clock=self.clock, chat=self.chat, waker=self.ticker, members=self.members,
                             blocks=message_blocks, text=message_text)
        self.tables = table_room(self.office, self.imports, self.files)

    def start(self) -> None:
        """Begin the background work; nothing here needs Slack or Jira to be up."""
        take_up_again(self.desk, self.clock.now())
        self.ticker.start()
        threading.Thread(target=self._meet_everyone, name="meet", daemon=True).start()
        self.listeners.submit(self.tables.take_up_interrupted)

    def stop(self) -> None:
        """Finish what is under way and release the store."""
        self.ticker.stop()
        self.listeners.shutdown(wait=True)
        self.store.close()

    def due(self, work: str) -> datetime | None:
        """When a piece of background work has something to do next."""
        fields = {"reminders": ("reminders", "due_at"), "messages": ("outbox", "chat_due"), "tickets": ("outbox", "tracker_due")}
        other = {"poll": self.clock.now() if self._hints else self._poll_at, "people": self._people_at, "plans": self._plans_at,
                 "inbox": self.clock.now() + INBOX_EVERY, "judging": self.clock.now() + INBOX_EVERY}
        if work in other:
            return other[work]
        if work == "reminders" and self.desk.admin_channel:
            proof, due = next_proof(self.desk), self._first(*fields[work])
            return min(filter(None, [proof, due]), default=None)
        return self._first(*fields[work])

    def _first(self, table: str, name: str) -> datetime | None:
        row = self.store.first(table, name)
        return datetime.fromisoformat(row[name]) if row else None

    def next_due(self) -> datetime | None:
        """When anything but the poll has something to do next."""
        return min((due for due in map(self.due, DELIVERING) if due), default=None)

    def settle(self, seconds: float = 30.0) -> None:
        """Wait until no listener is at work and nothing is due now; at most so many seconds."""
        end = time.monotonic() + seconds
        kicked: tuple[str, ...] = ()  # all of it once, as the clock may have been moved; then what is waited for
        while time.monotonic() < end and self._busy():
            self.ticker.kick(*kicked)
            kicked = DELIVERING
            time.sleep(BUSY_WAIT)

    def poll_now(self) -> None:
        """Fetch what changed in the tracker and what time did to the plans, before anything else is done."""
        self._poll_at = self._plans_at = self.clock.now()
        self._poll()
        self._watch_plans()

    def _busy(self) -> bool:
        due = self.next_due()
        # Not the poll: with many filings it hardly ever rests, and nobody waits for it here.
        return self.listeners.busy or self.ticker.at_work(*DELIVERING) or (due is not None and due <= self.clock.now())

    def _remind(self) -> None:
        now = self.clock.now()
        if pass_on_undelivered(self.desk, now) + send_due(self.desk, now) + prove_day(self.desk, now):
            self.ticker.kick()

    def _speak(self) -> None:
        deliver_messages(self.desk, self.chat, self.clock.now())  # one post; the ticker comes back for the next
        due = self._first("reminders", "due_at")
        if due and due <= self.clock.now():  # a digest that came to nobody in time was taken back
            self.ticker.kick()

    def _file(self) -> None:
        if deliver_tickets(self.desk, self.tracker, self.clock.now()):
            self.ticker.kick()

    def _watch_plans(self) -> None:
        now = self.clock.now()
        if now >= self._plans_at:
            self._plans_at = now + EVERY_HOUR
            if watch_plans(self.desk, now) + follow_requests(self.desk, now):
                self.ticker.kick()

    def _take_in(self) -> None:
        work_off(self.office, self.inbox, known_codes(), partial(import_wish, self.tables))
        new = by_owner(self.rulesets.reload(), self.rulesets)
        if new:
            tell_rule_findings(self.desk, new, self.clock.now())
            self.ticker.kick()

    def _judge(self) -> None:
        if judge_anew(self.desk, self.clock.now()) + follow_plan(self.desk, self.clock.now()):
            self.ticker.kick()

    def _poll(self) -> None:
        with self._lock:
            now, hints, self._hints = self.clock.now(), self._hints, []
            quiet = quiet_until(self.store)
            self._poll_at = datetime.fromisoformat(quiet) if quiet > now.isoformat() else self._poll_at
            is_due = now >= self._poll_at
            self._poll_at = now + self.poll_every if is_due else self._poll_at
        try:
            changed = follow_hints(self.desk, self.tracker, hints, now, self._meet) if hints else 0
            changed += follow_tickets(self.desk, self.tracker, now, self._meet) if is_due else 0
            if changed:
                self.ticker.kick()
        except TryLater as error:
            with self._lock:
                self._poll_at = max(self._poll_at, now + timedelta(seconds=error.after_seconds or 0))
            log.warning("the tracker could not be asked", said=str(error))
        except ServiceError as error:
            log.warning("the tracker could not be asked", said=str(error))

    def hear_tracker(self, identifier: str, keys: list[str]) -> None:
        """The tracker called: look at these tickets now. A hint that is lost in a kill is made up for by the next poll."""
        ours = hear_webhook(self.desk, identifier, keys, self.clock.now())
        if ours:
            with self._lock:
                self._hints += ours
            self.ticker.kick()

    def _meet_everyone(self) -> None:
        """Learn the site's address and who has which role; where Slack is not up, later messages do the same."""
        try:
            site = self.chat.site()
            people = [self._colleague(member) for member in self.members]
        except ServiceError as error:
            log.warning("Slack could not be asked", said=str(error))
            self.met.set()
            return
        with self.store.transaction() as tx:
            tx.put("notes", {"id": "site", "url": site})
            for person in (person for person in people if person):
                before = tx.get("people", person.id)
                keep(tx, "people", person)
                tx.put("people", (tx.get("people", person.id) or {}) | {"met_at": self.clock.now().isoformat()})
                if before and before["zone"] != person.zone:  # looking through all of theirs takes time
                    plan_for_reader(tx, self.desk, person.id, self.clock.now())
            plan_standing(tx, self.desk, self.clock.now())
        self.met.set()
        self.ticker.kick()

    def _follow_people(self) -> None:
        """Whoever has moved is reminded by their new clock; who has a role now is reminded by the calendar."""
        now = self.clock.now()
        if now < self._people_at:
            return
        self._people_at = now + EVERY_HOUR
        for user in stale_people(self.desk, now)[:AT_ONCE]:
            know_person(self.desk, self.chat, self.members, user, now)
            if user in stale_people(self.desk, now):
                break  # the chat does not answer: the others need not find out by themselves
        with self.store.transaction() as tx:
            plan_standing(tx, self.desk, now)

    def _meet(self, email: str) -> None:
        """Somebody is assigned in the tracker whom we have not met: keep who it is, if the chat knows the e-mail."""
        user = self.chat.user_by_email(email) if email else None
        if user:
            know_person(self.desk, self.chat, self.members, user, self.clock.now())

    def _colleague(self, member: Member) -> Colleague | None:
        user = self.chat.user_by_email(member.email)
        return with_role(self.chat.person(user), [member]) if user else None


def build_bot(settings: Settings, clock: Clock, files: Files | None = None) -> Bot:
    """Everything wired; nothing is sent before `start`. StoreBusy, StoreDamaged, BadFile, BadSettings."""
    files = files or read_files(settings)
    store = open_store(settings.data)
    desk = open_desk(files, store)
    client = slack_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    chat, listeners = SlackChat(client), Listeners()
    bolt = App(client=client, signing_secret=settings.slack_signing_secret.get_secret_value() or "unused",
               authorize=partial(_as_ourselves, client.token or ""), listener_executor=listeners, process_before_response=False)
    bot = Bot(desk=desk, clock=clock, chat=chat, tracker=files.tracker(settings, store, clock), store=store,
              members=files.members, bolt=bolt, listeners=listeners, poll_every=timedelta(seconds=files.config.jira_poll),
              inbox=InboxFolder(settings.data), rulesets=files.rulesets,
              files=SlackFiles(settings.slack_bot_token.get_secret_value(), settings.slack_api_url),
              imports=ImportFolder(settings.data), erp_token=settings.erp_token, address=settings.address)
    _open_doors(bot)
    return bot


def _as_ourselves(token: str, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """By itself Bolt asks auth.test before the first listener, and drops what came in while Slack does not answer."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)


def _open_doors(bot: Bot) -> None:
    acknowledging.register(bot.bolt)
    office = bot.office
    mending = tickets.TicketDoor(office, bot.tracker)
    tickets.register(bot.bolt, mending)
    files = evidence.register(bot.bolt, office, bot.tracker, PillowPainter(), packed)
    filings.register(bot.bolt, office, mending.retried, files.asked)
    front = home.HomeDoor(office, bot.bolt.client)
    gate.register(bot.bolt, gate.GateDoor(office, front.again))
    tasks.register(bot.bolt, office)
    comments.register(bot.bolt, office)
    calendars = CalendarDoor(office, IcsWriter(), bot.address, front.again)
    calendar_door.register(bot.bolt, calendars)
    shipments.register(bot.bolt, office, calendars.asked)
    shipment_tables.register(bot.bolt, bot.tables)
    reminders.register(bot.bolt, reminders.ReminderDoor(office, front.again))
    lists.register(bot.bolt, office, lambda said, by, today: list_from_form(bot.desk.ruleset, said, by.name, today),
                   known_codes())
    home.register(bot.bolt, front)
    descriptions.register(bot.bolt, office)
    questions.register(bot.bolt, office, partial(shipment_tables.files_came, bot.tables))
    unhandled.register(bot.bolt, office)


def http_routes(bot: Bot) -> list[Route]:
    """What the bot answers over HTTP beside its health: Slack's requests, an ERP's, and calendars."""
    office = bot.office
    return [*slack_routes(bot.bolt), *erp_routes(office, bot.erp_token.get_secret_value(), lambda record: read_record(
        record, table_readers(bot.desk, office.today(), bot.store))), *calendar_routes(office, IcsWriter())]
