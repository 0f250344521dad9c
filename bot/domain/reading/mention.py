"""One product as a text speaks of it, and the family that its words make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.domain.catalogue import Product
from bot.domain.facts import Category
from bot.domain.reading.matching import NameHit

KIND_OF_CATEGORY = {
    Category.FACE_3D_TERMINAL: "access",
    Category.IRIS_LOCK: "access",
    Category.VEIN_LOCK: "access",
    Category.INTELLIGENT_RESPIRATOR: "breathing",
    Category.GAS_MASK: "breathing",
}
"""What a family's products do: let people through, or let air through."""
HEAD_OF_CATEGORY = {
    Category.FACE_3D_TERMINAL: "terminal",
    Category.IRIS_LOCK: "lock",
    Category.VEIN_LOCK: "lock",
    Category.INTELLIGENT_RESPIRATOR: "respirator",
    Category.GAS_MASK: "gas_mask",
}
_KIND_OF_HEAD = {
    "lock": "access",
    "terminal": "access",
    "respirator": "breathing",
    "gas_mask": "breathing",
    "facepiece": "breathing",
}


@dataclass(frozen=True, slots=True)
class Mention:
    """One product phrase; `head` is "" where only properties are named, `spans` are its places in units."""

    spans: tuple[tuple[int, int], ...]
    head: str = ""
    modalities: frozenset[str] = frozenset()
    dimensions: frozenset[str] = frozenset()
    strong: bool = False
    """Speaks of a product by itself; "device" alone does not."""
    complete: bool = False
    """A name that says the family by itself: PAPR, N95."""
    denied: bool = False
    likened: bool = False
    """What something is compared with: "does it count as a gas mask?"."""
    owner: bool = False
    """A part that is said to belong to a product: "canisters for gas masks"."""
    product: Product | None = None
    name: str = ""
    candidates: tuple[str, ...] = ()
    category: Category = Category.UNKNOWN
    ruled: bool = False
    """The family table says of this very head and modality what they are: an iris turnstile is no iris lock."""

    @property
    def first(self) -> int:
        """Where it is first spoken of."""
        return self.spans[0][0]

    @property
    def bare(self) -> bool:
        """Nothing but a head: "the lock"."""
        return not (self.modalities or self.dimensions or self.named or self.complete)

    @property
    def named(self) -> bool:
        """By a name of the catalogue, ambiguous or not."""
        return self.product is not None or bool(self.candidates)

    @property
    def kind(self) -> str:
        """ "access", "breathing" or "" where that is not known."""
        return KIND_OF_CATEGORY.get(self.category) or _KIND_OF_HEAD.get(self.head, "")


def with_name(mention: Mention, hit: NameHit | None) -> Mention:
    """The mention with what a name of the catalogue, if there is one, says."""
    if hit is None:
        return mention
    products = hit.alias.products
    if hit.alias.exact and len(products) == 1:
        return replace(mention, product=products[0], name=products[0].name, strong=True)
    return replace(mention, candidates=tuple(p.name for p in products), strong=True)


def classify(mention: Mention, families: Iterable[Mapping[str, str]]) -> Mention:
    """The mention with its category: the catalogue's, else that of the first row of the family table that fits."""
    if mention.product is not None and mention.product.category is not Category.UNKNOWN:
        head = HEAD_OF_CATEGORY.get(mention.product.category, mention.head)
        return replace(mention, category=mention.product.category, head=head)
    for row in families:
        if _fits(row, mention):
            return replace(mention, category=Category(row["category"]), ruled=_rules(row, mention))
    return replace(mention, ruled=False)


def _rules(row: Mapping[str, str], mention: Mention) -> bool:
    """Whether the row is about such a thing, rather than about what nothing else is known of."""
    return row.get("stands") == "yes" or (row.get("stands") == "strong" and mention.strong)


def _fits(row: Mapping[str, str], mention: Mention) -> bool:
    head, modality, dimension = row.get("head", "any"), row.get("modality"), row.get("dimension")
    if head not in ("any", mention.head or "none"):
        return False
    if modality == "none" and mention.modalities:
        return False
    if modality not in (None, "none") and modality not in mention.modalities:
        return False
    return dimension is None or mention.dimensions == ({dimension} - {"none"})
