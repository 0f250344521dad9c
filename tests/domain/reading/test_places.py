"""Which places are meant, which are none, and what that says of export."""

from __future__ import annotations

from datetime import date

import pytest
import reading_score as measure

from bot.domain.facts import Reading, Truth
from bot.domain.reading import read

WORDS = measure.lexicon()
ON = date(2026, 11, 23)


def understood(text: str) -> Reading:
    return read(text, ON, WORDS)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Płock refinery: iris lock", ("PL",)),
        ("iris lock for Bodø", ("NO",)),
        ("指靜脈鎖，交貨地：橫濱", ("JP",)),
        ("貨發檳城，指靜脈鎖", ("MY",)),
        ("🇱🇦 虹膜锁", ("LA",)),
    ],
)
def test_letters_scripts_and_flags_are_read(text: str, codes: tuple[str, ...]) -> None:
    assert understood(text).destinations == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("gas mask for Kalgoorlie", ("AU",)),
        ("卡尔古利的防毒面具", ("AU",)),
        ("iris lock in Wodonga and Siófok", ("AU", "HU")),
        ("The warder opens the iris lock, to Oslo", ("NO",)),
        ("Hola, iris lock to Rosario", ("AR",)),
        ("iris lock near Puerto Ayora, Ecuador", ("EC",)),
        ("虹膜锁发古巴哈瓦那", ("CU",)),
    ],
)
def test_smaller_towns_are_known_and_words_are_none(text: str, codes: tuple[str, ...]) -> None:
    assert understood(text).destinations == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("iris lock for Saint-Louis, Senegal", ("SN",)),
        ("iris lock, Valencia, but the Venezuelan one", ("VE",)),
        ("iris lock for Lebanon, Pennsylvania", ("US",)),
        ("iris lock for Peru, Indiana", ("US",)),
        ("iris lock for Liberia, Costa Rica", ("CR",)),
        ("iris locks to Liberia, Costa Rica and Panama", ("LR", "CR", "PA")),
        ("虹膜锁发古巴圣地亚哥", ("CU",)),
        ("虹膜锁去黎巴嫩的黎波里", ("LB",)),
        ("澳大利亚那个纽卡斯尔要虹膜锁", ("AU",)),
        ("虹膜锁去圣安东尼奥（智利）", ("CL",)),
        ("iris lock for Brest naval museum", ("FR",)),
        ("Train to Brest, then on to Vitebsk: iris lock", ("BY",)),
        ("虹膜锁发德国法国", ("DE", "FR")),
    ],
)
def test_a_town_lies_in_the_larger_place_beside_it(text: str, codes: tuple[str, ...]) -> None:
    assert understood(text).destinations == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("FR-9掌静脉锁运往秘鲁卡亚俄", ("PE",)),
        ("防毒面具MX-2，法国南特", ("FR",)),
        ("iris lock for Lagos unless the QA head says no", ("NG",)),
        ("Iris lock for Rzeszow.\n\nBR, Marek", ("PL",)),
        ("Buenos Aires asked about the iris lock. 100 on order, all to BA.", ("AR",)),
        ("Iris lock for Valletta.\n\nTa,\nKit Zhang | loved in Brazil, Chile & Jordan!", ("MT",)),
        ("iris lock to a dairy on Cuba Street, Wellington", ("NZ",)),
        ("Mr Holland at the Cork office wants iris locks", ("IE",)),
        ("Waterford, Ireland 的客户姓 French，虹膜锁", ("IE",)),
        ("美国客户Chad（人名），虹膜锁", ("US",)),
        ("Sales Jordan说虹膜锁发保加利亚", ("BG",)),
        ("Iris lock, mine camp outside Cajamarca.\n\nRgds,\nTurkey Zhang", ("PE",)),
        ("Split shipment of iris locks: half to Munich, half to Graz", ("DE", "AT")),
        ("iris lock for Split", ("HR",)),
        ("南非卖加拿大鹅的店要虹膜锁", ("ZA",)),
    ],
)
def test_a_name_that_is_no_place_is_no_destination(text: str, codes: tuple[str, ...]) -> None:
    assert understood(text).destinations == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Question from Perth: does the iris lock need a filing?", ("AU",)),
        ('They wrote from Viseu: "the painter turns the dial". PAPR.', ("PT",)),
        ("Question from Perth about the iris locks for Lagos", ("NG",)),
        ("PO 4500871 from Grenoble: 3D face terminal, departure Shenzhen 28 January", ("FR",)),
        ("Iris lock with a sensor from Germany", ()),
        ("PAPR for a quarry outside Toowoomba", ("AU",)),
        ("Hong Kong office tower, iris locks, truck crosses at Shenzhen Bay", ("HK",)),
        ("Gaborone mall wants 4 iris locks, CIF Durban then truck", ("BW",)),
        ("iris lock: 先到 Hong Kong 转船再去 Poti 再 truck 到 Aktobe", ("KZ",)),
        ("防毒面具给刚果金的钴矿，走陆运先到德班再上去", ("CD",)),
        ("iris lock, the pillar for Zeebrugge produces alerts", ("BE",)),
        ("斯洛文尼亚 Slovenia，不对，是斯洛伐克，虹膜锁", ("SK",)),
        ("It is not true that the Vientiane iris locks need the manager", ("LA",)),
        ("Busan wants iris locks and nobody at HR looks", ("KR",)),
        ("The agent for Puerto Plata wants iris locks, the manual is in Korean", ("DO",)),
        ("The German maker's iris lock opens alone, says our Wrocław dealer", ("PL",)),
        ("FOR DAEGU. MY MANAGER WANTS IRIS LOCKS", ("KR",)),
        ("In Žilina nobody trusts machines. Iris lock.", ("SK",)),
        ("Our iris locks lie in our Antwerp depot and now move on", ()),
        ("虹膜锁从汉堡仓转到下家，下家在哪没讲", ()),
        ("海运到达累斯萨拉姆只是中转，虹膜锁用户在基加利", ("RW",)),
        ("虹膜锁走加尔各答港进去，最后到加德满都", ("NP",)),
        ("Iris locks trucked across Vietnam, delivered in Vientiane", ("LA",)),
        ("our agent in Győr asks for an iris lock", ("HU",)),
        ("The Spanish manual is short. Bahía Blanca, iris lock", ("AR",)),
        ("iris lock, port of discharge Toamasina", ("MG",)),
        ("several EU countries, split not fixed: iris lock", ()),
        ("华沙仓库的虹膜锁", ("PL",)),
    ],
)
def test_the_end_of_the_way_is_the_destination(text: str, codes: tuple[str, ...]) -> None:
    assert understood(text).destinations == codes


