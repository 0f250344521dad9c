/** Structured texts: Slack's rich_text blocks, and Jira's descriptions and comments (ADF or plain text with lists). */

import { emoji } from "./emoji.js";
import { anchor, inline, mrkdwn } from "./mrkdwn.js";
import { h } from "./vdom.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code" };

const styled = (node, style = {}) =>
  Object.keys(STYLES).reduce((inner, key) => (style[key] ? h(STYLES[key], {}, inner) : inner), node);

const SLACK_LEAVES = {
  text: (leaf) => leaf.text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line])),
  link: (leaf) => anchor(leaf.url, leaf.text || leaf.url),
  emoji: (leaf) => emoji(leaf.name) || `:${leaf.name}:`,
  user: (leaf) => inline(`<@${leaf.user_id}>`),
  channel: (leaf) => inline(`<#${leaf.channel_id}>`),
  date: (leaf) => inline(`<!date^${leaf.timestamp}^${leaf.format}|${leaf.fallback || ""}>`),
  broadcast: (leaf) => inline(`<!${leaf.range}>`),
};

const leaves = (elements = []) => elements.map((leaf) => styled(SLACK_LEAVES[leaf.type]?.(leaf) ?? leaf.text ?? "", leaf.style));

const SLACK_PARTS = {
  rich_text_section: (part) => h("div", { class: "lines" }, leaves(part.elements)),
  rich_text_quote: (part) => h("blockquote", {}, leaves(part.elements)),
  rich_text_preformatted: (part) => h("pre", { class: "code" }, leaves(part.elements)),
  rich_text_list: (part) =>
    h(
      part.style === "ordered" ? "ol" : "ul",
      { class: "bullets", style: `margin-left:${(part.indent || 0) * 20}px` },
      part.elements.map((row) => h("li", {}, leaves(row.elements))),
    ),
};

/** A rich_text block. */
export const richText = (block) => (block.elements || []).map((part) => SLACK_PARTS[part.type]?.(part));

const MARKS = { strong: "strong", em: "em", strike: "s", code: "code", underline: "u" };

function marked(node, marks = []) {
  return marks.reduce((inner, mark) => {
    if (mark.type === "link") return anchor(mark.attrs?.href || "", inner);
    return MARKS[mark.type] ? h(MARKS[mark.type], {}, inner) : inner;
  }, node);
}

const ADF = {
  text: (node) => marked(node.text, node.marks),
  hardBreak: () => h("br"),
  paragraph: (node) => h("p", {}, adf(node.content)),
  heading: (node) => h("h4", {}, adf(node.content)),
  bulletList: (node) => h("ul", { class: "bullets" }, adf(node.content)),
  orderedList: (node) => h("ol", { class: "bullets" }, adf(node.content)),
  listItem: (node) => h("li", {}, adf(node.content)),
  blockquote: (node) => h("blockquote", {}, adf(node.content)),
  panel: (node) => h("blockquote", {}, adf(node.content)),
  codeBlock: (node) => h("pre", { class: "code" }, adf(node.content)),
  rule: () => h("hr"),
  inlineCard: (node) => anchor(node.attrs?.url || "", node.attrs?.url || ""),
};

const adf = (nodes = []) => nodes.map((node) => (ADF[node.type] ? ADF[node.type](node) : adf(node.content)));

/** Jira text in whichever form it is kept. */
export function jiraText(text) {
  if (!text) return [];
  if (typeof text === "object") return adf(text.content);
  return mrkdwn(fromWiki(text.replace(/\r/g, "")));
}

/** "- row" and "* row" become bullets, "h3. Title" bold, "[words|address]" a link; signs that mean markup in chat only are shown. */
function fromWiki(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/^\s*[-*]\s+/gm, "• ")
    .replace(/^h[1-6]\.\s+(.+)$/gm, "*$1*")
    .replace(/\[([^\]|\n]+)\|(https?:[^\]\s]+)\]/g, "<$2|$1>");
}
