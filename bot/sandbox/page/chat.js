/** The chat pane: a channel with its messages, a thread beside or over it, or the App Home. */

import { openHome } from "./acts.js";
import { blocks } from "./blocks.js";
import { composer } from "./composer.js";
import { icon } from "./icons.js";
import { avatar, messageList } from "./messages.js";
import {
  bot,
  channel,
  channelTitle,
  mainLine,
  me,
  partner,
  server,
  threadOf,
  ui,
  update,
  userName,
  waitingElsewhere,
} from "./store.js";
import { h } from "./vdom.js";
import { welcome } from "./welcome.js";

const places = new WeakMap(); // scroller -> was it at its end

/** Keep the end of a list in view while it was in view; else say that something came. */
function stick(area, count, name) {
  const before = places.get(area);
  if (!before || before.name !== name || before.end) area.scrollTop = area.scrollHeight;
  const end = atEnd(area);
  const fresh = !end && (ui.fresh[name] || (before?.name === name && count > before.count));
  if (Boolean(fresh) !== Boolean(ui.fresh[name])) update({ fresh: { ...ui.fresh, [name]: fresh } });
  places.set(area, { name, count, end });
}

const atEnd = (area) => area.scrollHeight - area.scrollTop - area.clientHeight < 40;

function scroller(name, count, label, children, extra = {}) {
  const scrolled = (event) => {
    const end = atEnd(event.target);
    places.set(event.target, { ...places.get(event.target), end });
    if (end && ui.fresh[name]) update({ fresh: { ...ui.fresh, [name]: false } });
  };
  return h(
    "div",
    {
      class: "scroller",
      key: name,
      role: "log",
      "aria-label": label,
      tabindex: "0",
      ...extra,
      after: (area) => stick(area, count, name),
      on: { scroll: scrolled, grown: (event) => stick(event.currentTarget, count, name) },
    },
    children,
  );
}

function freshPill(name) {
  if (!ui.fresh[name]) return null;
  const down = (event) => {
    const area = event.target.closest(".pane-column").querySelector(".scroller");
    area.scrollTop = area.scrollHeight;
  };
  return h("button", { type: "button", class: "fresh", key: "fresh", on: { click: down } }, icon("down"), "New messages");
}

function menuButton() {
  return (
    ui.narrow &&
    h(
      "button",
      {
        type: "button",
        class: "button button-quiet button-icon",
        "aria-label": "Channels and people",
        "data-testid": "open-menu",
        on: { click: () => update({ menu: "places" }) },
      },
      icon("menu"),
      waitingElsewhere().length > 0 && h("i", { class: "menu-dot", role: "img", "aria-label": "something new for others" }),
    )
  );
}

function channelView() {
  const one = channel(ui.place.id);
  if (!one) return h("div", { class: "pane-column", key: "nowhere" }, h("p", { class: "empty" }, "No channel yet."));
  const other = one.is_im ? partner(one, ui.me) : null;
  const messages = mainLine(one.id);
  const title = channelTitle(one);
  return h(
    "section",
    { class: "pane-column channel", key: `c${one.id}`, "aria-label": one.is_im ? title : `#${title}` },
    h(
      "header",
      { class: "pane-head" },
      menuButton(),
      h("h2", {}, other ? avatar(other, "avatar-small") : icon("hash"), title),
      h("span", { class: "pane-topic" }, one.topic?.value || one.topic || (other && !other.is_bot ? other.title : "") || ""),
    ),
    welcome(),
    scroller(
      one.id,
      messages.length,
      `Messages in ${title}`,
      messages.length || ui.pending.length ? messageList(messages, one.id) : nothingYet(title, one.is_im),
      { "data-testid": "messages" },
    ),
    unconnected(),
    freshPill(one.id),
    composer({
      channel: one.id,
      placeholder: `Write to ${one.is_im ? title : `#${title}`} as ${userName(ui.me)}`,
      testid: "composer",
      sendId: "send",
    }),
  );
}

function nothingYet(title, direct) {
  const about = server.slack.users.find((one) => one.is_bot);
  return h(
    "p",
    { class: "empty" },
    `Nothing here yet. Ask ${about ? userName(about.id) : "the bot"} something${direct ? "" : ` in #${title}`}, in plain words.`,
  );
}

/** What the bot says it is doing in a thread just now. */
function status(id, ts) {
  const note = server.slack?.notes?.[id];
  if (!note?.status || (note.thread_ts && note.thread_ts !== ts)) return null;
  return h("p", { class: "status", key: "status", role: "status" }, `${bot() ? userName(bot().id) : ""} ${note.status}`);
}

/** A bot that is not connected reads nothing: better to know. */
function unconnected() {
  return (
    server.slack?.connected === false &&
    h(
      "p",
      { class: "status", key: "unconnected", role: "status" },
      `${bot() ? userName(bot().id) : "The bot"} is not connected yet.`,
    )
  );
}

function threadView() {
  const { channel: id, ts } = ui.thread;
  const messages = threadOf(id, ts);
  const one = channel(id);
  const close = () => update({ thread: null });
  return h(
    "section",
    {
      class: "pane-column thread",
      key: `t${ts}`,
      "aria-label": "Thread",
      "data-testid": "thread",
      on: { keydown: (event) => event.key === "Escape" && !ui.menu && close() },
    },
    h(
      "header",
      { class: "pane-head" },
      h(
        "button",
        {
          type: "button",
          class: "button button-quiet thread-back",
          "aria-label": `Back to ${one ? channelTitle(one) : "the channel"}`,
          "data-testid": "thread-close",
          on: { click: close },
        },
        icon("back"),
        one && h("span", {}, one.is_im ? channelTitle(one) : `#${channelTitle(one)}`),
      ),
      h(
        "h2",
        {
          tabindex: "-1",
          ref: (el) =>
            !ui.narrow && !document.activeElement?.matches("textarea,input,select") && el.focus({ preventScroll: true }),
        },
        "Thread",
      ),
    ),
    scroller(`t${ts}`, messages.length, "Messages in this thread", messageList(messages, id, ts)),
    status(id, ts),
    freshPill(`t${ts}`),
    composer({ channel: id, thread: ts, placeholder: "Reply in the thread", testid: "thread-composer", sendId: "thread-send" }),
  );
}

function homeView() {
  const view = server.slack?.homes?.[ui.me];
  const name = bot() ? userName(bot().id) : "the bot";
  return h(
    "section",
    { class: "pane-column home", key: "home", "aria-label": "Home" },
    h(
      "header",
      { class: "pane-head" },
      menuButton(),
      h("h2", {}, icon("home"), "Home"),
      h("span", { class: "pane-topic" }, `What ${name} shows ${me() ? userName(ui.me) : "you"}`),
    ),
    h(
      "div",
      { class: "scroller home-view", key: `h${ui.me}`, tabindex: "0", "data-testid": "home-view" },
      view
        ? blocks(view.blocks || [], { view_id: view.id })
        : h(
            "div",
            { class: "empty" },
            ui.busy.has("home")
              ? "Opening…"
              : [
                  "Nothing published here yet. ",
                  h("button", { type: "button", class: "text-button", on: { click: openHome } }, "Open it again"),
                ],
          ),
    ),
  );
}

/** What the pane shows now. */
export function chatPane() {
  const main = ui.place.kind === "home" ? homeView() : channelView();
  return h(
    "main",
    {
      class: `pane chat${ui.thread ? " has-thread" : ""}`,
      key: "chat",
      hidden: ui.narrow && ui.pane !== "chat",
      "aria-label": "Chat",
    },
    main,
    ui.thread && threadView(),
  );
}
