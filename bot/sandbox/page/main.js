/** The page: draws everything from what the store knows, and follows the sandbox. */

import { dropNotice, go, refresh } from "./acts.js";
import { follow } from "./api.js";
import { boardPane } from "./board.js";
import { chatPane } from "./chat.js";
import { clockBar, clockPane, now } from "./clock.js";
import { icon, mark } from "./icons.js";
import { followAddress } from "./links.js";
import { confirmation, modal, restoreFocus } from "./modal.js";
import { sidebar } from "./sidebar.js";
import { channelsOf, directOf, drawnBy, markSeen, server, ui, unseen, update, waitingElsewhere } from "./store.js";
import { h, render } from "./vdom.js";

const root = document.getElementById("app");
const phone = matchMedia("(max-width: 900px)");

function topBar() {
  return h(
    "header",
    { class: "top", key: "top" },
    h("div", { class: "brand" }, mark(), h("h1", {}, "Filing Desk"), h("span", { class: "tag" }, "sandbox")),
    ui.narrow ? now() : clockBar(),
    h(
      "button",
      {
        type: "button",
        class: "button button-quiet button-icon",
        key: "help",
        "aria-label": "What to try",
        title: "What to try",
        "aria-pressed": String(ui.welcome),
        "data-testid": "help",
        on: { click: help },
      },
      icon("help"),
    ),
  );
}

/** Show what to try, wherever one is; hide it when it is in view. */
function help() {
  const inView = ui.welcome && ui.place.kind === "channel" && !ui.thread && (!ui.narrow || ui.pane === "chat");
  update({ welcome: !inView });
  if (!inView) go(ui.place.id);
}

function tabs() {
  const waiting =
    waitingElsewhere().length + [...channelsOf(ui.me), ...directOf(ui.me)].filter((one) => unseen(ui.me, one.id) > 0).length;
  const tab = (pane, glyph, label, count) =>
    h(
      "button",
      {
        type: "button",
        class: ui.pane === pane ? "is-on" : "",
        "aria-current": ui.pane === pane ? "page" : null,
        "data-testid": `tab-${pane}`,
        on: { click: () => update({ pane, menu: null }) },
      },
      icon(glyph),
      h("span", {}, label),
      count > 0 && h("i", { class: "tab-dot", role: "img", "aria-label": "something new" }),
    );
  return h(
    "nav",
    { class: "tabs", key: "tabs", "aria-label": "Panes" },
    tab("chat", "chat", "Chat", waiting),
    tab("board", "board", "Board"),
    tab("clock", "clock", "Clock"),
  );
}

function drawer() {
  if (ui.menu !== "places") return null;
  const shut = () => update({ menu: null });
  return h(
    "dialog",
    {
      class: "drawer",
      key: "drawer",
      "aria-label": "Channels and people",
      ref: (el) => el.showModal(),
      on: {
        cancel: (event) => {
          event.preventDefault();
          shut();
        },
        close: shut,
        click: (event) => event.target.tagName === "DIALOG" && shut(),
      },
    },
    sidebar(),
  );
}

function notices() {
  return h(
    "div",
    {
      class: `notices${ui.narrow && ui.pane === "clock" ? " is-low" : ""}`,
      key: "notices",
      role: "status",
      "aria-live": "polite",
    },
    ui.lost &&
      h(
        "p",
        { class: "notice is-bad", key: "lost", "data-testid": "lost" },
        icon("alert"),
        "The sandbox does not answer. Trying again…",
      ),
    ui.notices.map((one) =>
      h(
        "p",
        { class: `notice${one.bad ? " is-bad" : ""}`, key: one.id, "data-testid": "notice" },
        one.bad && icon("alert"),
        h("span", {}, one.text),
        one.deed &&
          h(
            "button",
            { type: "button", class: "notice-deed", "data-testid": "notice-deed", on: { click: () => doFrom(one) } },
            one.deed.words,
          ),
        h(
          "button",
          {
            type: "button",
            class: "button button-quiet button-icon",
            "aria-label": "Dismiss",
            on: { click: () => dropNotice(one.id) },
          },
          icon("close"),
        ),
      ),
    ),
  );
}

function doFrom(one) {
  dropNotice(one.id);
  one.deed.run();
}

function draw() {
  if (!server.slack)
    return render(
      root,
      h(
        "p",
        { class: "empty starting", key: "starting" },
        ui.lost ? "The sandbox does not answer yet. Trying again…" : "Starting…",
      ),
    );
  markSeen();
  const desk = h(
    "div",
    { class: "desk", key: "desk" },
    !ui.narrow && sidebar(),
    chatPane(),
    boardPane(),
    ui.narrow && clockPane(),
  );
  const form = modal(notices); // a modal covers the page, so the notices go inside it
  render(root, [topBar(), desk, ui.narrow && tabs(), drawer(), form, confirmation(), !form && notices()]);
  return restoreFocus();
}

/** Menus close on a click elsewhere and on Escape, and the button gets the focus back. */
function closeMenus() {
  addEventListener(
    "pointerdown",
    (event) => ui.menu && ui.menu !== "places" && !event.target.closest("[data-menu]") && update({ menu: null }),
  );
  addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !ui.menu || ui.menu === "places") return;
      const open = document.querySelector("[aria-expanded=true]");
      update({ menu: null });
      open?.focus();
    },
    true,
  );
}

function lost(is) {
  if (ui.lost !== is) update({ lost: is });
}

async function start() {
  drawnBy(draw);
  ui.narrow = phone.matches;
  phone.addEventListener("change", () => update({ narrow: phone.matches, menu: null }));
  closeMenus();
  update();
  await refresh().catch(() => lost(true));
  followAddress();
  follow(() => server.version, refresh, lost);
}

start();
