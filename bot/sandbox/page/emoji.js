/** The emoji shortcodes a work chat really uses; the coloured dots are drawn, so they look alike on every system. */

import { h } from "./vdom.js";

const CHARACTERS = {
  white_check_mark: "✅",
  heavy_check_mark: "✔️",
  ballot_box_with_check: "☑️",
  x: "❌",
  warning: "⚠️",
  no_entry: "⛔",
  no_entry_sign: "🚫",
  octagonal_sign: "🛑",
  rotating_light: "🚨",
  hourglass: "⌛",
  hourglass_flowing_sand: "⏳",
  alarm_clock: "⏰",
  clock9: "🕘",
  calendar: "📅",
  date: "📅",
  spiral_calendar_pad: "🗓️",
  bell: "🔔",
  no_bell: "🔕",
  zzz: "💤",
  speech_balloon: "💬",
  memo: "📝",
  page_facing_up: "📄",
  clipboard: "📋",
  paperclip: "📎",
  link: "🔗",
  mag: "🔍",
  lock: "🔒",
  unlock: "🔓",
  key: "🔑",
  ship: "🚢",
  airplane: "✈️",
  truck: "🚚",
  package: "📦",
  factory: "🏭",
  globe_with_meridians: "🌐",
  earth_asia: "🌏",
  flag_cn: "🇨🇳",
  bulb: "💡",
  bar_chart: "📊",
  chart_with_upwards_trend: "📈",
  arrow_right: "➡️",
  arrow_up: "⬆️",
  arrow_down: "⬇️",
  repeat: "🔁",
  arrows_counterclockwise: "🔄",
  point_right: "👉",
  point_up: "☝️",
  wave: "👋",
  pray: "🙏",
  thumbsup: "👍",
  "+1": "👍",
  thumbsdown: "👎",
  "-1": "👎",
  eyes: "👀",
  tada: "🎉",
  heart: "❤️",
  smile: "😄",
  slightly_smiling_face: "🙂",
  thinking_face: "🤔",
  question: "❓",
  grey_question: "❔",
  exclamation: "❗",
  information_source: "ℹ️",
  rocket: "🚀",
  robot_face: "🤖",
  wrench: "🔧",
  file_folder: "📁",
  triangular_flag_on_post: "🚩",
  scales: "⚖️",
  red_square: "🟥",
  white_small_square: "▫️",
};

const DOTS = {
  large_green_circle: "green",
  green_circle: "green",
  large_yellow_circle: "amber",
  yellow_circle: "amber",
  large_orange_circle: "amber",
  orange_circle: "amber",
  red_circle: "red",
  large_red_circle: "red",
  large_blue_circle: "blue",
  blue_circle: "blue",
  white_circle: "grey",
};

const DOT_CHARACTERS = { "🟢": "green", "🟡": "amber", "🟠": "amber", "🔴": "red", "🔵": "blue", "⚪": "grey" };

const dot = (colour, label) => h("span", { class: `dot dot-${colour}`, role: "img", "aria-label": label });

/** The emoji of a shortcode without its colons, or null. */
export function emoji(code) {
  if (DOTS[code]) return dot(DOTS[code], code.replaceAll("_", " "));
  const base = code.split("::")[0];
  return CHARACTERS[base]
    ? h("span", { class: "emoji", role: "img", "aria-label": base.replaceAll("_", " ") }, CHARACTERS[base])
    : null;
}

/** Text with its coloured-circle characters drawn. */
export function drawDots(text) {
  return text
    .split(/(🟢|🟡|🟠|🔴|🔵|⚪)/u)
    .map((part) => (DOT_CHARACTERS[part] ? dot(DOT_CHARACTERS[part], `${DOT_CHARACTERS[part]} circle`) : part));
}
