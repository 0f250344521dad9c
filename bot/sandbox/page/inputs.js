/** The inputs of a modal: each keeps what was typed until it is handed in, and shows the sentence about what is wrong. */

import { press } from "./acts.js";
import { isMany, optionsOf, selectBox, startOf, tickList } from "./elements.js";
import { plainText } from "./mrkdwn.js";
import { ui, update } from "./store.js";
import { h } from "./vdom.js";

const slot = (block) => `${block.block_id}|${block.element.action_id || ""}`;

/** What stands in an input now. */
export function valueOf(viewId, block) {
  const typed = ui.fields[viewId]?.[slot(block)];
  return typed === undefined ? startOf(block.element) : typed;
}

function keep(viewId, block, value) {
  (ui.fields[viewId] ||= {})[slot(block)] = value;
  const wrong = ui.errors[viewId];
  if (wrong?.[block.block_id]) delete wrong[block.block_id];
  update();
}

/** {block_id: value} of the input blocks of a view; what was and is empty is left out, what was emptied is not. */
export function valuesOf(view) {
  const inputs = (view.blocks || []).filter((block) => block.type === "input");
  const told = inputs.filter((block) => !empty(valueOf(view.id, block)) || !empty(startOf(block.element)));
  return Object.fromEntries(told.map((block) => [block.block_id, valueOf(view.id, block)]));
}

const empty = (value) => value === "" || value?.length === 0;

const TYPES = {
  email_text_input: "email",
  url_text_input: "url",
  number_input: "number",
  datepicker: "date",
  timepicker: "time",
  datetimepicker: "datetime-local",
};

function control(block, viewId, attributes) {
  const { element } = block;
  const value = valueOf(viewId, block);
  const type = (event) => keep(viewId, block, event.target.value);
  if (isMany(element) || element.type === "radio_buttons") return ticks(block, viewId, attributes);
  if (element.type.endsWith("_select")) return choice(block, viewId, attributes);
  if (element.type === "file_input")
    return h("input", {
      ...attributes,
      type: "file",
      multiple: (element.max_files || 10) > 1,
      class: "input",
      on: { change: (event) => readFiles(event, viewId, block) },
    });
  const words = { ...attributes, class: "input", value, placeholder: element.placeholder?.text || null, on: { input: type } };
  if (element.multiline) return h("textarea", { ...words, rows: "4", maxlength: element.max_length || null });
  return h("input", {
    ...words,
    type: TYPES[element.type] || "text",
    maxlength: element.max_length || null,
    autocomplete: "off",
  });
}

function choice(block, viewId, attributes) {
  const pick = (event) => {
    keep(viewId, block, event.target.value);
    if (block.dispatch_action) press({ view_id: viewId, block_id: block.block_id }, block.element.action_id, event.target.value);
  };
  return selectBox({
    options: optionsOf(block.element),
    value: valueOf(viewId, block),
    placeholder: block.element.placeholder?.text,
    pick,
    more: { ...attributes, "aria-label": null },
  });
}

function ticks(block, viewId, attributes) {
  const many = isMany(block.element);
  const chosen = new Set([].concat(valueOf(viewId, block)));
  const toggle = (value) => {
    const next = new Set(many ? chosen : []);
    next.has(value) ? next.delete(value) : next.add(value);
    keep(viewId, block, many ? [...next] : value);
  };
  const more = { id: attributes.id, "data-testid": attributes["data-testid"], "aria-label": block.label?.text };
  return tickList({ element: block.element, chosen, many, toggle, more, group: attributes.id });
}

/** A chosen file as it travels: {name, mimetype, content_base64}. */
export function readFile(file) {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () =>
      done({ name: file.name, mimetype: file.type, content_base64: String(reader.result).split(",")[1] || "" });
    reader.readAsDataURL(file);
  });
}

async function readFiles(event, viewId, block) {
  keep(viewId, block, await Promise.all([...event.target.files].map(readFile)));
}

/** An input block with label, hint and error. */
export function input(block, where) {
  const viewId = where.view_id;
  const id = `field-${block.block_id}`;
  const wrong = ui.errors[viewId]?.[block.block_id];
  const described = [block.hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  const attributes = {
    id,
    "data-testid": id,
    "aria-describedby": described || null,
    "aria-invalid": wrong ? "true" : null,
    "aria-required": block.optional ? null : "true",
  };
  return h(
    "div",
    { class: `field${wrong ? " is-wrong" : ""}` },
    h("label", { for: id }, plainText(block.label?.text || ""), block.optional && h("span", { class: "optional" }, "optional")),
    control(block, viewId, attributes),
    wrong && h("p", { class: "wrong", id: `${id}-wrong`, "data-testid": `error-${block.block_id}`, role: "alert" }, wrong),
    block.hint && h("p", { class: "hint", id: `${id}-hint` }, plainText(block.hint.text)),
  );
}
