/** The first-screen card: three lines about what to try, and questions that fill the composer with one click. */

import { go } from "./acts.js";
import { fill } from "./composer.js";
import { icon } from "./icons.js";
import { bot, channelsOf, ui, update, userName } from "./store.js";
import { h } from "./vdom.js";

const EXAMPLES = [
  { text: "Can we ship 40 FaceGate 300 with auto-unlock to Hamburg, leaving 12 Dec?", lang: "en" },
  { text: "FaceGate 300 带自动开门，40 台发迪拜，12 月 12 日走，要备案吗？", lang: "zh" },
];

function example({ text, lang }, index) {
  const use = () => {
    const sales = channelsOf(ui.me).find((one) => one.name === "sales") || channelsOf(ui.me)[0];
    if (!sales) return;
    go(sales.id);
    fill(sales.id, `${bot() ? `@${userName(bot().id)} ` : ""}${text}`);
  };
  return h(
    "button",
    {
      type: "button",
      class: "chip",
      lang,
      "data-testid": `example-${index + 1}`,
      title: `Put this into the composer: ${text}`,
      on: { click: use },
    },
    text,
  );
}

/** The card, until it is dismissed. */
export function welcome() {
  if (!ui.welcome) return null;
  return h(
    "section",
    { class: "welcome", key: "welcome", "data-testid": "welcome", "aria-label": "What to try" },
    h(
      "button",
      {
        type: "button",
        class: "button button-quiet button-icon welcome-close",
        "aria-label": "Hide what to try",
        title: "Hide",
        "data-testid": "welcome-close",
        on: { click: () => update({ welcome: false }) },
      },
      icon("close"),
    ),
    h(
      "ol",
      {},
      h(
        "li",
        {},
        h(
          "div",
          { class: "welcome-ask" },
          h("p", {}, h("b", {}, "Ask in #sales:")),
          h("div", { class: "chips" }, EXAMPLES.map(example)),
        ),
      ),
      h(
        "li",
        {},
        h(
          "p",
          {},
          h("b", {}, "Press “Open filing”"),
          " and watch the board: one ticket, its tasks dated back from the ship date.",
        ),
      ),
      h(
        "li",
        {},
        h(
          "p",
          {},
          h("b", {}, "Move the clock"),
          " and reminders arrive. Li Na’s /lists update in #compliance looks at past answers again.",
        ),
      ),
    ),
  );
}
