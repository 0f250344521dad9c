/** Slack's mrkdwn (and rich_text) turned into nodes; foreign text only ever becomes text, never markup. */

import { drawDots, emoji } from "./emoji.js";
import { inside } from "./links.js";
import { channel, locale, server, ui, user, userName, zone } from "./store.js";
import { fillDate } from "./time.js";
import { h } from "./vdom.js";

const TOKEN =
  /`[^`\n]+`|<[^<>\n]+>|:[a-z0-9_+-]+(?:::[a-z0-9-]+)?:|https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)\]"'，。；：！？）]|[*_~]/giu;
const TAGS = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}_]/u; // of any script: Slack makes nothing bold in the middle of Chinese

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const plain = (text) => drawDots(unescape(text));

/** A whole mrkdwn text: paragraphs, quotes, bullets and code. */
export function mrkdwn(text) {
  return (text || "")
    .split(/```/)
    .flatMap((part, index) => (index % 2 ? h("pre", { class: "code" }, unescape(part.replace(/^\n|\n$/g, ""))) : lines(part)));
}

function lines(text) {
  const trimmed = text.replace(/^\n|\n$/g, "");
  if (!trimmed) return [];
  const groups = [];
  for (const line of trimmed.split("\n")) {
    const [kind, rest] = kindOf(line);
    if (groups.at(-1)?.kind === kind) groups.at(-1).rows.push(rest);
    else groups.push({ kind, rows: [rest] });
  }
  return groups.map(group);
}

function kindOf(line) {
  const quote = /^(?:>|&gt;)\s?(.*)$/.exec(line);
  if (quote) return ["quote", quote[1]];
  const bullet = /^\s*[•◦▪‣]\s+(.*)$/.exec(line);
  return bullet ? ["bullet", bullet[1]] : ["text", line];
}

function group({ kind, rows }) {
  if (kind === "quote") return h("blockquote", {}, broken(rows));
  if (kind === "bullet")
    return h(
      "ul",
      { class: "bullets" },
      rows.map((row) => h("li", {}, inline(row))),
    );
  return h("div", { class: "lines" }, broken(rows));
}

const broken = (rows) => rows.flatMap((row, index) => (index ? [h("br"), ...inline(row)] : inline(row)));

/** One line of mrkdwn. */
export function inline(text) {
  const out = [];
  let done = 0;
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const [node, end] = token(text, found[0], found.index);
    if (node === null) continue;
    out.push(...plain(text.slice(done, found.index)), node);
    done = end;
    TOKEN.lastIndex = end;
  }
  return [...out, ...plain(text.slice(done))];
}

function token(text, found, at) {
  const end = at + found.length;
  if (found[0] === "`") return [h("code", {}, unescape(found.slice(1, -1))), end];
  if (found[0] === "<") return [angle(found.slice(1, -1)), end];
  if (found[0] === ":") return [emoji(found.slice(1, -1).toLowerCase()), end];
  if (found.length > 1) return [anchor(found, found), end];
  return span(text, found, at);
}

function span(text, sign, at) {
  const closed = closing(text, sign, at);
  if (closed < 0) return [null, at];
  // the recursion shares the regular expression: keep the caller's place
  const inner = inlineApart(text.slice(at + 1, closed));
  return [h(TAGS[sign], {}, inner), closed + 1];
}

function inlineApart(text) {
  const place = TOKEN.lastIndex;
  const nodes = inline(text);
  TOKEN.lastIndex = place;
  return nodes;
}

function closing(text, sign, at) {
  const opens = (at === 0 || !WORD.test(text[at - 1])) && text[at + 1] && !/\s/.test(text[at + 1]) && text[at + 1] !== sign;
  if (!opens) return -1;
  for (let end = text.indexOf(sign, at + 2); end > 0; end = text.indexOf(sign, end + 1)) {
    if (!/\s/.test(text[end - 1]) && !(text[end + 1] && WORD.test(text[end + 1]))) return end;
  }
  return -1;
}

function angle(inside) {
  const [target, label] = split(inside);
  if (target.startsWith("@")) return mention(target.slice(1));
  if (target.startsWith("#"))
    return h("span", { class: "mention" }, `#${channel(target.slice(1))?.name || label || target.slice(1)}`);
  if (target.startsWith("!date^")) return dateToken(target, label);
  if (target.startsWith("!")) return h("span", { class: "mention" }, label || `@${target.slice(1).split("^")[0]}`);
  if (!/^(https?:|mailto:)/i.test(target)) return h("span", {}, `<${unescape(inside)}>`); // somebody just typed it
  return anchor(unescape(target), unescape(label || target));
}

function split(inside) {
  const bar = inside.indexOf("|");
  return bar < 0 ? [inside, ""] : [inside.slice(0, bar), inside.slice(bar + 1)];
}

function dateToken(target, label) {
  const [, seconds, format, url] = target.split("^");
  const text = /^\d+$/.test(seconds)
    ? fillDate(format || "{date}", Number(seconds), { zone: zone(), locale: locale(), now: server.now })
    : unescape(label);
  return url ? anchor(url, text) : h("time", { class: "when", title: unescape(label) }, text);
}

function mention(id) {
  return h("span", { class: `mention${id === ui.me ? " mention-me" : ""}` }, `@${user(id) ? userName(id) : id}`);
}

/** A link; only web and mail addresses become one. */
export function anchor(target, label) {
  if (!/^(https?:|mailto:)/i.test(target)) return h("span", {}, label);
  const here = inside(target);
  const follow = here
    ? {
        click: (event) => {
          event.preventDefault();
          here();
        },
      }
    : {};
  return h("a", { href: target, target: "_blank", rel: "noopener noreferrer", on: follow }, label);
}

/** A Block Kit text object. */
export function textObject(text) {
  if (!text) return [];
  if (typeof text === "string") return mrkdwn(text);
  return text.type === "mrkdwn" ? mrkdwn(text.text) : plainText(text.text || "");
}

/** plain_text: shortcodes and line breaks, nothing else. */
export function plainText(text) {
  return text.split("\n").flatMap((line, index) => [index ? h("br") : "", ...line.split(/(:[a-z0-9_+-]+:)/).flatMap(word)]);
}

const word = (piece) => (/^:[a-z0-9_+-]+:$/.test(piece) ? emoji(piece.slice(1, -1)) || piece : drawDots(piece));

/** The "markdown" block: the everyday part of it, told in mrkdwn. */
export function markdown(text) {
  const told = (text || "")
    .replace(/^#{1,6}\s+(.+)$/gm, "*$1*")
    .replace(/\*\*(.+?)\*\*/g, "*$1*")
    .replace(/^\s*[-*]\s+/gm, "• ")
    .replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, "<$2|$1>");
  return mrkdwn(told);
}
