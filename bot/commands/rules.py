"""Commands for people in compliance who keep the rules: check, lock, diff, try, determination."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.adapters.storage import JOURNAL_NAME, read_store
from bot.app import read_files
from bot.commands.products import products_app
from bot.commands.saying import day_of, desk_over, desk_without_store, out, print_explained, print_reply, told
from bot.datafiles.checking import FORMATS, errors, lock
from bot.datafiles.desk_files import load_desk
from bot.datafiles.revisions import folder_at
from bot.datafiles.rule_examples import load_examples
from bot.datafiles.rulesets import FACTS, load_rulesets
from bot.datafiles.whole_check import check_everything
from bot.domain.determination import Judged, Replay
from bot.errors import BadFile, BadInput, Finding
from bot.flows.answer_question import answer_of
from bot.flows.ask import ask
from bot.flows.compare_rules import CaseChange, RulesDiff, State, compare_rules
from bot.flows.replay_determination import replay_determination, stored_row
from bot.ports import Rows
from bot.replies.answers import answer_reply
from bot.replies.understood import understood_reply
from bot.settings import load_settings

rules_app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
rules_app.add_typer(products_app)

Folder = Annotated[Path | None, typer.Argument(help="The rulesets folder; the one in use by default.", show_default=False)]
Data = Annotated[Path | None, typer.Option("--data", help="The bot's data folder; only read, also while the bot runs.")]
FOUND = 1
"""Exit status where something is wrong in the files; 2 where the command itself could not run."""


@rules_app.command()
@told
def check(
    folder: Folder = None,
    output: Annotated[str, typer.Option("--format", help="text, or github for annotations in a pull request")] = "text",
) -> None:
    """Read all rulesets, lists, messages, words and settings strictly; exit status 1 where something is wrong.

    Findings read path:line:col: what is wrong; what to write. Warnings alone leave the status 0.
    """
    if output not in FORMATS:
        raise BadInput(f"--format {output!r} is not known; write text or github.")
    settings = load_settings()
    rulesets = _existing(folder or settings.rulesets)
    findings = check_everything(rulesets, settings.config, datetime.now(UTC).date())
    _show(_seen_from_here(findings, rulesets, settings.config.resolve()), output)
    if errors(findings):
        raise typer.Exit(FOUND)
    read_files(load_settings(FILINGDESK_RULESETS=rulesets))
    if output == "text":
        out.print("All rulesets, lists, messages and settings are sound.")


@rules_app.command("lock")
@told
def lock_rules(folder: Folder = None) -> None:
    """Write lock.yaml and the schemas for the rules as they are; refused where something in force was edited."""
    settings = load_settings()
    rulesets = _existing(folder or settings.rulesets)
    findings = lock(rulesets, _today(settings.config))
    _show(_seen_from_here(findings, rulesets), "text")
    if findings:
        out.print("Nothing was written.")
        raise typer.Exit(FOUND)
    out.print("lock.yaml and the schemas are up to date.")


@rules_app.command()
@told
def diff(
    revision: Annotated[str, typer.Argument(metavar="REV", help="A commit, tag or branch, e.g. HEAD or main.")],
    folder: Folder = None,
    data: Data = None,
) -> None:
    """Compare the rules of a git revision with those on disk: which parts, examples and stored answers differ."""
    settings = load_settings()
    here = _existing(folder or settings.rulesets)
    now = _state(here, "on disk")
    with folder_at(revision, here) as there:
        before = _state(there, f"at {revision}")
    found = compare_rules(before, now, _rows(data, settings.data))
    _show_diff(found, revision)


@rules_app.command("try")
@told
def try_text(
    text: Annotated[str, typer.Argument(help="A question or description, in English or Chinese.")],
    on: Annotated[str, typer.Option(help="Asked on this day (YYYY-MM-DD); today by default.")] = "",
    lang: Annotated[str, typer.Option(help="Explain in en or zh; by default in the language of the text.")] = "",
) -> None:
    """What would be understood of a text: facts, the words they were read from, doubts, verdict; nothing is stored."""
    if lang not in ("", "en", "zh"):
        raise BadInput("--lang takes en or zh.")
    desk, lists = desk_without_store(read_files(load_settings()))
    print_reply(understood_reply(desk.words, ask(desk, lists, text, day_of(on, desk), datetime.now(UTC), lang)))


@rules_app.command()
@told
def determination(
    number: Annotated[str, typer.Argument(metavar="D-123", help="The id of a stored answer.")],
    again: Annotated[bool, typer.Option("--replay", help="Decide it again and compare.")] = False,
    known_at: Annotated[str, typer.Option(help="With --replay: by what was recorded on this day, not on the day asked.")] = "",
    output: Annotated[str, typer.Option("--format", help="text or json")] = "text",
    data: Data = None,
) -> None:
    """A stored answer, as it was given; with --replay decided again: the same bytes, or what changed since (status 1)."""
    if output not in ("text", "json"):
        raise BadInput("--format takes text or json.")
    if known_at and not again:
        raise BadInput("--known-at goes with --replay; the stored answer itself is what was known on the day asked.")
    settings = load_settings()
    files, rows = read_files(settings), read_store(data or settings.data)
    desk = desk_over(files, rows)
    row = stored_row(rows, number)
    replayed = replay_determination(rows, desk.rulesets, number, _day(known_at)) if again else None
    if output == "json":
        typer.echo(json.dumps(row | ({"replay": _replay_json(replayed)} if replayed else {}), ensure_ascii=False))
    else:
        answer = answer_of(desk, rows, row, datetime.fromisoformat(row["asked_at"]))
        print_reply(answer_reply(desk.words, answer))
        print_explained(desk.words, answer)
        _say_replay(replayed)
    if replayed and not replayed.same:
        raise typer.Exit(FOUND)


def _existing(folder: Path) -> Path:
    if not folder.is_dir():
        raise BadInput(f"There is no folder {folder}; name the folder with the rulesets.")
    here = folder.resolve()  # "." has no name to show
    if not (here / FACTS).exists() and (here.parent / FACTS).exists():
        raise BadInput(f"{folder} is one ruleset; name the folder above it, which has the {FACTS} of all of them.")
    return here


def _today(config: Path) -> date:
    """In the desk's zone; the rules themselves may be half written and are not read for this."""
    return datetime.now(ZoneInfo(load_desk(config).zone)).date()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(f"{text!r} is no date; write it as 2026-12-31.") from None


