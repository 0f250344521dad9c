/** Block Kit's interactive elements: in a message or view they act at once, in a modal's input they keep a value. */

import { press, pressing } from "./acts.js";
import { icon } from "./icons.js";
import { fileAddress } from "./links.js";
import { plainText, textObject } from "./mrkdwn.js";
import { channels, people, ui, update, userName } from "./store.js";
import { h } from "./vdom.js";

const words = (text) => (typeof text === "string" ? text : text?.text || "");

/** All options of a select, groups flattened: [{value, label}]. */
export function optionsOf(element) {
  if (element.type?.includes("users_select")) return people().map((one) => ({ value: one.id, label: userName(one.id) }));
  if (/(channels|conversations)_select/.test(element.type))
    return channels()
      .filter((one) => !one.is_im)
      .map((one) => ({ value: one.id, label: `#${one.name}` }));
  const groups = element.option_groups?.flatMap((group) => group.options);
  return (groups || element.options || []).map((option) => ({
    value: option.value,
    label: words(option.text),
    more: words(option.description),
  }));
}

/** The value an element starts with: text, date, option value, user id, or a list of those. */
export function startOf(element) {
  const many =
    element.initial_options?.map((option) => option.value) ||
    element.initial_users ||
    element.initial_channels ||
    element.initial_conversations;
  if (many) return many;
  if (isMany(element)) return [];
  const date = element.initial_date || element.initial_time;
  return (
    element.initial_value ??
    date ??
    element.initial_option?.value ??
    element.initial_user ??
    element.initial_channel ??
    element.initial_conversation ??
    ""
  );
}

export const isMany = (element) => element.type === "checkboxes" || Boolean(element.type?.startsWith("multi_"));

/** Ask first when the element wants it, then press. */
function go(element, where, value) {
  const then = () => press(where, element.action_id, value);
  if (!element.confirm) return then();
  const { title, text, confirm, deny, style } = element.confirm;
  return update({
    confirm: {
      title: words(title),
      text,
      yes: words(confirm) || "Yes",
      no: words(deny) || "Cancel",
      danger: style === "danger",
      then,
    },
  });
}

const hook = (element, value) => ({
  "data-testid": `choice-${element.action_id}`,
  ...(value === undefined ? {} : { "data-value": value }),
});

function button(element, where) {
  const busy = pressing(where, element.action_id, element.value);
  const look = { primary: "button-primary", danger: "button-danger" }[element.style] || "";
  const common = {
    class: `button ${look}${busy ? " is-busy" : ""}`,
    "aria-label": element.accessibility_label || null,
    ...hook(element, element.value),
  };
  if (element.url && /^https?:/i.test(element.url)) {
    return h(
      "a",
      { ...common, href: element.url, target: "_blank", rel: "noopener noreferrer" },
      plainText(words(element.text)),
      icon("link"),
    );
  }
  return h(
    "button",
    { ...common, type: "button", disabled: busy, on: { click: () => go(element, where, element.value) } },
    plainText(words(element.text)),
  );
}

function select(element, where) {
  const options = optionsOf(element);
  const pick = (event) => event.target.value && go(element, where, event.target.value);
  return selectBox({ options, value: startOf(element), placeholder: words(element.placeholder), pick, more: hook(element) });
}

/** A native select, dressed. */
export function selectBox({ options, value, placeholder, pick, more = {} }) {
  return h(
    "span",
    { class: "select" },
    h(
      "select",
      { start: value || "", "aria-label": placeholder || "Choose", ...more, on: { change: pick } },
      h("option", { value: "" }, placeholder || "Choose…"),
      options.map((option) => h("option", { value: option.value }, option.label)),
    ),
    icon("down"),
  );
}

const timers = new WeakMap();