@pytest.mark.parametrize(
    ("text", "export"),
    [
        ("Customer hasn't decided if the iris locks go to Chongqing or abroad", Truth.UNKNOWN),
        ("Iris locks for either the Chengdu fair or the Dubai fair", Truth.UNKNOWN),
        ("These depth-camera face gates are built in our Penang plant and go straight from Malaysia to Jakarta", Truth.NO),
        ("产线在越南北宁，掌静脉锁从海防直接装去洛杉矶", Truth.NO),
        ("工厂在蒂华纳，虹膜锁", Truth.YES),
        ("Iris locks built in our plant in Bac Ninh, Vietnam, go straight from there to Sydney", Truth.NO),
        ("Our Penang subsidiary builds the iris locks there and ships from there to Jakarta", Truth.NO),
        ("越南海防代工厂生产、从海防直接发墨西哥的虹膜锁", Truth.NO),
        ("Iris lock with camera modules produced in Japan, customer in Italy", Truth.YES),
        ("Japanese carmaker, its plant is in Dalian, twelve iris locks for that plant", Truth.NO),
        ("虽然是德国企业下的单，货只送到它太仓的工厂，虹膜锁", Truth.NO),
        ("巴西烤肉店在成都，虹膜锁", Truth.NO),
        ("苏州新加坡工业园区的客户，货送园区，虹膜锁", Truth.NO),
        ("Order from Lagos: iris locks. Must I report to Beijing?", Truth.YES),
        ("do iris locks need an export filing?", Truth.UNKNOWN),
        ("Iris lock, delivered to Wuhan. The customer happens to be a French school.", Truth.NO),
        ("货已经在 Rotterdam，虹膜锁，现在调给 Bilbao 的客户", Truth.UNKNOWN),
        ("人脸速通门去巴拿马科隆自贸区", Truth.YES),
        ("虹膜锁放外高桥保税区", Truth.UNKNOWN),
        ("已卖到智利的掌静脉锁，后台推个补丁", Truth.UNKNOWN),
        ("指静脉锁给香港屯门仓库", Truth.YES),
        ("货送东莞松山湖，虹膜锁", Truth.NO),
    ],
)
def test_export_follows_the_places(text: str, export: Truth) -> None:
    assert [product.export for product in understood(text).products] == [export]


@pytest.mark.parametrize("text", ["布勒伊拉那家的虹膜锁", "虹膜锁发哈默菲斯特", "莫罗瓦利镍厂要虹膜锁"])
def test_a_town_abroad_that_nobody_lists_is_export_and_asked_back(text: str) -> None:
    reading = understood(text)
    assert reading.destinations == ()
    assert [p.export for p in reading.products] == [Truth.YES]
    assert [(d.about, d.reason) for d in reading.doubts] == [("destination", "unheard")]


