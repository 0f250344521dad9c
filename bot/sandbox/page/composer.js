/** Where a message or a /command is written: Enter sends, Shift+Enter breaks the line, "/" and "@" offer what there is. */

import { say } from "./acts.js";
import { icon } from "./icons.js";
import { readFile } from "./inputs.js";
import { server, ui, update, users } from "./store.js";
import { h } from "./vdom.js";

// offered until the application says which commands it takes
const COMMANDS = [
  { command: "/scope", hint: "a question", about: "Ask whether an export needs a filing" },
  { command: "/filing", hint: "new | F-12", about: "Open a filing, or show one" },
  { command: "/shipment", hint: "add", about: "Add a shipment and its reminders" },
];

const slot = (channel, thread) => (thread ? `${channel}/${thread}` : channel);

/** A composer for a channel or a thread. */
export function composer({ channel, thread = null, placeholder, testid, sendId }) {
  const where = slot(channel, thread);
  const text = ui.drafts[where] || "";
  const offers = offered(text, where);
  return h(
    "form",
    { class: "composer", key: where, on: { submit: (event) => send(event, channel, thread) } },
    offers.length > 0 && list(offers, where),
    attachments(where),
    h(
      "label",
      { class: "button button-quiet button-icon attach", title: "Attach a file" },
      icon("clip"),
      h("input", {
        type: "file",
        class: "sr",
        multiple: true,
        "aria-label": "Attach a file",
        "data-testid": thread ? "thread-attach" : "attach",
        on: { change: (event) => attach(event, where) },
      }),
    ),
    h("textarea", {
      rows: "1",
      value: text,
      placeholder,
      "aria-label": placeholder,
      "data-testid": testid,
      "data-slot": where,
      enterkeyhint: "send",
      after: grow,
      on: { input: (event) => typed(where, event.target.value), keydown: (event) => keys(event, offers, where) },
    }),
    h(
      "button",
      {
        class: "button button-primary button-icon send",
        type: "submit",
        "aria-label": "Send",
        title: "Send (Enter)",
        disabled: !text.trim() && !ui.attached[where]?.length,
        "data-testid": sendId,
      },
      icon("send"),
    ),
  );
}

function typed(where, text) {
  ui.drafts[where] = text;
  update({ offer: 0, noOffer: null });
}

function grow(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, 160)}px`;
}

async function send(event, channel, thread) {
  event.preventDefault();
  const where = slot(channel, thread);
  const text = (ui.drafts[where] || "").trim();
  const files = ui.attached[where] || [];
  if (!text && !files.length) return;
  Object.assign(ui.drafts, { [where]: "" });
  Object.assign(ui.attached, { [where]: [] });
  update();
  if (await say(channel, text, thread || undefined, files)) return;
  ui.drafts[where] ||= text; // nothing typed is lost
  ui.attached[where] = files;
  update();
}

async function attach(event, where) {
  const chosen = [...event.target.files];
  event.target.value = "";
  ui.attached[where] = [...(ui.attached[where] || []), ...(await Promise.all(chosen.map(readFile)))];
  update();
}

function attachments(where) {
  const files = ui.attached[where] || [];
  const drop = (file) => update({ attached: { ...ui.attached, [where]: files.filter((one) => one !== file) } });
  return (
    files.length > 0 &&
    h(
      "div",
      { class: "attached" },
      files.map((file) =>
        h(
          "span",
          { class: "file" },
          icon("file"),
          h("span", {}, file.name),
          h(
            "button",
            { type: "button", class: "text-button", "aria-label": `Remove ${file.name}`, on: { click: () => drop(file) } },
            "Remove",
          ),
        ),
      ),
    )
  );
}

function keys(event, offers, where) {
  if (event.isComposing || event.keyCode === 229) return; // an input method is choosing characters
  if (offers.length && offerKeys(event, offers, where)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
}

function offerKeys(event, offers, where) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const takes = event.key === "Tab" || (event.key === "Enter" && !offers[at(offers)].whole);
  if (event.key === "Escape") update({ noOffer: where });
  else if (step) update({ offer: (at(offers) + step + offers.length) % offers.length });
  else if (takes) take(offers[at(offers)], where);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

const at = (offers) => Math.min(ui.offer || 0, offers.length - 1);

function take(offer, where) {
  typed(where, offer.text);
  document.querySelector(`[data-slot="${CSS.escape(where)}"]`)?.focus();
}

function offered(text, where) {
  if (ui.noOffer === where) return [];
  const slash = /^\/[\w-]*$/.exec(text);
  if (slash)
    return commands()
      .filter((one) => one.command.startsWith(text))
      .map((one) => ({
        label: one.command,
        hint: one.hint,
        about: one.about,
        text: `${one.command} `,
        whole: text === one.command,
      }));
  const name = /(^|\s)@(\p{L}*)$/u.exec(text);
  return name
    ? people(name[2].toLowerCase()).map((one) => ({
        label: `@${one.real_name || one.name}`,
        about: one.title,
        text: `${text.slice(0, text.length - name[2].length)}${one.real_name || one.name} `,
      }))
    : [];
}

const commands = () =>
  (server.slack?.commands?.length ? server.slack.commands : COMMANDS).map((one) => ({
    command: one.command,
    hint: one.hint ?? one.usage_hint ?? "",
    about: one.about ?? one.description ?? "",
  }));

const people = (start) =>
  users()
    .filter((one) => one.id !== ui.me && `${one.real_name} ${one.name}`.toLowerCase().includes(start))
    .slice(0, 6);

function list(offers, where) {
  return h(
    "div",
    { class: "offers", role: "listbox", "aria-label": "Suggestions" },
    offers.map((offer, index) =>
      h(
        "button",
        {
          type: "button",
          role: "option",
          tabindex: "-1",
          class: index === at(offers) ? "is-on" : "",
          "aria-selected": String(index === at(offers)),
          on: { mousedown: (event) => event.preventDefault(), click: () => take(offer, where) },
        },
        h("b", {}, offer.label),
        offer.hint && h("code", {}, offer.hint),
        offer.about && h("span", {}, offer.about),
      ),
    ),
  );
}

/** Put a text into a channel's composer and stand in it. */
export function fill(channel, text) {
  typed(channel, text);
  setTimeout(() => {
    const area = document.querySelector(`[data-slot="${CSS.escape(channel)}"]`);
    area?.focus();
    area?.setSelectionRange(text.length, text.length);
  });
}
