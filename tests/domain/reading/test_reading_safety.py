"""A no takes a product out of scope, so nothing said beside a yes may make one: hundreds of texts put together by rule."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import pytest
import reading_score as measure
import yaml
from reading_cases import LOADER

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
NEVER_NO = [text for _, text in yaml.load(Path(__file__).with_name("never_no.yaml").read_text("utf-8"), Loader=LOADER)]
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


@pytest.mark.parametrize("text", NEVER_NO)
def test_a_no_needs_more_than_a_person_and_an_approval_in_one_text(text: str) -> None:
    assert all(p.autonomous is not Truth.NO for p in read(text, ON, WORDS).products)


@pytest.mark.parametrize("text", NOT_LOOK_ALIKES)
def test_a_listed_product_is_not_taken_for_what_it_has_or_resembles(text: str) -> None:
    assert outcome(text) != "out_of_scope"
