/** Block Kit's layout blocks, for messages, modals and the App Home alike. */

import { element } from "./elements.js";
import { input } from "./inputs.js";
import { fileAddress } from "./links.js";
import { markdown, mrkdwn, plainText, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { h } from "./vdom.js";

function section(block, where) {
  const body = h(
    "div",
    { class: "section-words" },
    textObject(block.text),
    block.fields &&
      h(
        "div",
        { class: "fields" },
        block.fields.map((field) => h("div", {}, textObject(field))),
      ),
  );
  if (!block.accessory) return body;
  return h(
    "div",
    { class: "section" },
    body,
    h("div", { class: "accessory" }, element(block.accessory, { ...where, block_id: block.block_id })),
  );
}

function context(block) {
  return h(
    "div",
    { class: "context" },
    block.elements.map((one) =>
      one.type === "image" ? h("img", { src: one.image_url, alt: one.alt_text || "" }) : h("span", {}, textObject(one)),
    ),
  );
}

/** A picture takes its room only once it is loaded: tell the list around it, which may have stood at its end. */
export const grown = (event) => event.target.dispatchEvent(new Event("grown", { bubbles: true }));

function image(block) {
  const address = fileAddress(block.image_url || block.slack_file?.url);
  return h(
    "figure",
    { class: "picture" },
    block.title && h("figcaption", {}, textObject(block.title)),
    h(
      "a",
      { href: address, target: "_blank", rel: "noopener noreferrer" },
      h("img", { src: address, alt: block.alt_text || "", on: { load: grown } }),
    ),
  );
}

function table(block) {
  const cell = (one) => (one.type === "rich_text" ? richText(one) : plainText(String(one.text ?? one.value ?? "")));
  return h(
    "div",
    { class: "table-scroll", tabindex: "0" },
    h(
      "table",
      {},
      (block.rows || []).map((row, index) =>
        h(
          "tr",
          {},
          row.map((one) => h(index ? "td" : "th", {}, cell(one))),
        ),
      ),
    ),
  );
}

const DRAWN = {
  section,
  context,
  image,
  table,
  input,
  header: (block) => h("h3", { class: "block-header" }, plainText(block.text.text)),
  divider: () => h("hr"),
  actions: (block, where) =>
    h(
      "div",
      { class: "actions" },
      block.elements.map((one) => element(one, { ...where, block_id: block.block_id })),
    ),
  rich_text: (block) => h("div", { class: "section-words" }, richText(block)),
  markdown: (block) => h("div", { class: "section-words" }, markdown(block.text)),
  file: (block) => h("p", { class: "unknown" }, `File ${block.external_id || ""}`),
};

/** Blocks in their order; `where` is {channel, ts} or {view_id}: what a press inside belongs to. */
export function blocks(list, where) {
  return list.map((block, index) =>
    h(
      "div",
      { class: `block block-${block.type}`, key: block.block_id || `${index}-${block.type}` },
      DRAWN[block.type] ? DRAWN[block.type](block, where) : h("span", { class: "unknown" }, `[${block.type}]`),
    ),
  );
}

/** The body of a message: its blocks or text, then coloured attachments. */
export function messageBody(message, where) {
  const own = message.blocks?.length ? blocks(message.blocks, where) : mrkdwn(message.text);
  const attached = (message.attachments || []).map((one) =>
    h(
      "div",
      { class: "attachment", style: one.color ? `--bar:${colour(one.color)}` : null },
      one.blocks?.length ? blocks(one.blocks, where) : mrkdwn(one.text || one.fallback),
    ),
  );
  return [own, attached];
}

const NAMED = { good: "var(--green)", warning: "var(--amber)", danger: "var(--red)" };
const colour = (name) => NAMED[name] || (/^#?[0-9a-f]{6}$/i.test(name) ? `#${name.replace("#", "")}` : "var(--line)");
