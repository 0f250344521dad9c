"""The command line: filingdesk run | sandbox | ask | check | lists | shipments | determination | doctor | backup."""

from __future__ import annotations

import json
import logging
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer

from bot import __version__
from bot.adapters.system_clock import SystemClock
from bot.app import build_bot, read_files
from bot.commands import audit, doctor, lists, operations, records, rules, shipments
from bot.commands import reminders as reminders_command
from bot.commands.saying import day_of, desk_without_store, out, pairs, print_explained, print_reply, recorded_by, said_in, told
from bot.domain.market_list import MarketList
from bot.errors import BadInput, BadSettings
from bot.flows.ask import ask as ask_flow
from bot.flows.ask import check_asked
from bot.ports import Desk
from bot.replies.answers import answer_reply
from bot.replies.ask_json import answer_json
from bot.serving import SandboxOptions, SandboxServer, serve_bot
from bot.settings import load_settings

app = typer.Typer(name="filingdesk", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="Export scope questions, filings and reminders, in Slack and Jira.")
app.add_typer(lists.app, name="lists")
app.add_typer(shipments.app, name="shipments")
app.add_typer(records.filings_app, name="filings")
app.add_typer(reminders_command.app, name="reminders")
app.add_typer(audit.app, name="audit")
app.add_typer(rules.rules_app)
app.command()(doctor.doctor)
app.command()(operations.backup)


def main() -> None:
    """The entry point of the command `filingdesk`."""
    quiet_logs()
    app()


def quiet_logs() -> None:
    """Our log lines on standard error, from warnings on; libraries only where they fail."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
                        logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    logging.getLogger("slack_bolt").setLevel(logging.CRITICAL)
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)


@app.command()
@told
def version() -> None:
    """Print the version."""
    out.print(__version__)


@app.command()
@told
def run() -> None:
    """Run the bot with the tokens from the environment: Socket Mode with SLACK_APP_TOKEN, else HTTP."""
    settings = load_settings()
    missing = settings.missing_to_run()
    if missing:
        raise BadSettings("Filing Desk cannot start yet:\n" + "\n".join(f"  - {line}" for line in missing)
                          + "\nTo try it with nothing connected: filingdesk sandbox")
    bot = build_bot(settings, SystemClock())
    http = f"HTTP on {settings.host}:{settings.port}/slack/events"
    way = "Socket Mode" if settings.slack_app_token.get_secret_value() else http
    tickets = settings.jira_url or "kept here (no JIRA_URL)"
    out.print(f"Filing Desk {__version__} runs. Slack: {way}. Tickets: {tickets}. Data: {settings.data}.")
    serve_bot(bot, settings)


@app.command()
@told
def sandbox(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 for any free one.")] = 8765,
    data: Annotated[Path | None, typer.Option(help="Keep the story in this folder; without it every start is fresh.")] = None,
    at: Annotated[str, typer.Option(help="Start at this time, e.g. 2026-11-23T09:00:00+08:00.")] = "",
    empty: Annotated[bool, typer.Option("--empty", help="Without the invented company.")] = False,
    socket_mode: Annotated[bool, typer.Option("--socket-mode", help="Deliver Slack events by Socket Mode.")] = False,
) -> None:
    """A local Slack and a local Jira on one page, with the real bot between them."""
    with tempfile.TemporaryDirectory(prefix="filingdesk-") as fresh:
        folder = data or Path(fresh)
        server = SandboxServer(SandboxOptions(port, folder, _instant(at), empty, socket_mode))
        out.print(f"Open {server.url} in a browser. Stop with Ctrl-C.\nData (for other commands: --data): {folder}", markup=False)
        server.run()


@app.command()
@told
def ask(  # noqa: PLR0917 - typer hands every option in by name
    text: Annotated[str, typer.Argument(help="The question, in English or Chinese.")] = "",
    on: Annotated[str, typer.Option(help="As of this day (YYYY-MM-DD); today by default.")] = "",
    lang: Annotated[str, typer.Option(help="Answer in en or zh; by default in the language asked.")] = "",
    output: Annotated[str, typer.Option("--format", help="text or json")] = "text",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read lines {id, text, on?} from standard input.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Also why, what would change it and what is not known.")] = False,
    known_at: Annotated[str, typer.Option(help="By the rules and lists recorded on this day (YYYY-MM-DD), not by all.")] = "",
    ruleset: Annotated[str, typer.Option(help="By another regime, e.g. cn-face-application; for information.")] = "",
    fact: Annotated[list[str] | None, typer.Option(help="A fact told beside the text, e.g. autonomous=no. Repeatable.")] = None,
) -> None:
    """Answer a scope question without Slack or Jira; nothing is stored."""
    if lang not in ("", "en", "zh") or output not in ("text", "json"):
        raise BadInput("--lang takes en or zh, --format takes text or json.")
    files = read_files(load_settings())
    desk, lists = desk_without_store(files, ruleset)
    now = recorded_by(known_at, desk)
    lists = [entry for entry in lists if not known_at or entry.recorded_on <= now.date()]
    if jsonl:
        _ask_lines(desk, lists, lang, now)
        return
    with said_in(desk.words, lang or desk.lang):
        stated = pairs("--fact", fact or [], "autonomous=no")
        check_asked(text, stated)
        answer = ask_flow(desk, lists, text, day_of(on, desk), now, lang, stated)
    if output == "json":
        typer.echo(json.dumps(answer_json(answer), ensure_ascii=False))
    else:
        print_reply(answer_reply(desk.words, answer))
        if explain:
            print_explained(desk.words, answer)


def _ask_lines(desk: Desk, lists: list[MarketList], lang: str, now: datetime) -> None:
    failed = False
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        answer = _ask_line(desk, lists, lang, number, line, now)
        failed = failed or "error" in answer
        typer.echo(json.dumps(answer, ensure_ascii=False))
        sys.stdout.flush()
    if failed:
        raise typer.Exit(1)


def _ask_line(desk: Desk, lists: list[MarketList], lang: str, number: int, line: bytes, now: datetime) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        text, on = str(asked["text"]), day_of(str(asked.get("on") or ""), desk)
        check_asked(text)
    except (ValueError, KeyError, TypeError, AttributeError):
        return {"id": None, "error": f'line {number} is not an object with "id" and "text"; write {{"id": "1", "text": "…"}}'}
    except BadInput as error:
        return {"id": asked.get("id"), "error": f"line {number}: {error}"}
    return answer_json(ask_flow(desk, lists, text, on, now, lang), asked.get("id"))


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"--at {text!r} is no time; write it as 2026-11-23T09:00:00+08:00.") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
