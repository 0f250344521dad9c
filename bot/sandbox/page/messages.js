/** Messages: the line of a channel, a thread, and one message with its blocks, files, reactions and shortcuts. */

import { dropWhisper, react, shortcut } from "./acts.js";
import { grown, messageBody } from "./blocks.js";
import { menu } from "./elements.js";
import { emoji } from "./emoji.js";
import { icon, mark } from "./icons.js";
import { fileAddress } from "./links.js";
import { mrkdwn } from "./mrkdwn.js";
import { repliesTo, server, ui, update, user, userName, whispersIn, zone } from "./store.js";
import { day, daysUntil, hour, isoDay, relative } from "./time.js";
import { h } from "./vdom.js";

const instant = (ts) => Number(ts) * 1000 || Date.parse(server.now);

/** A person's initials on their own quiet colour; the bot shows the mark. */
export function avatar(person, look = "") {
  if (person?.is_bot) return h("span", { class: `avatar avatar-bot ${look}`, "aria-hidden": "true" }, mark());
  const name = person?.real_name || person?.name || "?";
  return h("span", { class: `avatar ${look}`, style: `--hue:${hue(person?.id || name)}`, "aria-hidden": "true" }, initials(name));
}

function initials(name) {
  if (/^\p{Script=Han}/u.test(name)) return name.slice(-2);
  const words = name.trim().split(/\s+/);
  return (words[0][0] + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase();
}

const hue = (text) => ([...text].reduce((sum, sign) => sum * 31 + sign.codePointAt(0), 7) * 137) % 360;

/** One message. `first` shows who and when; `thread` says it is shown inside its thread. */
function oneMessage(message, channelId, { first = true, thread = false, whispered = Boolean(message.ephemeral_to) }) {
  const author = user(message.user) ||
    (message.bot_id ? user("bot") : null) || { real_name: message.username || message.user, is_bot: Boolean(message.bot_id) };
  const where = { channel: channelId, ts: message.ts };
  const name = message.username && message.username !== author.name ? message.username : author.real_name || author.name;
  return h(
    "article",
    {
      class: `message${first ? " is-first" : ""}${whispered ? " is-whisper" : ""}`,
      key: `m${message.ts}`,
      "data-testid": "message",
      "data-ts": message.ts,
      "data-user": message.user || null,
    },
    first ? avatar(author) : h("time", { class: "message-side" }, hour(instant(message.ts), zone())),
    h(
      "div",
      { class: "message-main" },
      whispered && h("p", { class: "whisper-note" }, icon("eye"), "Only visible to you"),
      first &&
        h(
          "header",
          {},
          h("b", {}, name),
          author.is_bot && h("span", { class: "tag" }, "app"),
          h("time", { title: day(instant(message.ts), zone()) }, hour(instant(message.ts), zone())),
        ),
      h(
        "div",
        { class: "message-body", "data-testid": "message-body" },
        messageBody(message, where),
        message.edited && h("span", { class: "edited" }, "(edited)"),
      ),
      files(message),
      reactions(message, channelId),
      !thread && !whispered && threadLine(message, channelId),
      whispered && h("button", { type: "button", class: "text-button", on: { click: () => dropWhisper(message.ts) } }, "Dismiss"),
    ),
    !whispered && tools(message, channelId, thread),
  );
}

function files(message) {
  if (!message.files?.length) return null;
  return h(
    "div",
    { class: "files" },
    message.files.map((file) => {
      const address = fileAddress(file.url_private || file.permalink || file.url);
      const label = file.title || file.name || "File";
      if (address && /^image\//.test(file.mimetype || "")) {
        return h(
          "figure",
          { class: "picture" },
          h("figcaption", {}, label),
          h(
            "a",
            { href: address, target: "_blank", rel: "noopener noreferrer" },
            h("img", { src: address, alt: file.alt_txt || label, on: { load: grown } }),
          ),
        );
      }
      return h(
        address ? "a" : "span",
        { class: "file", href: address, target: "_blank", rel: "noopener noreferrer", "data-testid": "file" },
        icon("file"),
        h("span", {}, label),
      );
    }),
  );
}

function reactions(message, channelId) {
  if (!message.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map((one) =>
      h(
        "button",
        {
          type: "button",
          class: "reaction",
          title: (one.users || []).map(userName).join(", "),
          "aria-label": `${one.name.replaceAll("_", " ")}, ${one.count}`,
          "aria-pressed": String((one.users || []).includes(ui.me)),
          "data-testid": `reaction-${one.name}`,
          on: { click: () => react(channelId, message.ts, one.name) },
        },
        emoji(one.name) || `:${one.name}:`,
        h("b", {}, one.count ?? one.users?.length ?? 1),
      ),
    ),
  );
}

/** What everybody can read of a thread; an answer only one person sees is no reply to count. */
function threadLine(message, channelId) {
  const replies = repliesTo(channelId, message.ts).filter((one) => !one.ephemeral_to);
  if (!replies.length) return null;
  const faces = [...new Set(replies.map((one) => one.user))].slice(0, 3);
  const open = () => update({ thread: { channel: channelId, ts: message.ts }, awaited: null });
  return h(
    "button",
    { type: "button", class: "thread-line", "data-testid": "open-thread", on: { click: open } },
    faces.map((id) => avatar(user(id), "avatar-small")),
    h("b", {}, `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`),
    h("span", {}, `last ${hour(instant(replies.at(-1).ts), zone())}`),
  );
}

/** What one can do with a message: answer in its thread, and the shortcuts the application offers. */
function tools(message, channelId, thread) {
  const inThread = () => update({ thread: { channel: channelId, ts: message.thread_ts || message.ts }, awaited: null });
  const rows = (server.slack.shortcuts || []).map((one) => ({
    label: one.name,
    testid: `shortcut-${one.callback_id}`,
    run: () => shortcut(channelId, message.ts, one.callback_id),
  }));
  return h(
    "div",
    { class: "message-tools" },
    h(
      "button",
      {
        type: "button",
        class: "button button-quiet button-icon",
        "aria-label": "React with a tick",
        title: "React with ✅",
        "data-testid": "react",
        on: { click: () => react(channelId, message.ts, "white_check_mark") },
      },
      icon("check"),
    ),
    !thread &&
      h(
        "button",
        {
          type: "button",
          class: "button button-quiet button-icon",
          "aria-label": "Reply in thread",
          title: "Reply in thread",
          "data-testid": "reply",
          on: { click: inThread },
        },
        icon("chat"),
      ),
    rows.length > 0 &&
      menu({
        name: `message ${channelId} ${message.ts} ${thread}`,
        label: "More about this message",
        rows,
        more: { "data-testid": "message-menu" },
      }),
  );
}

/** Messages in order, with the days between them, what is on its way, and what only the acting person sees. */
export function messageList(messages, channelId, thread = null) {
  const whispers = whispersIn(channelId, thread);
  const waiting = ui.pending.filter((one) => one.user === ui.me && one.channel === channelId && one.thread_ts === thread);
  return [
    messages.map((message, index) => [
      !thread && dayLine(message, messages[index - 1]),
      oneMessage(message, channelId, { first: opens(message, messages[index - 1]), thread: Boolean(thread) }),
    ]),
    whispers.map((one) =>
      oneMessage(
        { user: one.message.user || server.slack.users.find((some) => some.is_bot)?.id, ...one.message, ts: one.id },
        channelId,
        { whispered: true, thread: Boolean(thread) },
      ),
    ),
    waiting.map((one) =>
      h(
        "article",
        { class: "message is-first is-waiting", key: `p${one.id}` },
        avatar(user(one.user)),
        h(
          "div",
          { class: "message-main" },
          h("header", {}, h("b", {}, userName(one.user)), h("time", {}, "sending…")),
          h("div", { class: "message-body" }, mrkdwn(one.text)),
        ),
      ),
    ),
  ];
}

const opens = (message, before) =>
  !before ||
  message.ephemeral_to ||
  before.ephemeral_to ||
  before.user !== message.user ||
  before.username !== message.username ||
  Number(message.ts) - Number(before.ts) > 300 ||
  newDay(message, before);

const newDay = (message, before) => !before || isoDay(instant(message.ts), zone()) !== isoDay(instant(before.ts), zone());

function dayLine(message, before) {
  if (!newDay(message, before)) return null;
  const date = isoDay(instant(message.ts), zone());
  const days = daysUntil(date, server.now, zone());
  const words = days === 0 || days === -1 ? relative(days) : day(instant(message.ts), zone());
  return h("div", { class: "day-line", key: `d${date}` }, h("span", {}, words[0].toUpperCase() + words.slice(1)));
}
