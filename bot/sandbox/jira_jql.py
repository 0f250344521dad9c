"""The part of JQL the local Jira reads: text to a tree of conditions and an order, or Jira's 400 saying where it stopped."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

from bot.sandbox.jira_problem import JiraProblem

TOKEN = re.compile(
    r"""\s*(?:
        (?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<symbol><=|>=|!=|!~|=|~|<|>|\(|\)|,|&&|\|\||!)
      | (?P<word>-?[\w:][\w:\-]*)
    )""",
    re.VERBOSE,
)
JOINTS = {"&&": "and", "||": "or", "!": "not"}
RESERVED = frozenset(
    ("and", "or", "not", "in", "is", "was", "changed", "order", "by", "empty", "null", "on", "from", "to", "during")
)
ORDERED = frozenset(
    ("project", "key", "status", "type", "created", "updated", "duedate", "priority", "summary", "assignee", "reporter")
)
SAME = {
    "issuekey": "key",
    "issue": "key",
    "id": "key",
    "issuetype": "type",
    "due": "duedate",
    "createddate": "created",
    "updateddate": "updated",
    "label": "labels",
    "component": "components",
}
DATES = frozenset({"created", "updated", "duedate", "resolved"})
TEXTS = frozenset({"summary", "description", "text", "comment"})
CHOICES = frozenset(
    ("project", "key", "parent", "labels", "status", "statuscategory", "type", "assignee", "reporter", "priority")
) | {"components", "resolution"}
OPERATORS = {
    **dict.fromkeys(DATES, frozenset({"=", "!=", "<", "<=", ">", ">=", "is", "is not"})),
    **dict.fromkeys(TEXTS, frozenset({"~", "!~", "is", "is not"})),
    **dict.fromkeys(CHOICES, frozenset({"=", "!=", "in", "not in", "is", "is not"})),
}


@dataclass(frozen=True)
class Condition:
    """`field` (canonical name) `operator` `values`; a function keeps its brackets: "currentUser()"."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Joined:
    """Several conditions joined by "and", "or", or one by "not"."""

    joint: str
    parts: tuple[Condition | Joined, ...]


@dataclass(frozen=True)
class Order:
    """A field to order by."""

    field: str
    descending: bool


@dataclass(frozen=True)
class Query:
    """What a JQL text asks for; `where` None for everything."""

    where: Condition | Joined | None
    order: tuple[Order, ...] = field(default=())


def read_jql(text: str) -> Query:
    """The query of a JQL text; 400 where it cannot be read."""
    return _Reader(text).query()


@dataclass(frozen=True)
class Token:
    """A piece of the text; `kind` quoted, symbol, word or end."""

    kind: str
    text: str
    at: int


def _tokens(text: str) -> list[Token]:
    tokens, at = [], 0
    while at < len(text.rstrip()):
        found = TOKEN.match(text, at)
        if found is None:
            bad = text[at:].lstrip()[0]
            raise JiraProblem(
                400,
                f"Error in the JQL Query: The character '{bad}' is a reserved JQL character. You must enclose it in a "
                f"string or use the escape '\\u{ord(bad):04x}' instead. (line 1, character {at + 1})",
            )
        kind = str(found.lastgroup)
        tokens.append(Token(kind, found[kind], found.start(kind)))
        at = found.end()
    return [*tokens, Token("end", "(end of query)", len(text))]


