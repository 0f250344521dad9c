"""From a Reply to Slack's blocks, within Slack's limits, with nothing in it that could call people or forge markup.

Words arrive here as sentences with values in them: product names, customers, what somebody asked. All of it is made harmless at
this one place, so that nobody has to remember it; the only markup in angle brackets that survives is a web link. Who is called by
name stands beside the words, as ids.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bot.replies import Choice, Menu, Option, Part, Reply

Block = dict[str, Any]

SECTION_LIMIT = 3000
HEADLINE_LIMIT = 2900
NOTE_LIMIT = 2000
BUTTON_LABEL_LIMIT = 75
BUTTON_VALUE_LIMIT = 2000
BUTTONS_A_ROW = 25
OPTIONS_LIMIT, OPTION_LABEL_LIMIT, MENU_LABEL_LIMIT = 100, 75, 150
BLOCK_LIMIT = 50
MESSAGE_LIMIT = 12_000
"""Characters of all blocks as JSON: Slack refuses about 13,200 (msg_blocks_too_long) and does not say how it counts."""
NOTHING = "…"
MARKS = {"good": ":large_green_circle:", "warn": ":large_yellow_circle:", "stop": ":red_circle:"}

LINK = re.compile(r"<(https?://[^\s<>|]+)\|([^<>|\n]+)>")
AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")  # text from Slack comes escaped already
PERSON = re.compile(r"[UW][A-Z0-9]{1,30}")
SPAN = re.compile(r"([*_~`])(?=\S)[^\n]*?\S\1")
UNSEEN = "\u200b"
"""A space nobody sees."""
TORN = re.compile(r"(<[^<>]*|&\w{0,3})$")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def harmless(text: str) -> str:
    """Text in which nothing but web links is markup in angle brackets: `<!channel>` is read, and calls nobody."""
    pieces, end = [], 0
    for link in LINK.finditer(text):
        pieces += [_escaped(text[end:link.start()]), f"<{_escaped(link[1])}|{_escaped(link[2])}>"]
        end = link.end()
    return set_off("".join([*pieces, _escaped(text[end:])]))


def set_off(text: str) -> str:
    """Slack knows *bold* by the boundary of a word, and shows the stars where Chinese stands beside them; so one is put there."""
    return SPAN.sub(lambda span: _boundary(text, span.start() - 1) + span[0] + _boundary(text, span.end()), text)


def _boundary(text: str, at: int) -> str:
    wide = 0 <= at < len(text) and unicodedata.east_asian_width(text[at]) in "WF"
    return UNSEEN if wide else ""


def shortened(text: str, limit: int) -> str:
    """The text within the limit; what was cut is marked by an ellipsis, and no link or escape is torn."""
    return text if len(text) <= limit else TORN.sub("", text[: limit - 1]) + "…"


def plain(text: str, limit: int = BUTTON_LABEL_LIMIT) -> Block:
    """A plain_text object; Slack takes none without a character."""
    return {"type": "plain_text", "text": _cut(text.strip() or NOTHING, limit)}


def button(choice: Choice, number: int) -> Block:
    """A button; its action_id ends in a number, as ids must differ within one row. ValueError when its value does not fit."""
    block: Block = {"type": "button", "text": plain(choice.label), "action_id": f"{choice.action}:{number}"}
    if len(choice.value) > BUTTON_VALUE_LIMIT:
        raise ValueError(f"the button {choice.action!r} carries {len(choice.value)} characters, at most 2000 fit")
    block |= {"value": choice.value} if choice.value else {}
    block |= {"style": choice.style} if choice.style else {}
    return block | ({"confirm": _confirm(choice)} if choice.confirm else {})


def menu(wanted: Menu) -> Block:
    """A list to choose from in a row of its own; an entry's value is an id of ours, far below Slack's 150 characters."""
    options = [_option(option) for option in wanted.options[:OPTIONS_LIMIT]]
    element = {"type": "static_select", "action_id": wanted.action, "placeholder": plain(wanted.label, MENU_LABEL_LIMIT)}
    return {"type": "actions", "elements": [element | {"options": options}]}


def _option(option: Option) -> Block:
    return {"text": plain(option.label, OPTION_LABEL_LIMIT), "value": option.value}


def message_blocks(reply: Reply) -> list[Block]:
    """The blocks of a message.

    Where they are too many, the later parts stand without buttons of their own (an answered part gives its room to the next);
    where the words alone are too many, the last lines are left out and counted: "… (+7)".
    """
    roomy = _laid_out(reply, [block for part in reply.parts for block in _part(part)])
    if fits(roomy):
        return roomy
    answerable = sum(bool(part.choices) for part in reply.parts)
    if fits(_squeezed(reply, 0)):
        return _squeezed(reply, _most(lambda count: fits(_squeezed(reply, count)), answerable))
    return _left_out(reply)


def message_text(reply: Reply) -> str:
    """The text for notifications, screen readers and clients without blocks; the caveats belong to it."""
    parts = [part.text for part in reply.parts]
    said = map(harmless, [reply.headline, *reply.lines, *reply.bullets, *parts, reply.note])
    return shortened("\n".join(filter(str.strip, said)), SECTION_LIMIT) or NOTHING


def section(text: str) -> Block:
    """A section of mrkdwn; `verbatim` keeps Slack from making links and mentions out of plain words."""
    return {"type": "section", "text": _marked(text, SECTION_LIMIT)}


def fits(blocks: list[Block]) -> bool:
    """Whether Slack takes them as one message."""
    return len(blocks) <= BLOCK_LIMIT and size(blocks) <= MESSAGE_LIMIT


def size(blocks: list[Block]) -> int:
    """Characters of the blocks as JSON."""
    return len(json.dumps(blocks, ensure_ascii=False))


def _laid_out(reply: Reply, parts: list[Block]) -> list[Block]:
    below = [*_menus(reply), *_rows(reply.choices), *_small(reply.note), *_calls(reply)]
    return [*_words(reply), *parts, *below] or [section(NOTHING)]


def _squeezed(reply: Reply, with_buttons: int) -> list[Block]:
    """All words; the first so many parts that have buttons keep them, the words between them are put together."""
    blocks: list[Block] = []
    waiting: list[str] = []
    for part in reply.parts:
        waiting.append(part.text)
        if part.choices and with_buttons > 0:
            blocks, waiting, with_buttons = [*blocks, *_sections(waiting), *_rows(part.choices)], [], with_buttons - 1
    return _laid_out(reply, [*blocks, *_sections(waiting)])


def _words(reply: Reply) -> list[Block]:
    bullets = (f"• {bullet}" for bullet in reply.bullets if bullet.strip())
    return [*_headline(reply), *_sections(reply.lines), *_sections(bullets)]


def _headline(reply: Reply) -> list[Block]:
    mark = MARKS.get(reply.tone, "")
    lines = shortened(harmless(reply.headline.strip()), HEADLINE_LIMIT).splitlines()
    said = "\n".join(line if "*" in line or not line.strip() else f"*{line.strip()}*" for line in lines)  # bold ends a line
    text = f"{mark} {said}".strip()
    return [section(text)] if text else []


def _sections(lines: Iterable[str]) -> list[Block]:
    """As few sections as hold the lines; only a line longer than a section is cut."""
    texts: list[str] = []
    for line in filter(str.strip, (shortened(harmless(line), SECTION_LIMIT) for line in lines)):
        if texts and len(texts[-1]) + 1 + len(line) <= SECTION_LIMIT:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return [section(text) for text in texts]


def _part(part: Part) -> list[Block]:
    return [*_sections([part.text]), *_rows(part.choices)]


def _rows(choices: tuple[Choice, ...]) -> list[Block]:
    buttons = [button(choice, number) for number, choice in enumerate(choices)]
    starts = range(0, len(buttons), BUTTONS_A_ROW)
    return [{"type": "actions", "elements": buttons[start:start + BUTTONS_A_ROW]} for start in starts]


def _menus(reply: Reply) -> list[Block]:
    return [menu(wanted) for wanted in reply.menus if wanted.options]


def _small(note: str) -> list[Block]:
    return [{"type": "context", "elements": [_marked(note, NOTE_LIMIT)]}] if harmless(note).strip() else []


def _calls(reply: Reply) -> list[Block]:
    """Mentions of the people a message is for; anything that is no person's id is left out."""
    called = " ".join(f"<@{one}>" for one in reply.calls if PERSON.fullmatch(one))
    return [{"type": "context", "elements": [{"type": "mrkdwn", "text": called}]}] if called else []


