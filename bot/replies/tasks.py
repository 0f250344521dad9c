"""What is said of one task and of its ticket: the list to reach it, its form, and what happened there, for the thread."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from bot.domain.filing import Filing, FilingTask
from bot.domain.people import Colleague
from bot.domain.ticket import Comment
from bot.replies import Field, Form, Menu, Option, Reply, Words

LONGEST_COMMENT = 2500
ADDRESS = re.compile(r"https?://[^\s<>|]+")


def task_menu(words: Words, lang: str, tasks: Sequence[FilingTask]) -> Menu:
    """All tasks of a filing, one entry each, the open ones first."""
    ordered = sorted(tasks, key=lambda task: task.done)
    options = tuple(Option(task.id, f"{'✓' if task.done else '○'} {task.item} · {task.title}") for task in ordered)
    return Menu("change_task", words.say(lang, "choice.task"), options)


def task_form(words: Words, lang: str, task: FilingTask, owner: Colleague, link: str) -> Form:
    """The modal of one task; it carries what it shows, so that only what somebody changes in it is changed."""
    shown = {"task": task.id, "state": _state(task), "owner": task.owner, "evidence": task.evidence}
    states = tuple(Option(state, words.say(lang, f"form.task.{state}")) for state in ("open", "done"))
    about = words.say(lang, "form.task.about", title=task.title, name=_with(words, lang, task, owner), ticket=link or "–")
    return Form(
        id="change_task", title=words.say(lang, "form.task.title", item=task.item), submit=words.say(lang, "form.task.submit"),
        close=words.say(lang, "form.cancel"), carry=json.dumps(shown),
        fields=(
            Field("about", about, "note"),
            Field("state", words.say(lang, "form.task.state"), "choice", _state(task), options=states),
            Field("evidence", words.say(lang, "form.task.evidence"), value=task.evidence, optional=True,
                  hint=words.say(lang, "form.task.evidence.hint")),
            Field("owner", words.say(lang, "form.task.owner"), "person", task.owner),
            Field("comment", words.say(lang, "form.task.comment"), "long_text", optional=True,
                  hint=words.say(lang, "form.task.comment.hint"))))


def _with(words: Words, lang: str, task: FilingTask, owner: Colleague) -> str:
    """Who does it; where the tracker shows somebody the chat does not know, both."""
    there = task.ticket_assignee or ""
    if task.assign or there in ("", owner.email.lower()):
        return owner.name or "–"
    return words.say(lang, "form.task.elsewhere", name=owner.name or "–", there=there)


def _state(task: FilingTask) -> str:
    return "done" if task.done else "open"


def comment_reply(words: Words, filing: Filing, item: str, key: str, comment: Comment) -> Reply:
    """What somebody wrote on a ticket: who, where, with a link, and the words themselves."""
    link = f"<{comment.url}|{key}>" if comment.url else key
    text = comment.text if len(comment.text) <= LONGEST_COMMENT else comment.text[:LONGEST_COMMENT] + "…"
    return Reply(headline=words.say(filing.lang, "comment.by", author=comment.author or "–", where=f"{item} {link}".strip()),
                 lines=(ADDRESS.sub(r"<\g<0>|\g<0>>", text),))


def news_reply(words: Words, filing: Filing, key: str, **values: str) -> Reply:
    """A change in the tracker that people should know of."""
    return Reply(headline=words.say(filing.lang, key, **values))
