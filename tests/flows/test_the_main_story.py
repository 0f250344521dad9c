"""The main story in one breath: asked, opened, delivered, reminded, done, a list published."""

from __future__ import annotations

from datetime import date

from bot.domain.market_list import Market, MarketList
from bot.flows.answer_reminder import reminder_done
from bot.flows.follow_ticket import follow_tickets
from bot.flows.publish_list import publish_list
from tests.fakes.desk import BO, RULESET, Day
from tests.fakes.fake_chat import actions_of, words_of


def test_a_question_becomes_a_filing_its_reminders_and_a_recalled_answer() -> None:
    day = Day()
    day.ask("Can we ship 40 FaceGate 300 with auto-unlock to Hamburg, leaving 18 Dec 2026?")
    day.work()
    answer = day.chat.named("answer:C1:1.000001")[0]
    assert day.phrase("verdict.in_scope") in answer.reply.headline
    assert "open_filing" in actions_of(answer.reply)

    day.open(determination="D-1", origin="D-1")
    day.work()
    assert len(day.tracker.find(day.filing().label)) == 1
    assert all(task.ticket for task in day.tasks())
    assert day.filing().ticket in words_of(day.chat.named("filing:F-1")[0].reply)

    first = min(task.due for task in day.tasks() if task.due)
    day.until(first)
    sent = [one for one in day.reminders("F-1") if one.state == "sent"]
    assert sent
    reminder_done(day.desk, sent[0].id, BO, day.now)
    day.work()
    done = next(task for task in day.tasks() if task.id == sent[0].task)
    assert day.tracker.get(done.ticket).status_kind == "done"
    assert follow_tickets(day.desk, day.tracker, day.now) == 0

    new = MarketList(RULESET, "2026-08-01", date(2026, 8, 1), "Notice", "Dev", date(2026, 8, 1), members=(Market("DE"),))
    publish_list(day.desk, new, {"DE"}, BO, day.now, confirmed=True)
    day.work()
    recalled = day.chat.named("recall:")
    assert [(one.channel, one.thread) for one in recalled] == [("C1", "1.000001")]
    assert len(day.chat.named("list:")) == 2