def _most(good: Callable[[int], bool], upto: int) -> int:
    """The largest count up to `upto` that is good, where 0 is."""
    return bisect_left(range(1, upto + 1), True, key=lambda count: not good(count))


def _left_out(reply: Reply) -> list[Block]:
    """Headline, as many lines as there is room for, how many are left out, then the buttons and the small print."""
    lines = [*reply.lines, *(f"• {bullet}" for bullet in reply.bullets), *(part.text for part in reply.parts)]
    lines = [line for line in lines if line.strip()]
    for foot in _feet(reply):
        def kept(count: int, foot: list[Block] = foot) -> list[Block]:
            more = [section(f"… (+{len(lines) - count})")] if count < len(lines) else []
            return [*_headline(reply), *_sections(lines[:count]), *more, *foot]

        if fits(kept(0)):
            return kept(_most(lambda count: fits(kept(count)), len(lines)))
    return _headline(reply)


def _feet(reply: Reply) -> Iterator[list[Block]]:
    """What stands below the words: everything, then with fewer and fewer buttons, at last without the menus."""
    for count in range(len(reply.choices), -1, -1):
        yield [*_menus(reply), *_rows(reply.choices[:count]), *_small(reply.note), *_calls(reply)]
    yield _small(reply.note)


def _marked(text: str, limit: int) -> Block:
    return {"type": "mrkdwn", "text": shortened(harmless(text), limit), "verbatim": True}


def _escaped(text: str) -> str:
    return AMPERSAND.sub("&amp;", CONTROL.sub("", text)).replace("<", "&lt;").replace(">", "&gt;")


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _confirm(choice: Choice) -> Block:
    return {"title": plain(choice.label, 100), "text": plain(choice.confirm, 300),
            "confirm": plain(choice.label, 30), "deny": plain("✕", 30)}
