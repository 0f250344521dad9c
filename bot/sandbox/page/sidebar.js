/** The left column: who one is, the channels and direct messages, the App Home, and who else got something. */

import { become, go, openDirect, openHome } from "./acts.js";
import { icon } from "./icons.js";
import { avatar } from "./messages.js";
import {
  bot,
  channelsOf,
  channelTitle,
  directOf,
  localTime,
  me,
  partner,
  people,
  roleOf,
  ui,
  unseen,
  userName,
  waitingElsewhere,
} from "./store.js";
import { h } from "./vdom.js";

/** The switcher: a native select laid over a card, so keyboard, phone and screen reader get what they know. */
function whoAmI() {
  const self = me();
  if (!self) return null;
  return h(
    "div",
    { class: "who" },
    h("p", { class: "side-title" }, "You are"),
    h(
      "div",
      { class: "who-card" },
      avatar(self),
      h(
        "span",
        { class: "who-words" },
        h("b", {}, userName(self.id)),
        h("small", {}, roleOf(self)),
        h("small", { class: "number" }, localTime(self)),
      ),
      icon("down"),
      h(
        "select",
        {
          "aria-label": "Act as",
          "data-testid": "user-switch",
          value: ui.me,
          on: { change: (event) => become(event.target.value) },
        },
        people().map((one) => h("option", { value: one.id }, `${userName(one.id)} · ${roleOf(one)} · ${localTime(one)}`)),
      ),
    ),
  );
}

function row({ label, glyph, on, current, count, testid }) {
  return h(
    "li",
    { key: testid },
    h(
      "button",
      {
        type: "button",
        class: `side-row${current ? " is-on" : ""}${count ? " is-unread" : ""}`,
        "aria-current": current ? "page" : null,
        "data-testid": testid,
        on: { click: on },
      },
      glyph,
      h("span", {}, label),
      count > 0 && h("span", { class: "count", "aria-label": `${count} new` }, count),
    ),
  );
}

function channelRow(one) {
  const other = one.is_im ? partner(one, ui.me) : null;
  const current = ui.place.kind === "channel" && ui.place.id === one.id;
  return row({
    label: channelTitle(one),
    glyph: other ? avatar(other, "avatar-small") : icon("hash"),
    on: () => go(one.id),
    current,
    count: current ? 0 : unseen(ui.me, one.id),
    testid: other ? `dm-${other.is_bot ? "bot" : other.name}` : `channel-${one.name}`,
  });
}

function elsewhere() {
  const waiting = waitingElsewhere();
  if (!waiting.length) return null;
  return h(
    "section",
    { class: "elsewhere", key: "elsewhere", "aria-live": "polite" },
    h("p", { class: "side-title" }, "New for others"),
    h(
      "ul",
      {},
      waiting.map(({ person, channel, count }) =>
        h(
          "li",
          { key: person.id },
          h(
            "button",
            {
              type: "button",
              class: "side-row is-unread",
              "data-testid": `elsewhere-${person.name}`,
              title: `Act as ${userName(person.id)} and read it`,
              on: { click: () => become(person.id, channel.id) },
            },
            avatar(person, "avatar-small"),
            h("span", {}, userName(person.id)),
            h("span", { class: "count", "aria-label": `${count} new` }, count),
          ),
        ),
      ),
    ),
  );
}

const withBot = (one) => partner(one, ui.me)?.is_bot;

/** The whole column. */
export function sidebar() {
  const direct = directOf(ui.me);
  return h(
    "nav",
    { class: "sidebar", key: "sidebar", "aria-label": "Channels" },
    whoAmI(),
    h("ul", {}, row({ label: "Home", glyph: icon("home"), on: openHome, current: ui.place.kind === "home", testid: "home" })),
    h("p", { class: "side-title" }, "Channels"),
    h("ul", {}, channelsOf(ui.me).map(channelRow)),
    h("p", { class: "side-title" }, "Direct messages"),
    h(
      "ul",
      {},
      direct.map(channelRow),
      !direct.some(withBot) &&
        bot() &&
        row({ label: userName(bot().id), glyph: avatar(bot(), "avatar-small"), on: openDirect, testid: "dm-bot" }),
    ),
    elsewhere(),
    h(
      "p",
      { class: "side-foot" },
      `${bot() ? userName(bot().id) : "The bot"} here is the real bot; only this Slack and this Jira are local.`,
    ),
  );
}
