/** What a card and a ticket both show: who, until when, and how far. */

import { icon } from "./icons.js";
import { server, user, users, zone } from "./store.js";
import { daysUntil, relative, shortDate } from "./time.js";
import { h } from "./vdom.js";

/** The person of a ticket, whichever way the sandbox names them. */
export function assigneeOf(one) {
  const who = one.assignee;
  if (!who) return null;
  const id = typeof who === "string" ? who : who.id || who.accountId;
  const mail = (typeof who === "string" ? who : who.email || who.emailAddress || "").toLowerCase();
  const name = typeof who === "string" ? who : who.name || who.displayName || "";
  const known = user(id) || users().find((some) => (some.email && some.email.toLowerCase() === mail) || some.real_name === name || some.name === name);
  return known || { id: name, real_name: name || id, name };
}

/** A due date in words, marked when it has passed and the work is not done. */
export function dueMark(one, look = "") {
  if (!one.due) return null;
  const days = daysUntil(one.due, server.now, zone());
  const late = days < 0 && one.status_kind !== "done";
  const soon = days >= 0 && days <= 3 && one.status_kind !== "done";
  return h("span", { class: `due${late ? " is-late" : soon ? " is-soon" : ""} ${look}`, title: relative(days) }, late && icon("alert"), late && h("span", { class: "sr" }, "late: "), shortDate(one.due, server.now));
}

/** One segment per sub-task, and the count in words. */
export function progress(tasks) {
  if (!tasks.length) return null;
  const done = tasks.filter((one) => one.status_kind === "done").length;
  const order = ["done", "indeterminate", "new"];
  const sorted = [...tasks].sort((a, b) => order.indexOf(a.status_kind) - order.indexOf(b.status_kind));
  return h("div", { class: "progress" },
    h("span", { class: "segments", "aria-hidden": "true" }, sorted.map((one, index) => h("i", { key: index, class: `segment-${one.status_kind}` }))),
    h("span", { class: "number" }, `${done} of ${tasks.length} done`));
}
