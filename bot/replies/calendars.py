"""What stands in calendars: ETDs of shipments and due dates of tasks, assumed ones marked; and how an address is told."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.calendar_event import CalendarEvent
from bot.domain.filing import Filing, FilingTask
from bot.domain.reminding import Reminder
from bot.domain.shipment import Shipment
from bot.replies import Choice, Field, Form, Part, Words
from bot.replies.filings import markets
from bot.replies.shipments import goods_words, shipment_needs


def shipment_event(words: Words, lang: str, shipment: Shipment, uid: str) -> CalendarEvent:
    """The ETD of a shipment: a whole day, or the hour where it is known."""
    title = words.say(lang, "calendar.shipment", number=shipment.number, product=goods_words(words, lang, shipment),
                      market=markets(words, lang, [shipment.destination]))
    lines = (shipment_needs(words, lang, shipment).replace("*", ""), words.say(lang, "shipment.zone", zone=shipment.zone),
             words.say(lang, "caveat.reported"))
    return CalendarEvent(uid=uid, title=title, day=shipment.etd, at=shipment.at, note="\n".join(lines),
                         cancelled=shipment.state == "cancelled")


def task_event(words: Words, lang: str, filing: Filing, task: FilingTask, title: str, uid: str) -> CalendarEvent:
    """The due date of a task, which is a planning value and says so."""
    assert task.due
    said = words.say(lang, "calendar.task", item=task.item, title=title, id=filing.id)
    about = words.say(lang, "calendar.about", id=filing.id, product=filing.product,
                      markets=markets(words, lang, filing.destinations), etd=words.day(lang, filing.etd))
    return CalendarEvent(uid=uid, title=said, day=task.due, note=f"{about}\n{words.say(lang, 'caveat.assumed')}")


def filing_event(words: Words, lang: str, filing: Filing, uid: str) -> CalendarEvent:
    """The ship date a filing is planned for."""
    title = words.say(lang, "calendar.filing", id=filing.id, product=filing.product,
                      markets=markets(words, lang, filing.destinations))
    return CalendarEvent(uid=uid, title=title, day=filing.etd, note=words.say(lang, "caveat.reported"))


def request_event(words: Words, lang: str, reminder: Reminder, about: str, uid: str) -> CalendarEvent:
    """What somebody asked to be reminded of, in their own words, at the hour it comes."""
    assert reminder.planned_for
    day = reminder.planned_for.astimezone(ZoneInfo(reminder.zone)).date()
    return CalendarEvent(uid=uid, title=words.say(lang, "calendar.request", words=reminder.words), day=day,
                         at=reminder.planned_for, note=words.say(lang, "calendar.request.about", about=about))


def calendar_part(words: Words, lang: str, *, given: bool) -> Part:
    """The App Home's line about one's own calendar."""
    give = Choice("calendar_new", words.say(lang, "choice.calendar_renew" if given else "choice.calendar"), "mine")
    stop = (Choice("calendar_stop", words.say(lang, "choice.calendar_stop"), "mine", "danger",
                   words.say(lang, "calendar.stop.confirm")),)
    return Part(words.say(lang, "calendar.given" if given else "calendar.none"), (give, *(stop if given else ())))


def address_words(words: Words, lang: str, address: str) -> str:
    """The secret address, told once."""
    return words.say(lang, "calendar.address", address=address)


def address_form(words: Words, lang: str, address: str) -> Form:
    """The same in a window, from where it can be copied."""
    return Form(id="calendar_address", title=words.say(lang, "calendar.title"), submit="",
                close=words.say(lang, "form.close"), fields=(Field("note", address_words(words, lang, address), "note"),))
