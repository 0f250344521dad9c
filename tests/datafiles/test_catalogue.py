"""The product catalogue: every product under its own names."""

from pathlib import Path

import pytest

from bot.datafiles.catalogue import load_catalogue
from bot.domain.facts import Category, Truth
from bot.errors import BadFile

SHIPPED = Path(__file__).parents[2] / "config" / "catalogue.csv"
HEAD = "SKU,name,aliases,category,autonomous,internal description,sales description\n"


def load(tmp_path, lines, head=HEAD):
    (tmp_path / "catalogue.csv").write_text(head + lines, encoding="utf-8")
    return load_catalogue(tmp_path / "catalogue.csv")


def test_the_shipped_catalogue_has_the_products_of_the_seeded_company():
    products = {product.name: product for product in load_catalogue(SHIPPED)}
    families = {name: product.category for name, product in products.items()}
    assert families == {
        "FaceGate 300": Category.FACE_3D_TERMINAL,
        "FaceGate 100": Category.OTHER_NOT_LISTED,
        "IrisLock Pro": Category.IRIS_LOCK,
        "PalmKey V2": Category.VEIN_LOCK,
        "VeinGuard 5": Category.VEIN_LOCK,
        "AirSense P4": Category.INTELLIGENT_RESPIRATOR,
        "BreathFlow 7": Category.INTELLIGENT_RESPIRATOR,
        "GasShield X": Category.GAS_MASK,
        "GateKeeper 2D": Category.OTHER_NOT_LISTED,
        "FingerLock S1": Category.OTHER_NOT_LISTED,
    }
    assert all(product.internal and product.sales for product in products.values())


def test_two_products_are_described_differently_inside_and_outside():
    products = {product.name: product for product in load_catalogue(SHIPPED)}
    palm, air = products["PalmKey V2"], products["AirSense P4"]
    assert "confirms each opening" in palm.internal
    assert "unattended" in palm.sales
    assert "by itself" in air.internal
    assert "manual speeds" in air.sales


def test_what_nobody_decided_is_unknown(tmp_path):
    [product] = load(tmp_path, "X-1,Something 1,,,,,\n")
    assert (product.category, product.autonomous, product.aliases) == (Category.UNKNOWN, Truth.UNKNOWN, ())


def test_aliases_are_separated_by_semicolons_of_either_width(tmp_path):
    [product] = load(tmp_path, "X-1,Something 1,S1; S 1；某物1,iris_lock,no,a,b\n")
    assert product.aliases == ("S1", "S 1", "某物1")


@pytest.mark.parametrize(
    ("lines", "finding"),
    [
        ("X-1,A,,iris_lok,yes,,\n", ':2:4: "iris_lok" is not a value of category; did you mean "iris_lock"?'),
        ("X-1,A,,iris_lock,maybe,,\n", ':2:5: "maybe" is not a value of autonomous'),
        ("X-1,,,iris_lock,yes,,\n", ":2:2: name is empty; fill it in"),
        ("X-1,Face 300,,,,,\nX-2,B,face-300,,,,\n", ':3:3: "face-300" already names the product on line 2; use another name'),
        ("X-1,A,,,,a, b, c\n", ":2:8: this line has more cells than the head line; put quotes round commas in a text"),
    ],
)
def test_a_broken_line_is_named_by_line_and_column(tmp_path, lines, finding):
    with pytest.raises(BadFile) as caught:
        load(tmp_path, lines)
    assert finding in caught.value.findings[0]


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(BadFile, match='the column "sku" is missing'):
        load(tmp_path, "A\n", head="name\n")
