/** The Jira board: three columns by kind of status, tickets as cards with the progress of their sub-tasks. */

import { icon } from "./icons.js";
import { avatar } from "./messages.js";
import { parents, subtasks, ui, update } from "./store.js";
import { ticketView } from "./ticket.js";
import { assigneeOf, dueMark, progress } from "./ticket_parts.js";
import { h } from "./vdom.js";

const COLUMNS = [
  ["new", "To do"],
  ["indeterminate", "In progress"],
  ["done", "Done"],
];

function card(one) {
  const who = assigneeOf(one);
  return h(
    "li",
    { key: one.key },
    h(
      "button",
      { type: "button", class: "card", "data-testid": `board-card-${one.key}`, on: { click: () => update({ ticket: one.key }) } },
      h("span", { class: "card-key" }, one.key),
      h("span", { class: "card-title" }, one.summary),
      progress(subtasks(one.key)),
      h(
        "span",
        { class: "card-foot" },
        dueMark(one),
        who &&
          h(
            "span",
            { class: "card-who", title: who.real_name },
            avatar(who, "avatar-small"),
            h("span", { class: "sr" }, who.real_name),
          ),
      ),
    ),
  );
}

function column([kind, title]) {
  const cards = parents().filter((one) => one.status_kind === kind);
  return h(
    "section",
    { class: `column column-${kind}`, key: kind, "aria-label": title, "data-testid": `column-${kind}` },
    h("h3", {}, h("i", { class: `segment-${kind}` }), title, h("span", { class: "column-count" }, cards.length)),
    h("ul", {}, cards.map(card)),
  );
}

function board() {
  const count = parents().length;
  return h(
    "div",
    { class: "pane-column", key: "board" },
    h("header", { class: "pane-head" }, h("h2", {}, icon("board"), "Board"), h("span", { class: "pane-topic" }, "Jira, local")),
    h("div", { class: "columns" }, COLUMNS.map(column)),
    !count &&
      h(
        "p",
        { class: "empty board-empty" },
        "No tickets yet. An answer that needs a filing carries an “Open filing” button; its ticket appears here.",
      ),
  );
}

/** The board, or one ticket of it. */
export function boardPane() {
  return h(
    "aside",
    { class: "pane board", key: "board", hidden: ui.narrow && ui.pane !== "board", "aria-label": "Jira board" },
    ui.ticket ? ticketView(ui.ticket) : board(),
  );
}
