/** The sandbox's time: what it is, what comes next, moving it; and the menu that makes the two servers misbehave. */

import { moveClock, notice, orderFault } from "./acts.js";
import { icon } from "./icons.js";
import { server, ui, update, zone } from "./store.js";
import { city, day, hour, instantOf, isoDay } from "./time.js";
import { h } from "./vdom.js";

const TROUBLE = [
  ["slack", "drop_response", "Slack does it, but the answer is lost"],
  ["slack", "redeliver", "Slack delivers the next event twice"],
  ["slack", "status_429", "Slack says “slow down” (429)"],
  ["slack", "disconnect", "Slack’s connection breaks"],
  ["jira", "drop_response", "Jira creates it, but the answer is lost"],
  ["jira", "status_503", "Jira is down (503), three times"],
  ["jira", "delay", "Jira answers late"],
];

const COUNTS = { status_503: 3 };

/** The date and time, in the acting person's zone. */
export function now(testid = "clock-now") {
  return h(
    "time",
    { class: "now", key: "now", datetime: server.now, "data-testid": testid, "data-now": server.now },
    h("span", { class: "now-day" }, day(server.now, zone())),
    " ",
    h("b", {}, hour(server.now, zone())),
    " ",
    h("span", { class: "now-zone" }, city(zone())),
  );
}

function moveButtons() {
  const busy = ui.busy.has("clock");
  const next = server.next_due;
  const when = next
    ? `${day(next, zone(), next.slice(0, 4) !== server.now.slice(0, 4))}, ${hour(next, zone())}`
    : "nothing is waiting";
  return [
    h(
      "button",
      {
        type: "button",
        key: "next",
        class: "button button-next",
        disabled: busy || !next,
        "data-testid": "clock-next",
        title: "Move the clock to the next thing that is due",
        on: { click: () => moveClock({ to: "next" }) },
      },
      icon("next"),
      h("span", {}, "Next reminder"),
      h("small", {}, when),
    ),
    h(
      "button",
      {
        type: "button",
        key: "day",
        class: "button",
        disabled: busy,
        "data-testid": "clock-day",
        on: { click: () => moveClock({ advance: "P1D" }) },
      },
      "+1 day",
    ),
    h(
      "form",
      { class: "jump", key: "jump", on: { submit: jump } },
      h("input", {
        class: "input input-date",
        type: "date",
        min: isoDay(server.now, zone()),
        start: "",
        "aria-label": "Date to jump to, 09:00 your time",
        "data-testid": "clock-date",
        disabled: busy,
      }),
      h("button", { type: "submit", class: "button", disabled: busy, "data-testid": "clock-jump" }, "Jump"),
    ),
  ];
}

function jump(event) {
  event.preventDefault();
  const chosen = event.target.querySelector("input").value;
  if (!chosen) return notice("Choose the date to jump to first.", true);
  const to = instantOf(chosen, "09:00", zone());
  if (to <= new Date(server.now).toISOString()) return notice("The clock only moves forward. Choose a later date.", true);
  return moveClock({ to });
}

function ordered() {
  return Object.entries(server.faults || {}).flatMap(([service, faults]) =>
    [].concat(faults || []).map((fault) => ({ service, ...fault })),
  );
}

const named = (fault) =>
  TROUBLE.find(([service, kind]) => service === fault.service && kind === fault.kind)?.[2] || `${fault.service}: ${fault.kind}`;

function troubleRows() {
  const waiting = ordered();
  return [
    h("p", { class: "trouble-about" }, "The next request meets it. Watch the bot cope: nothing lost, nothing twice."),
    TROUBLE.map(([service, kind, words]) =>
      h(
        "button",
        { type: "button", "data-testid": `trouble-${service}-${kind}`, on: { click: () => cause(service, kind, words) } },
        words,
      ),
    ),
    waiting.length > 0 &&
      h(
        "p",
        { class: "trouble-waiting", "data-testid": "trouble-waiting" },
        "Waiting: ",
        waiting.map((fault) => `${named(fault)}${fault.count > 1 ? ` × ${fault.count}` : ""}`).join("; "),
      ),
  ];
}

async function cause(service, kind, words) {
  update({ menu: null });
  if (await orderFault(service, kind, COUNTS[kind] || 1)) notice(`Ordered: ${words}.`);
}

function trouble() {
  const open = ui.menu === "trouble";
  const waiting = ordered().length;
  return h(
    "span",
    { class: "menu trouble", key: "trouble", "data-menu": "" },
    h(
      "button",
      {
        type: "button",
        class: "button button-quiet",
        "aria-expanded": String(open),
        "aria-haspopup": "true",
        "data-testid": "trouble",
        on: { click: () => update({ menu: open ? null : "trouble" }) },
      },
      icon("bolt"),
      h("span", {}, "Make trouble"),
      waiting > 0 && h("span", { class: "count" }, waiting),
    ),
    open &&
      h(
        "div",
        {
          class: "menu-rows trouble-rows",
          role: "group",
          "aria-label": "Make trouble",
          ref: (el) => el.querySelector("button")?.focus(),
        },
        troubleRows(),
      ),
  );
}

/** The bar on a wide screen. */
export function clockBar() {
  return h(
    "div",
    {
      class: `clock-bar${ui.busy.has("clock") ? " is-moving" : ""}`,
      key: "clock",
      role: "group",
      "aria-label": "Clock",
      "aria-busy": String(ui.busy.has("clock")),
    },
    now(),
    moveButtons(),
    ui.busy.has("clock") && h("span", { class: "moving", role: "status" }, "Moving the clock…"),
    trouble(),
  );
}

/** The pane on a phone. */
export function clockPane() {
  const busy = ui.busy.has("clock");
  return h(
    "section",
    {
      class: `pane clock-pane${busy ? " is-moving" : ""}`,
      key: "clock-pane",
      hidden: ui.pane !== "clock",
      "aria-label": "Clock",
      "aria-busy": String(busy),
    },
    h(
      "div",
      { class: "scroller", tabindex: "0" },
      h("div", { class: "clock-face" }, h("p", { class: "side-title" }, "It is now"), now("clock-face")),
      h("div", { class: "clock-moves" }, moveButtons()),
      busy && h("p", { class: "moving", role: "status" }, "Moving the clock…"),
      h("section", { class: "trouble-section" }, h("h3", {}, icon("bolt"), "Make trouble"), troubleRows()),
    ),
  );
}
