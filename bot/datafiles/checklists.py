"""checklist.yaml -> Checklist values."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from bot.datafiles import rule_shapes as shape
from bot.datafiles.findings import refuse
from bot.datafiles.market_lists import known_codes
from bot.datafiles.rule_meaning import twice
from bot.datafiles.rulesets import ruleset_folders, wording
from bot.datafiles.strict_yaml import Document, read, shaped
from bot.domain.checklist import ROLES, Band, Checklist, ChecklistItem
from bot.domain.facts import Category
from bot.domain.terms import did_you_mean
from bot.errors import Finding

CHECKLIST = "checklist.yaml"
SIGN_OFFS = ("", "SECOND", *ROLES)
FAMILIES = tuple(category for category in Category if category is not Category.UNKNOWN)


def load_checklists(folder: Path) -> dict[str, Checklist]:
    """Every checklist in rulesets/, by ruleset id; a regime for information has none. Raises BadFile."""
    subs = [sub for sub in ruleset_folders(folder) if (sub / CHECKLIST).exists()]
    return {sub.name: load_checklist(sub / CHECKLIST, f"{folder.name}/{sub.name}/{CHECKLIST}") for sub in subs}


def load_checklist(path: Path, shown_as: str) -> Checklist:
    """One checklist; its ruleset is the folder's name. Raises BadFile."""
    document = read(path, shown_as)
    file = shaped(document, shape.ChecklistFile)
    refuse(mistakes(document, file))
    return _checklist(file, path.parent.name)


def mistakes(document: Document, file: shape.ChecklistFile) -> Iterator[Finding]:
    """What a well-shaped checklist may still get wrong."""
    ids = [item.id for item in file.items]
    yield from twice(document, ("items",), ids)
    yield from _names(document, ("minimum",), file.minimum, ids)
    for index, item in enumerate(file.items):
        yield from _item_mistakes(document, index, item, ids)
    if "default" not in file.bands:
        yield document.finding(("bands",), "the band default is missing", "add default:").named("no_default_band")
    yield from _circle(document, file)


def _item_mistakes(document: Document, index: int, item: shape.ItemShape, ids: list[str]) -> Iterator[Finding]:
    where = ("items", index)
    yield from _names(document, (*where, "owners"), item.owners, ROLES)
    yield from _names(document, (*where, "after"), item.after, ids)
    yield from _names(document, (*where, "families"), item.families, FAMILIES)
    for place, code in enumerate(item.destinations):
        if code not in known_codes():
            found = document.finding((*where, "destinations", place), f'"{code}" is no ISO 3166 code', "write two letters as DE")
            yield found.named("no_iso_code", said=code)
    if item.sign_off not in SIGN_OFFS:
        found = document.finding((*where, "sign_off"), f'unknown role "{item.sign_off}"', did_you_mean(item.sign_off, SIGN_OFFS))
        yield found.named("unknown_role", name=item.sign_off)
    if item.days_before is None and not item.event and not item.recurring_days:
        found = document.finding(where, f"{item.id} never falls due", "add days_before:, event: or recurring_days:")
        yield found.named("never_due", item=item.id)


def _names(
    document: Document, where: tuple[str | int, ...], names: list[str], known: list[str] | tuple[str, ...]
) -> Iterator[Finding]:
    for index, name in enumerate(names):
        if name not in known:
            found = document.finding((*where, index), f'unknown name "{name}"', did_you_mean(name, known))
            yield found.named("unknown_name", name=name)


def _circle(document: Document, file: shape.ChecklistFile) -> Iterator[Finding]:
    try:
        TopologicalSorter({item.id: item.after for item in file.items}).prepare()
    except CycleError as error:
        circle = [str(name) for name in error.args[1]]
        index = [item.id for item in file.items].index(circle[0])
        tasks = " > ".join(circle)
        what = f"these tasks wait for each other: {tasks}"
        yield document.finding(("items", index, "after"), what, "take one of them out of after:").named("circle", tasks=tasks)


def _checklist(file: shape.ChecklistFile, ruleset: str) -> Checklist:
    return Checklist(
        ruleset=ruleset,
        version=file.version,
        items=tuple(map(_item, file.items)),
        bands={name: Band(name, **band.model_dump()) for name, band in file.bands.items()},
        minimum=tuple(file.minimum),
        note=wording(file.note),
    )


def _item(item: shape.ItemShape) -> ChecklistItem:
    return ChecklistItem(
        id=item.id,
        text=wording(item.text),
        owners=tuple(item.owners),
        after=tuple(item.after),
        days_before=item.days_before,
        relative_to=item.relative_to,
        basis=item.basis,
        evidence=wording(item.evidence),
        families=tuple(item.families),
        destinations=tuple(item.destinations),
        evidence_required=item.evidence_required,
        modelled_on=wording(item.modelled_on),
        also_days_before=tuple(item.also_days_before),
        recurring_days=item.recurring_days,
        event=item.event,
        within_working_days=item.within_working_days,
        sign_off=item.sign_off,
        hold=item.hold,
        open_questions=tuple(item.open_questions),
    )