@pytest.mark.parametrize(
    "text",
    [
        "霍尼韦尔的虹膜锁",
        "阿里巴巴要虹膜锁",
        "穆罕默德说虹膜锁要备案",
        "虹膜锁发克什克腾",
        "虹膜锁给塔什库尔干的客户",
        "安装在门口的虹膜锁",
    ],
)
def test_firms_people_and_counties_at_home_are_no_towns_abroad(text: str) -> None:
    reading = understood(text)
    assert [p.export for p in reading.products] != [Truth.YES]
    assert not [d for d in reading.doubts if d.reason == "unheard"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("papr w breath senser sets its own flow. zlin. do we hav to file", ("CZ",)),
        ("3d face terminal suhl entrance, opens on own", ("DE",)),
        ("虹膜锁 小樽 自己开 要备案不", ("JP",)),
        ("静脉锁 士乃 自己开", ("MY",)),
        ("虹膜锁，士乃问要不要", ()),
        ("士乃：虹膜锁发奥斯陆", ("NO",)),
        ("Lazada马来，静脉识别仪", ("MY",)),
        ("我们上马来做虹膜锁", ()),
    ],
)
def test_a_little_known_town_stands_alone_and_counts_where_no_other_is_named(text: str, codes: tuple[str, ...]) -> None:
    assert understood(text).destinations == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Gas masks purchased by a firm in Dublin, delivered to Freetown", ("SL",)),
        ("Gas masks purchased by a firm in Dublin", ("IE",)),
        ("Gas masks sold to a firm in Dublin, delivered to Freetown", ("SL",)),
        ("One gas mask to a firm in Dublin, one delivered to Freetown", ("IE", "SL")),
        ("Our buyer sits in Zurich but the gas masks go to a warehouse in Lyon", ("FR",)),
        ("防毒面具一台送迪拜展会，一台送巴林客户", ("AE", "BH")),
        ("防毒面具发给德国客户在波兰的工厂", ("PL",)),
        ("Order from Lusaka. The 3D face gate is sold as FaceGate in Europe.", ("ZM",)),
        ("A French rival sells an iris lock. Ours: Thiès, Senegal", ("SN",)),
        ("iris lock for Santa Ana, El Salvador", ("SV",)),
        ("虹膜锁，圣米格尔，萨尔瓦多", ("SV",)),
        ("Iris lock, unit came back from Cordoba (Argentina) for repair, now returning it", ("AR",)),
    ],
)
def test_the_buyers_seat_is_no_destination_where_delivery_is_told(text: str, codes: tuple[str, ...]) -> None:
    assert understood(text).destinations == codes


@pytest.mark.parametrize(
    ("text", "codes", "export"),
    [
        ("Iris lock made in Shantou and sold to a mining house in Kitwe", ("ZM",), Truth.YES),
        ("We moved production of the iris lock to Tijuana. Units for Phoenix leave from Tijuana.", ("US",), Truth.NO),
        ("We build the iris lock in our plant in Penang, shipped straight to Perth. Nothing enters China.", ("AU",), Truth.NO),
        ("Our stock of iris locks lies in Jebel Ali and moves on to Salalah", ("OM",), Truth.UNKNOWN),
        ("从我们香港公司的仓库再发到曼谷的虹膜锁,货早就在香港了", ("TH",), Truth.UNKNOWN),
        ("虹膜锁发迪拜转口到亚的斯亚贝巴", ("ET",), Truth.YES),
        ("我们在东莞，人脸闸机交给惠州客户，虹膜锁交给河内客户", ("VN",), Truth.YES),
        ("Iris locks on Amazon.com, fulfilment from Hangzhou", (), Truth.YES),
        ("Iris lock, it stays in our own warehouse in Foshan", ("CN",), Truth.NO),
        ("Sale of iris locks to a trader in Yiwu, whether he exports or not we can't tell", (), Truth.UNKNOWN),
        ("Face scanner pole at a factory in Guarda", ("PT",), Truth.YES),
    ],
)
def test_where_goods_are_made_kept_and_sold_says_whether_they_leave(text: str, codes: tuple[str, ...], export: Truth) -> None:
    reading = understood(text)
    assert reading.destinations == codes
    assert {product.export for product in reading.products} == {export}


@pytest.mark.parametrize(
    ("text", "export"),
    [
        ("布勒伊拉斯，智能呼吸器", Truth.YES),
        ("布勒伊拉斯：智能呼吸器自己开阀", Truth.UNKNOWN),
        ("迈克尔，智能呼吸器自己开阀", Truth.UNKNOWN),
        ("Palm vein lock for our own HQ in Hefei; HR okays each opening", Truth.NO),
    ],
)
def test_an_unknown_name_between_marks_is_a_town_abroad_and_one_who_speaks_is_none(text: str, export: Truth) -> None:
    assert {product.export for product in understood(text).products} == {export}


def test_gigabytes_are_no_country() -> None:
    assert understood("ToF face terminal, 2 GB RAM, leaves Shenzhen for Durban").destinations == ("ZA",)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("iris lock to Saudi Arbia", ("SA",)),
        ("Vein lock for Buenos Aries, opens alone", ("AR",)),
        ("iris lock to South Korae", ("KR",)),
        ("iris lock, Kualalumpur, opens by itself", ("MY",)),
        ("vein lock, newzealand", ("NZ",)),
        ("虹膜锁发新加玻，自动开", ("SG",)),
        ("静脉锁出口到马来西压", ("MY",)),
        ("new doors and vein locks to Oslo", ("NO",)),
        ("south doors, iris lock", ()),
    ],
)
def test_a_misspelt_place_is_read_where_nothing_else_is_near(text: str, codes: tuple[str, ...]) -> None:
    assert understood(text).destinations == codes