class _Reader:
    """Reads from the left, one token ahead."""

    def __init__(self, text: str) -> None:
        self.tokens, self.place = _tokens(text), 0

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    @property
    def word(self) -> str:
        return JOINTS.get(self.token.text, self.token.text.lower()) if self.token.kind in {"word", "symbol"} else ""

    def take(self) -> Token:
        taken = self.token
        self.place += 1
        return taken

    def accept(self, *words: str) -> bool:
        if self.word in words:
            self.take()
            return True
        return False

    def expect(self, *words: str) -> None:
        if not self.accept(*words):
            self.stop(" or ".join(f"'{word}'" for word in words))

    def stop(self, expected: str) -> NoReturn:
        got = "the end of the query" if self.token.kind == "end" else f"'{self.token.text}'"
        raise JiraProblem(
            400,
            f"Error in the JQL Query: Expecting {expected} but got {got}. (line 1, character {self.token.at + 1})",
        )

    def query(self) -> Query:
        where = None if self.word == "order" or self.token.kind == "end" else self.either()
        order = self.order() if self.accept("order") else ()
        if self.token.kind != "end":
            self.stop("either 'OR' or 'AND' or 'ORDER BY'")
        return Query(where, order)

    def either(self) -> Condition | Joined:
        parts = [self.both()]
        while self.accept("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Joined("or", tuple(parts))

    def both(self) -> Condition | Joined:
        parts = [self.one()]
        while self.accept("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else Joined("and", tuple(parts))

    def one(self) -> Condition | Joined:
        if self.accept("not"):
            return Joined("not", (self.one(),))
        if self.accept("("):
            inner = self.either()
            self.expect(")")
            return inner
        return self.condition()

    def condition(self) -> Condition:
        name = self.field()
        operator = self.operator(name)
        if operator in {"in", "not in"}:
            return Condition(name, operator, self.listed())
        if operator in {"is", "is not"}:
            self.expect("empty", "null")
            return Condition(name, operator, ())
        return Condition(name, operator, (self.value(),))

    def field(self) -> str:
        if self.token.kind not in {"word", "quoted"} or self.word in RESERVED:
            self.stop("a field name")
        given = _unquoted(self.take())
        name = SAME.get(given.lower(), given.lower())
        if name not in OPERATORS:
            raise JiraProblem(400, f"Field '{given}' does not exist or you do not have permission to view it.")
        return name

    def operator(self, name: str) -> str:
        start = self.token
        if start.kind not in {"word", "symbol"} or start.text in "(),":
            self.stop("operator")
        operator = self.take().text.lower()
        if operator == "not":
            self.expect("in")
            operator = "not in"
        if operator == "is" and self.accept("not"):
            operator = "is not"
        if operator not in frozenset().union(*OPERATORS.values()):
            self.place -= 1
            self.stop("operator")
        if operator not in OPERATORS[name]:
            raise JiraProblem(400, f"The operator '{operator}' is not supported by the '{name}' field.")
        return operator

    def listed(self) -> tuple[str, ...]:
        self.expect("(")
        values = [self.value()]
        while self.accept(","):
            values.append(self.value())
        self.expect(")")
        return tuple(values)

    def value(self) -> str:
        if self.token.kind not in {"word", "quoted"}:
            self.stop("either a value, list or function")
        if self.token.kind == "word" and self.word in RESERVED:
            raise JiraProblem(
                400,
                f"Error in the JQL Query: '{self.token.text}' is a reserved JQL word. You must surround it in quotation "
                f"marks to use it in a query. (line 1, character {self.token.at + 1})",
            )
        value = _unquoted(self.take())
        if self.accept("("):
            self.expect(")")
            return f"{value}()"
        return value

    def order(self) -> tuple[Order, ...]:
        self.expect("by")
        orders = [self.one_order()]
        while self.accept(","):
            orders.append(self.one_order())
        return tuple(orders)

    def one_order(self) -> Order:
        if self.token.kind not in {"word", "quoted"}:
            self.stop("a field name")
        given = _unquoted(self.take())
        name = SAME.get(given.lower(), given.lower())
        if name not in ORDERED:
            raise JiraProblem(400, f"Not able to sort using field '{given}'.")
        descending = self.accept("desc")
        if not descending:
            self.accept("asc")
        return Order(name, descending)


def _unquoted(token: Token) -> str:
    return re.sub(r"\\(.)", r"\1", token.text[1:-1]) if token.kind == "quoted" else token.text