def _seen_from_here(findings: Iterable[Finding], *folders: Path) -> list[Finding]:
    """With paths that an editor or a pull request can follow: from the working directory where they lie in it, else whole."""
    return [replace(finding, path=_path(finding.path, {folder.name: folder for folder in folders})) for finding in findings]


def _path(shown: str, folders: Mapping[str, Path]) -> str:
    """A finding names its file from the folder it was found in."""
    first, _, rest = shown.partition("/")
    path = folders[first] / rest if first in folders else Path(shown)
    return (path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path).as_posix()


def _show(findings: Iterable[Finding], output: str) -> None:
    shown = FORMATS[output](findings)
    if shown:
        typer.echo(shown)


def _state(folder: Path, where: str) -> State:
    try:
        rulesets = load_rulesets(folder)
        return State(rulesets, load_examples(folder, rulesets))
    except BadFile as error:
        raise BadInput(f"The rules {where} do not load, so they cannot be compared:\n{error}") from None


def _rows(given: Path | None, usual: Path) -> Rows | None:
    """The stored answers, where there are any; a folder named on purpose has to be there."""
    return read_store(given or usual) if given or (usual / JOURNAL_NAME).exists() else None


def _show_diff(found: RulesDiff, revision: str) -> None:
    if not found.parts:
        out.print(f"The rules are the same as at {revision}.", markup=False)
    for part in found.parts:
        out.print(f"{part.how:8} {part.ruleset}: {part.part}", markup=False)
    out.print(f"Examples decided otherwise: {len(found.examples)} of {found.examples_seen}", markup=False)
    _show_cases(found.examples)
    out.print(f"Stored determinations decided otherwise: {len({case.id for case in found.answers})} of {found.answers_seen}",
              markup=False)
    _show_cases(found.answers)


def _show_cases(cases: Iterable[CaseChange]) -> None:
    for case in cases:
        name = f" {case.name}" if case.name else ""
        out.print(f"  {case.ruleset} {case.id}{name}\n    before: {case.before}\n    after:  {case.after}", markup=False)


def _say_replay(replayed: Replay | None) -> None:
    if replayed is None:
        return
    used = replayed.now.ruleset
    with_rules = f"replayed with {used.id} {used.version}"
    if replayed.same:
        out.print(f"\n{replayed.then.id} {with_rules}: the same answer, byte for byte.", markup=False)
    else:
        out.print(f"\n{replayed.then.id} {with_rules}: the answer differs.", markup=False)
    for part in replayed.changed:
        out.print(f"  reads differently since: {part}", markup=False)
    for rule in replayed.appeared:
        out.print(f"  decides now and did not then: rule {rule}", markup=False)
    for then, now in zip(replayed.then.products, replayed.now.products, strict=True) if not replayed.same else ():
        out.print(f"  then: {_outcome(then)}\n  now:  {_outcome(now)}", markup=False)


def _outcome(product: Judged) -> str:
    decision = product.decision
    lacks = f", missing {', '.join(decision.missing)}" if decision.missing else ""
    rules = f"rules {', '.join(decision.rules) or 'none in force'}, clauses {', '.join(decision.clauses) or 'none'}"
    return f"{product.name or 'product not named'}: {decision.verdict}{lacks} ({rules})"


def _replay_json(replayed: Replay) -> dict[str, Any]:
    used = replayed.now.ruleset
    return {"same": replayed.same, "verdict_changed": replayed.verdict_changed, "changed": list(replayed.changed),
            "appeared": list(replayed.appeared), "ruleset": {"id": used.id, "version": used.version, "digest": used.digest},
            "products": [product.to_row() for product in replayed.now.products]}
