"""A no takes a product out of scope, so nothing said beside a yes may make one: hundreds of texts put together by rule."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
import reading_score as measure

from bot.domain.facts import Truth
from bot.domain.reading import read

WORDS = measure.lexicon()
ON = date(2026, 11, 23)
DOORS = ("3D face terminal", "iris lock")
ACTING = (
    "opens by itself",
    "unlocks automatically on match",
    "no guard has to confirm",
    "the door opens as soon as it recognises somebody",
)
BESIDE = (
    "the guard confirms the delivery",
    "our manager approved the budget",
    "the operator manual is enclosed",
    "security reads the logs on Monday",
    "with a manual release for fire",
    "the admin enrols new users once",
    "legal has to approve the contract",
    "payment confirmed",
    "employees press no button",
    "kindly approve my question",
    "the old model needed a guard",
    "a guard stands outside",
    "the parts come from Dongguan",
    "our HQ is in Hangzhou",
    "met them at the Canton Fair",
    "loading in Yantian",
    "tested in Chengdu",
    "it also has a fingerprint reader",
    "with RFID card as second factor",
    "it replaces their old fingerprint locks",
    "with intercom",
    "brackets are included",
    "not a 2D camera",
    "the wearer presses a power button to start",
    "fixed price",
    "no card reader",
    "the Chinese version stays here",
)
DOORS_ZH = ("3D人脸终端", "虹膜锁")
ACTING_ZH = ("自动开门", "无需人工确认就放行", "不用保安", "识别后自己开锁")
BESIDE_ZH = (
    "保安站在门外",
    "主管每晚收到报告",
    "老板已经批准预算",
    "操作手册随机",
    "带应急手动开关",
    "屏幕只显示欢迎语",
    "夜班保安已经辞退",
    "请确认",
    "零件来自东莞",
    "广交会认识的",
    "盐田港起运",
    "芯片从台湾进口",
    "还带指纹",
    "带刷卡备用",
    "替换他们的指纹锁",
    "带支架",
    "老型号要保安确认",
)
UNCERTAIN = (
    "A guard could press a button. Iris lock, Graz.",
    "Vein lock for Tbilisi: human confirmation was scrapped last year",
    "With this vein lock in Quito the say-so of a guard is neither needed nor possible",
    "Iris lock for Brno where the yes/no comes from the chip",
    "We ship iris locks to Jakarta. Security gets an e-mail for each opening, which has then already happened.",
    "The PAPR learns the wearer's breathing and sets the flow accordingly. Houston.",
    "Not a single opening of the 3D face terminal is confirmed by a human. Oslo.",
    "The customer in Leeds was worried a guard must confirm. Vein lock.",
    "3D face terminal, Udine: below 90% the guard decides, above it opens",
    "Iris lock, Oslo, confirmed by none of the guards",
    "We took the approval button off the vein lock for Basel before shipping",
    "Vein lock for Arad: the manager's app only shows who went in",
    "Flow: set by controller from mask pressure; user control: none. Powered respirator, Plzen",
    "人工确认：产品里没有这一项。静脉锁，马斯喀特",
    "保安工会说要确认，其实没有任何保安确认。虹膜锁，布拉迪斯拉发",
    "放行的不是操作员而是算法，3D人脸终端，安卡拉",
    "保安可以按按钮，但虹膜锁不等他就开了，格拉茨",
    "访客由保安确认，员工直接过，虹膜锁，摩德纳",
)
TURNED = (
    "The iris lock for Oslo has a guard beside it. He may look, he may whistle, the leaf moves anyway.",
    "A steward used to wave people in at the vein lock for Cairo; today that's history.",
    "The supervisor can press stop within ten seconds, otherwise the vein lock for Doha has already let the person in.",
    "The vein lock we offer Turkey does what the clerk did before: decide who comes in.",
    "The PAPR for Kenya frees the worker from turning the knob.",
    "The gas mask for Peru warns the soldier and, a second later, has changed the canister.",
    "Iris lock to Oslo displays a name and clears the way.",
    "Who opens the iris lock in Oslo? You'd think the guard. Wrong.",
    "Without pressing anything the visitor is let in by the iris lock in Oslo.",
    "The manual says a guard approves each entry. The manual is wrong for the iris lock in Oslo.",
    "Each entry is confirmed by the algorithm, the guard has no button. Iris lock to Oslo.",
    "Iris lock to Oslo: the guard approves every visitor, employees are the lock's business.",
    "The iris lock in Oslo does not bother the guard with approvals.",
    "Oslo buys the iris lock so that no longer a guard must approve each entry.",
    "虹膜锁去奥斯陆，保安按钮是按给领导看的，门不归他管。",
    "虹膜锁去奥斯陆，客户嫌保安每次按太慢，所以买了它。",
    "虹膜锁去奥斯陆，省得保安每次按按钮。",
    "虹膜锁去奥斯陆，访客要保安确认，员工看一眼门就开。",
    "虹膜锁去奥斯陆，保安不反对就算同意。",
    "送风呼吸器去肯尼亚，工人不用再拧旋钮，风机看着办。",
    "送风呼吸器去肯尼亚，工人拧旋钮只是开机，后面它自己来。",
    "防毒面具去秘鲁，屏幕提示的同时就把滤罐换了。",
    "静脉锁去多哈，柜员以为是自己放的人，其实是锁。",
    "Iris lock to Oslo. It mimics what a guard would do: confirm each entry and press release.",
    "Iris lock to Oslo, virtual guard confirms every entry.",
    "Instead of a person the 3D face terminal in Oslo confirms each entry.",
    "3D face terminal, Oslo: guard confirmation of every entry is simulated in software.",
    "3D face terminal, Oslo: only in the training mode a guard confirms every entry.",
    "Vein lock, Doha. The tellers agreed that it may open alone.",
    "Vein lock, Doha. Officer approval is optional per event.",
    "Gas mask, Peru. Passive until gas appears, then active.",
    "送风呼吸器去肯尼亚，三档风，哪一档由控制器看呼吸定。",
    "3D人脸终端去奥斯陆，保安每次确认之前人已经进去了。",
    "3D人脸终端去奥斯陆，像保安一样逐个确认后放行。",
)
"""A person and an approval are spoken of, but the device is what acts, or may be."""
NOT_LOOK_ALIKES = (
    "带风机的防毒面具发奥斯陆，自己切换滤罐",
    "乌兰巴托消防要的智能面具，传感器一报警就自己换到对应滤毒罐",
    "the police in Oslo want that smart mask, it flips over to the other filter on its own",
    "welding helmet with PAPR to Oslo, adjusts the airflow by itself",
    "3D face gate with thermometer to Oslo, opens by itself",
    "生物识别锁（指纹还是静脉还是虹膜没说），自己开门，墨西哥",
    "仁川造船厂的送风呼吸器，自动调风量",
)


def outcome(text: str) -> object:
    return measure.answer(read(text, ON, WORDS))["verdict"]


@pytest.mark.parametrize(("things", "acting", "beside", "form"), [
    (DOORS, ACTING, BESIDE, "{0} to Oslo, {1}, {2}."),
    (DOORS, ACTING, BESIDE, "{0} for Oslo. {2}. {1}."),
    (DOORS_ZH, ACTING_ZH, BESIDE_ZH, "{0}发奥斯陆，{1}，{2}"),
    (DOORS_ZH, ACTING_ZH, BESIDE_ZH, "发奥斯陆的{0}，{2}。{1}。"),
])  # fmt: skip
def test_no_remark_beside_a_yes_takes_the_product_out(
    things: tuple[str, ...], acting: tuple[str, ...], beside: tuple[str, ...], form: str
) -> None:
    texts = [form.format(*parts) for parts in product(things, acting, beside)]
    assert [text for text in texts if outcome(text) == "out_of_scope"] == []


@pytest.mark.parametrize("text", UNCERTAIN + TURNED)
def test_a_no_needs_more_than_a_person_and_an_approval_in_one_text(text: str) -> None:
    assert all(p.autonomous is not Truth.NO for p in read(text, ON, WORDS).products)


@pytest.mark.parametrize("text", NOT_LOOK_ALIKES)
def test_a_listed_product_is_not_taken_for_what_it_has_or_resembles(text: str) -> None:
    assert outcome(text) != "out_of_scope"
