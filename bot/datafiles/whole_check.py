"""Everything compliance and operations keep as files, checked at once: rules, lists, the reader's words, messages, config."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from bot.datafiles import strict_yaml
from bot.datafiles.catalogue import load_catalogue
from bot.datafiles.checking import check
from bot.datafiles.desk_files import load_desk, load_people
from bot.datafiles.findings import refuse
from bot.datafiles.lexicon import load_lexicon
from bot.datafiles.messages import load_messages
from bot.datafiles.reminder_plans import load_reminders
from bot.datafiles.rulesets import read_folder
from bot.datafiles.word_check import word_findings
from bot.domain.facts import Category, Intent
from bot.domain.terms import did_you_mean
from bot.errors import BadFile, Finding


def check_everything(rulesets: Path, config: Path, today: date | None = None) -> list[Finding]:
    """Every finding in both folders, in the order of files and lines; never raises for what a file says."""
    found = [*check(rulesets, today), *_reading(rulesets), *_config(config), *_chosen_ruleset(rulesets, config)]
    return sorted(set(found))


def _config(folder: Path) -> Iterator[Finding]:
    loaders: tuple[Callable[[], object], ...] = (
        lambda: load_desk(folder), lambda: load_people(folder), lambda: load_reminders(folder),
        lambda: load_catalogue(folder / "catalogue.csv"), lambda: load_messages(folder / "messages"))
    for load in loaders:
        yield from _told(load, folder.name)


def _reading(rulesets: Path) -> Iterator[Finding]:
    """The reader's words: that they load, and name only families and intents there are."""
    shown = f"{rulesets.name}/reading"
    yield from _told(lambda: load_lexicon(rulesets / "reading"), shown)
    yield from _told(lambda: _known_words(rulesets / "reading", shown), shown)
    yield from _told(lambda: refuse(word_findings(rulesets / "reading", shown)), shown)


def _known_words(folder: Path, shown: str) -> None:
    products = strict_yaml.read(folder / "products.yaml", f"{shown}/products.yaml")
    intents = strict_yaml.read(folder / "intents.yaml", f"{shown}/intents.yaml")
    wrong = [products.finding(("families", index, "category"), f'"{row["category"]}" is no product family',
                              did_you_mean(row["category"], Category))
             for index, row in enumerate(products.data["families"]) if row["category"] not in set(Category)]
    wrong += [intents.finding(("order", index), f'"{name}" is no intent', did_you_mean(name, Intent))
              for index, name in enumerate(intents.data["order"]) if name not in set(Intent)]
    if wrong:
        raise BadFile(wrong)


def _chosen_ruleset(rulesets: Path, config: Path) -> Iterator[Finding]:
    """The ruleset that decides must be there, and be one that opens filings."""
    try:
        desk = load_desk(config)
        document = strict_yaml.read(config / "bot.yaml", f"{config.name}/bot.yaml")
    except BadFile:
        return  # told by the check of config already
    loaded, findings = read_folder(rulesets)
    if findings:
        return
    if desk.ruleset not in loaded:
        yield document.finding(("desk", "ruleset"), f'there is no ruleset "{desk.ruleset}"', did_you_mean(desk.ruleset, loaded))
    elif loaded[desk.ruleset].ruleset.information_only:
        what = f'"{desk.ruleset}" is shown for information and opens no filing'
        yield document.finding(("desk", "ruleset"), what, "choose a ruleset that decides")


def _told(load: Callable[[], object], shown: str) -> list[Finding]:
    try:
        load()
    except BadFile as mistakes:
        return mistakes.details
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        # the reader's words have no shapes of their own yet: say what was missed rather than fail
        return [Finding(shown, 0, 0, f"these files cannot be used ({type(error).__name__}: {error})",
                        "compare them with the shipped ones")]
    return []