/** Dates change with every key while typed: act when the hand rests, on Enter or on leaving. */
function date(element, where, type = "date") {
  const settle = (input, wait) => {
    clearTimeout(timers.get(input));
    timers.set(
      input,
      setTimeout(() => commitDate(input, element, where), wait),
    );
  };
  const on = {
    change: (event) => settle(event.target, 700),
    blur: (event) => settle(event.target, 0),
    keydown: (event) => event.key === "Enter" && settle(event.target, 0),
  };
  return h("input", {
    class: "input input-date",
    type,
    start: startOf(element),
    "aria-label": words(element.placeholder) || "Date",
    ...hook(element),
    on,
  });
}

function commitDate(input, element, where) {
  const told = input.told ?? startOf(element);
  const halfTyped = element.type === "datepicker" && input.value < "2000"; // the year grows digit by digit
  if (!input.value || input.value === told || halfTyped) return;
  input.told = input.value;
  go(element, where, input.value);
}

function overflow(element, where) {
  const name = `overflow ${where.ts || where.view_id} ${element.action_id}`;
  const rows = optionsOf(element).map((option) => ({
    label: option.label,
    run: () => go(element, where, option.value),
    testid: `option-${option.value}`,
  }));
  return menu({ name, label: "More choices", rows, more: hook(element) });
}

/** A button with a menu of rows {label, run, testid?, danger?}. */
export function menu({ name, label, rows, more = {}, face = icon("more"), look = "button button-quiet button-icon" }) {
  const open = ui.menu === name;
  const toggle = () => update({ menu: open ? null : name });
  const choose = (row) => {
    update({ menu: null });
    row.run();
  };
  return h(
    "span",
    { class: "menu", "data-menu": "" },
    h(
      "button",
      {
        class: look,
        type: "button",
        "aria-label": label,
        "aria-haspopup": "menu",
        "aria-expanded": String(open),
        title: label,
        ...more,
        on: { click: toggle },
      },
      face,
    ),
    open &&
      h(
        "span",
        { class: "menu-rows", role: "menu", ref: (el) => el.querySelector("button")?.focus(), on: { keydown: walk } },
        rows.map((row) =>
          h(
            "button",
            {
              type: "button",
              role: "menuitem",
              class: row.danger ? "is-danger" : "",
              "data-testid": row.testid || null,
              on: { click: () => choose(row) },
            },
            row.label,
          ),
        ),
      ),
  );
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const rows = [...event.currentTarget.querySelectorAll("button")];
  rows.at((rows.indexOf(document.activeElement) + step) % rows.length).focus();
}

function ticks(element, where) {
  const chosen = new Set([].concat(startOf(element)));
  const many = element.type === "checkboxes";
  const toggle = (value) => {
    const next = new Set(many ? chosen : []);
    next.has(value) ? next.delete(value) : next.add(value);
    go(element, where, many ? [...next] : value);
  };
  return tickList({ element, chosen, many, toggle, more: hook(element) });
}

/** Checkboxes or radio buttons with their descriptions. */
export function tickList({ element, chosen, many, toggle, more = {}, group = element.action_id }) {
  return h(
    "span",
    { class: "ticks", role: many ? "group" : "radiogroup", ...more },
    optionsOf(element).map((option) =>
      h(
        "label",
        { class: "tick", key: option.value },
        h("input", {
          type: many ? "checkbox" : "radio",
          name: group,
          checked: chosen.has(option.value),
          value: option.value,
          on: { change: () => toggle(option.value) },
        }),
        h("span", {}, plainText(option.label), option.more && h("small", {}, plainText(option.more))),
      ),
    ),
  );
}

function picture(element) {
  return h("img", { class: "accessory-image", src: fileAddress(element.image_url), alt: element.alt_text || "" });
}

const DRAWN = {
  button,
  overflow,
  image: picture,
  checkboxes: ticks,
  radio_buttons: ticks,
  datepicker: (element, where) => date(element, where),
  timepicker: (element, where) => date(element, where, "time"),
  workflow_button: button,
};

/** An element that acts at once. */
export function element(one, where) {
  const draw = DRAWN[one.type] || (one.type.endsWith("_select") ? select : null);
  if (draw) return draw(one, where);
  if (one.type === "mrkdwn" || one.type === "plain_text") return h("span", {}, textObject(one));
  return h("span", { class: "unknown" }, `[${one.type}]`);
}
