/** What a card and a ticket both show: who, until when, and how far. */

import { icon } from "./icons.js";
import { server, users, zone } from "./store.js";
import { daysUntil, relative, shortDate } from "./time.js";
import { h } from "./vdom.js";

/** The person of a ticket: somebody of the chat where mail or name say so, else just a name. */
export function assigneeOf(one) {
  const name = one.assignee;
  if (!name) return null;
  const mail = one.assignee_email;
  const known = users().find(
    (some) => (mail && some.email === mail) || [some.id, some.email, some.real_name, some.name].includes(name),
  );
  return known || { id: name, real_name: name, name, email: mail };
}

/** A due date in words, marked when it has passed and the work is not done; `far` adds how far away it is. */
export function dueMark(one, { far = false } = {}) {
  if (!one.due) return null;
  const days = daysUntil(one.due, server.now, zone());
  const late = days < 0 && one.status_kind !== "done";
  const soon = days >= 0 && days <= 3 && one.status_kind !== "done";
  return h(
    "span",
    { class: `due${late ? " is-late" : soon ? " is-soon" : ""}`, title: relative(days) },
    late && icon("alert"),
    late && h("span", { class: "sr" }, "late: "),
    shortDate(one.due, server.now),
    far && ` · ${relative(days)}`,
  );
}

/** One segment per sub-task, and the count in words. */
export function progress(tasks) {
  if (!tasks.length) return null;
  const done = tasks.filter((one) => one.status_kind === "done").length;
  const order = ["done", "indeterminate", "new"];
  const sorted = [...tasks].sort((a, b) => order.indexOf(a.status_kind) - order.indexOf(b.status_kind));
  return h(
    "div",
    { class: "progress" },
    h(
      "span",
      { class: "segments", "aria-hidden": "true" },
      sorted.map((one, index) => h("i", { key: index, class: `segment-${one.status_kind}` })),
    ),
    h("span", { class: "number" }, `${done} of ${tasks.length} done`),
  );
}
