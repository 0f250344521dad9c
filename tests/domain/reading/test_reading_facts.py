"""Threads, doubts, dates and the other things a single line of cases.yaml does not show."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import reading_score as measure

from bot.datafiles.lexicon import load_lexicon
from bot.domain.facts import Category, Intent, Reading, Truth
from bot.domain.reading import read
from bot.errors import BadFile

WORDS = measure.lexicon()
ON = date(2026, 11, 23)


def understood(text: str, before: Reading | None = None) -> Reading:
    return read(text, ON, WORDS, before)


def test_a_follow_up_takes_the_product_and_who_decides_from_the_thread() -> None:
    first = understood("FaceGate 300 with auto-unlock to Hamburg, ETD 12 Dec")
    then = understood("and to Italy?", first)
    assert then.intent is Intent.SCOPE
    assert [(p.category, p.autonomous, p.export) for p in then.products] == [(Category.FACE_3D_TERMINAL, Truth.YES, Truth.YES)]
    assert then.destinations == ("IT",)
    assert then.ship_date == date(2026, 12, 12)
    assert set(then.inherited) == {"category", "autonomous", "ship_date"}


def test_a_follow_up_that_changes_who_decides_keeps_the_rest() -> None:
    first = understood("FaceGate 300 with auto-unlock to Hamburg")
    then = understood("what if a guard approves each opening?", first)
    assert [(p.category, p.autonomous, p.export) for p in then.products] == [(Category.FACE_3D_TERMINAL, Truth.NO, Truth.YES)]
    assert then.destinations == ("DE",)
    assert set(then.inherited) == {"category", "export", "destinations"}


def test_another_product_in_a_follow_up_keeps_the_destination_only() -> None:
    first = understood("FaceGate 300 with auto-unlock to Hamburg")
    then = understood("and the IrisLock Pro?", first)
    assert [(p.category, p.autonomous, p.export) for p in then.products] == [(Category.IRIS_LOCK, Truth.UNKNOWN, Truth.YES)]
    assert then.destinations == ("DE",)


@pytest.mark.parametrize(
    ("text", "decides"),
    [
        ("what if a guard approves?", Truth.NO),
        ("如果由值班员确认呢？", Truth.NO),
        ("what if we switch it off?", Truth.UNKNOWN),
        ("如果关掉自动模式呢？", Truth.UNKNOWN),
        ("要是改成人工确认呢？", Truth.UNKNOWN),
        ("what if it goes to Italy?", Truth.YES),
        ("and on 3 March 2027?", Truth.YES),
    ],
)
def test_what_a_follow_up_supposes_takes_the_place_of_what_was_said(text: str, decides: Truth) -> None:
    then = understood(text, understood("Our iris lock opens by itself. To Hamburg, ETD 12 Dec."))
    assert then.intent is Intent.SCOPE
    assert [(p.category, p.autonomous) for p in then.products] == [(Category.IRIS_LOCK, decides)]
    assert ("autonomous" in then.inherited) is (decides is Truth.YES)


def test_a_follow_up_with_another_day_is_asked_of_that_day() -> None:
    then = understood("and on 3 March 2027?", understood("FaceGate 300 with auto-unlock to Hamburg, ETD 12 Dec"))
    assert (then.intent, then.ship_date) == (Intent.SCOPE, date(2027, 3, 3))
    assert "ship_date" not in then.inherited


def test_thanks_in_a_thread_takes_nothing_over() -> None:
    then = understood("thanks!", understood("FaceGate 300 with auto-unlock to Hamburg"))
    assert then.intent is Intent.SMALLTALK
    assert then.inherited == ()


def test_evidence_of_an_inherited_fact_is_not_claimed_for_the_new_words() -> None:
    then = understood("and to Italy?", understood("FaceGate 300 with auto-unlock to Hamburg"))
    assert "autonomous" not in then.products[0].evidence


def test_contradicting_sentences_are_unknown_and_both_are_named() -> None:
    reading = understood("The iris lock opens by itself. A guard approves each opening. To Rome.")
    doubt = next(d for d in reading.doubts if d.about == "autonomous")
    assert reading.products[0].autonomous is Truth.UNKNOWN
    assert doubt.reason == "contradiction"
    assert doubt.candidates == ("The iris lock opens by itself", "A guard approves each opening")


def test_a_family_name_of_two_products_is_asked_back() -> None:
    reading = understood("FaceGate with auto-unlock to Berlin")
    doubt = next(d for d in reading.doubts if d.about == "product")
    assert doubt.reason == "ambiguous"
    assert set(doubt.candidates) == {"FaceGate 300", "FaceGate 100"}
    assert reading.products[0].category is Category.UNKNOWN


def test_a_misspelt_model_is_proposed_and_never_taken() -> None:
    reading = understood("veingaurd 5 to Oslo")
    assert [d.candidates for d in reading.doubts if d.about == "product"] == [("VeinGuard 5",)]
    assert reading.products[0].category is Category.UNKNOWN


def test_another_number_is_another_model_and_not_even_proposed() -> None:
    reading = understood("VeinGuard 6 to Oslo")
    assert all("VeinGuard 5" not in d.candidates for d in reading.doubts if d.reason == "near_miss" and "6" in d.words)
    assert reading.products[0].category is Category.UNKNOWN


def test_the_catalogue_never_says_who_decides() -> None:
    assert understood("FaceGate 300 to Hamburg").products[0].autonomous is Truth.UNKNOWN


def test_korea_is_read_and_asked_back_congo_only_asked() -> None:
    korea, congo = understood("iris lock to Korea"), understood("iris lock to Congo")
    assert korea.destinations == ("KR",)
    assert [d.candidates for d in korea.doubts] == [("KR", "KP")]
    assert congo.destinations == ()
    assert [d.candidates for d in congo.doubts] == [("CD", "CG")]


def test_a_region_is_kept_as_a_region_and_is_an_export() -> None:
    reading = understood("iris lock opens by itself, for the EU and the Middle East")
    assert reading.destinations == ()
    assert reading.regions == ("EU", "MIDDLE_EAST")
    assert reading.products[0].export is Truth.YES


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("iris lock, ETD 12 Dec", date(2026, 12, 12)),
        ("iris lock, ETD December 12th, 2027", date(2027, 12, 12)),
        ("iris lock leaves 2027-01-05", date(2027, 1, 5)),
        ("iris lock, ETD 25/12/2026", date(2026, 12, 25)),
        ("iris lock ships in two weeks", date(2026, 12, 7)),
        ("iris lock ships tomorrow", date(2026, 11, 24)),
        ("iris lock ships next Friday", date(2026, 12, 4)),
        ("虹膜锁，船期12月5日", date(2026, 12, 5)),
        ("虹膜锁明年3月15号发货", date(2027, 3, 15)),
        ("虹膜锁下周三发货", date(2026, 12, 2)),
        ("虹膜锁十二月二十号走货", date(2026, 12, 20)),
        ("iris lock ships Friday week", date(2026, 12, 4)),
        ("iris lock leaves the Wednesday after next", date(2026, 12, 9)),
        ("iris lock leaves Monday the week after next", date(2026, 12, 7)),
        ("iris lock, sailing in a fortnight", date(2026, 12, 7)),
        ("iris lock, loading on Monday 14 December", date(2026, 12, 14)),
        ("iris lock, ETD was 10 Dec, now 21 Dec", date(2026, 12, 21)),
        ("iris lock to Oslo the day after tomorrow", date(2026, 11, 25)),
        ("tomorrow, 3 iris locks, Ireland", date(2026, 11, 24)),
        ("iris lock ships on the 6th", date(2026, 12, 6)),
        ("虹膜锁，船期 12 月 12 日", date(2026, 12, 12)),
        ("虹膜锁，船期１２月１２日", date(2026, 12, 12)),
        ("虹膜锁26号发货", date(2026, 11, 26)),
        ("虹膜锁原定12月5日发货，推迟到12月20日", date(2026, 12, 20)),
        ("虹膜锁，2月10日前到鹿特丹", None),
        ("iris lock to Oslo, our engineer is on leave until Monday", None),
        ("iris lock to Oslo, support is there 24/7", None),
        ("iris lock, tender deadline 12 Dec", None),
        ("iris lock, ETA 12 Dec", None),
        ("iris lock, ETD in March", None),
        ("iris lock, ETD 30 Feb 2027", None),
        ("iris lock goes to Jakarta next month", None),
        ("iris lock to Haifa, goes where my thumb points, from Fribourg", None),
        ("虹膜锁, mon发", date(2026, 11, 30)),
        ("虹膜锁预计12月20日到多哈", None),
        ("虹膜锁,客人在赫尔辛基,12/18从深圳飞", date(2026, 12, 18)),
        ("iris lock for a tender in Windhoek, we must submit on 4 December", None),
    ],
)
def test_the_ship_date_is_read_from_the_forms_people_write(text: str, day: date | None) -> None:
    assert understood(text).ship_date == day


def test_an_ambiguous_date_is_asked_back_with_both_days() -> None:
    reading = understood("iris lock to Spain, ETD 05/06/2027")
    assert reading.ship_date is None
    assert [d.candidates for d in reading.doubts if d.about == "ship_date"] == [("2027-05-06", "2027-06-05")]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("turkey wants 20 iris locks", ("TR",)),
        ("Jordan from sales promised Portugal the iris locks", ("PT",)),
        ("Chad in RMA asks about an iris lock for Atlanta", ("US",)),
        ("虹膜锁发德法两国", ("DE", "FR")),
        ("iris lock for San Antonio, Chile", ("CL",)),
        ("iris lock, changing ship in Kingston, Jamaica, for Panama", ("PA",)),
        ("Norway? no, Sweden: iris locks", ("SE",)),
        ("iris lock with a Panama hat as logo, to Ljubljana", ("SI",)),
        ("虹膜锁，布拉格发悉尼", ("AU",)),
        ("iris locks shipped from our plant in Izmir to Nigeria", ("NG",)),
        ("iris locks in the Waigaoqiao bonded zone", ()),
        ("our stock in the Rotterdam warehouse: iris locks, to be resold to Ghana", ("GH",)),
        ("iris lock for Funchal", ("PT",)),
        ("虹膜锁发乌普萨拉", ("SE",)),
        ("Must the iris lock for Sharjah be filed in China?", ("AE",)),
        ("Do I fill in a form in China for the iris lock? It goes to Maputo.", ("MZ",)),
        ("iris lock, to be installed in China", ("CN",)),
        ("castries cruise pier, iris lock", ("LC",)),
        ("Nürnberg: iris lock", ("DE",)),
    ],
)
def test_a_place_is_a_destination_only_where_goods_go(text: str, codes: tuple[str, ...]) -> None:
    assert understood(text).destinations == codes


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("iris lock in Osaka", [Category.IRIS_LOCK]),
        ("vein lock up to Oslo", [Category.VEIN_LOCK]),
        ("Does a CPAP machine count as an intelligent respirator?", [Category.OTHER_NOT_LISTED]),
        ("医用呼吸机算智能呼吸器吗", [Category.OTHER_NOT_LISTED]),
        ("Does our unit count as a gas mask?", [Category.GAS_MASK]),
        ("palm vein and 3D face in one lock", [Category.VEIN_LOCK]),
        ("palm vien lock to Paris", [Category.VEIN_LOCK]),
        ("video intercom with iris recognition", [Category.UNKNOWN]),
        ("人脸识别终端发奥克兰，不知道是不是3D", [Category.UNKNOWN]),
        ("人脸终端是2D还是3D不清楚，发奥斯陆", [Category.UNKNOWN]),
        ("face recognition terminal to Oslo, not sure whether it is 3D", [Category.UNKNOWN]),
    ],
)
def test_the_family_is_that_of_the_thing_itself(text: str, families: list[Category]) -> None:
    assert [p.category for p in understood(text).products] == families


def test_the_former_and_the_latter_are_the_products_named_before() -> None:
    reading = understood(
        "Iris locks and 3D face terminals to Oman. With the former the warden releases every door, the latter opens on match."
    )
    assert [(p.category, p.autonomous) for p in reading.products] == [
        (Category.IRIS_LOCK, Truth.NO),
        (Category.FACE_3D_TERMINAL, Truth.YES),
    ]


def test_goods_sent_to_a_warehouse_abroad_are_exported_but_stock_there_is_not_decided() -> None:
    assert understood("虹膜锁从深圳发美国海外仓").products[0].export is Truth.YES
    assert understood("虹膜锁在海外仓").products[0].export is Truth.UNKNOWN


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("don't open a filing yet: does the iris lock for Leeds need one?", Intent.SCOPE),
        ("stop nagging me about the Riyadh shipment", Intent.REMINDER),
        ("pls remnd me about F-15", Intent.REMINDER),
        ("汉堡那单的备案交上去没有", Intent.FILING_STATUS),
        ("怎么问你产品的事，有格式要求吗", Intent.HELP),
        ("虹膜锁只弹窗提醒，值班员同意才开，发大阪要备案吗", Intent.SCOPE),
        ("麻煩幫我開一張備案單，3D人臉終端，出日本", Intent.CREATE_FILING),
    ],
)
def test_what_a_person_wants_is_not_taken_from_one_word(text: str, wanted: Intent) -> None:
    assert understood(text).intent is wanted


def test_ids_are_found_and_written_alike() -> None:
    assert understood("may f-12 and SO-4711 ship?").references == ("F-12", "SO-4711")


@pytest.mark.parametrize("text", ["", "   ", "🔒", "\x00\x01", "。。。", "'", "a" * 10_000])
def test_odd_texts_are_read_as_saying_nothing(text: str) -> None:
    reading = understood(text)
    assert reading.intent in (Intent.HELP, Intent.SMALLTALK)
    assert reading.destinations == ()


def test_an_empty_scope_question_still_holds_one_unknown_product() -> None:
    reading = understood("do we need a filing?")
    assert reading.intent is Intent.SCOPE
    assert [(p.category, p.autonomous, p.export) for p in reading.products] == [(Category.UNKNOWN, Truth.UNKNOWN, Truth.UNKNOWN)]


def test_the_eu_has_no_britain_after_it_left_and_asean_has_timor_once_it_joined() -> None:
    assert "GB" in WORDS.members("EU", date(2019, 1, 1))
    assert "GB" not in WORDS.members("EU", ON)
    assert len(WORDS.members("EU", ON)) == 27
    assert "TL" not in WORDS.members("ASEAN", date(2025, 10, 25))
    assert "TL" in WORDS.members("ASEAN", ON)


def test_a_missing_or_broken_word_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"products\.yaml"):
        load_lexicon(tmp_path)
    (tmp_path / "products.yaml").write_text("cues: [\n", "utf-8")
    with pytest.raises(BadFile, match=r"products\.yaml:\d+:\d+"):
        load_lexicon(tmp_path)
