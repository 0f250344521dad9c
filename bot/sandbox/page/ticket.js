/** One ticket in detail: status, dates, sub-tasks to tick off, description, links and comments. */

import { commentTicket, deleteTicket, editTicket, moveTicket } from "./acts.js";
import { menu, selectBox } from "./elements.js";
import { icon } from "./icons.js";
import { avatar } from "./messages.js";
import { anchor } from "./mrkdwn.js";
import { jiraText } from "./richtext.js";
import { issue, parentKey, people, subtasks, ui, update, userName, zone } from "./store.js";
import { assigneeOf, dueMark, progress } from "./ticket_parts.js";
import { day, hour } from "./time.js";
import { h } from "./vdom.js";

const MOVES = [
  ["new", "To do"],
  ["indeterminate", "In progress"],
  ["done", "Done"],
];

let from = null; // the card that opened the ticket gets the focus back

function close(one) {
  const up = parentKey(one);
  update({ ticket: up });
  if (!up) setTimeout(() => document.querySelector(`[data-testid="board-card-${from}"]`)?.focus());
}

function head(one) {
  const up = parentKey(one);
  const remove = () =>
    update({
      confirm: {
        title: `Delete ${one.key}?`,
        text: "As if somebody deleted it in Jira: the bot has to cope.",
        yes: "Delete",
        no: "Keep",
        danger: true,
        then: () => deleteTicket(one.key),
      },
    });
  return h(
    "header",
    { class: "pane-head" },
    h(
      "button",
      {
        type: "button",
        class: "button button-quiet thread-back",
        "aria-label": up ? `Back to ${up}` : "Back to the board",
        "data-testid": "ticket-close",
        on: { click: () => close(one) },
      },
      icon("back"),
      h("span", {}, up || "Board"),
    ),
    h("h2", { class: "ticket-key", tabindex: "-1", ref: (el) => el.focus({ preventScroll: true }) }, one.key),
    h("span", { class: "pane-topic" }, one.type || ""),
    menu({
      name: `ticket ${one.key}`,
      label: "More about this ticket",
      rows: [{ label: "Delete this ticket", danger: true, run: remove, testid: "ticket-delete" }],
      more: { "data-testid": "ticket-menu" },
    }),
  );
}

function moves(one) {
  return h(
    "div",
    { class: "moves", role: "group", "aria-label": "Status" },
    MOVES.map(([kind, title]) =>
      h(
        "button",
        {
          type: "button",
          class: `move${one.status_kind === kind ? " is-on" : ""}`,
          "aria-pressed": String(one.status_kind === kind),
          disabled: ui.busy.has(`move ${one.key}`),
          "data-testid": `move-${kind}`,
          on: { click: () => one.status_kind !== kind && moveTicket(one.key, kind) },
        },
        h("i", { class: `segment-${kind}` }),
        one.status_kind === kind ? one.status : title,
      ),
    ),
  );
}

function facts(one) {
  const who = assigneeOf(one);
  const options = people().map((person) => ({ value: person.email || person.real_name, label: userName(person.id) }));
  const chosen = who?.email || who?.real_name || "";
  if (chosen && !options.some((option) => option.value === chosen)) options.unshift({ value: chosen, label: who.real_name });
  const changeDue = (event) =>
    event.target.value >= "2000" && event.target.value !== one.due && editTicket(one.key, { due: event.target.value });
  return h(
    "dl",
    { class: "facts" },
    h("dt", {}, h("label", { for: "ticket-due" }, "Due")),
    h(
      "dd",
      {},
      h("input", {
        id: "ticket-due",
        class: "input input-date",
        type: "date",
        start: one.due || "",
        "data-testid": "ticket-due",
        on: { blur: changeDue, keydown: (event) => event.key === "Enter" && changeDue(event) },
      }),
      dueMark(one, { far: true }),
    ),
    h("dt", {}, h("label", { for: "ticket-who" }, "Assignee")),
    h(
      "dd",
      {},
      selectBox({
        options,
        value: chosen,
        placeholder: "Nobody",
        pick: (event) => editTicket(one.key, { assignee: event.target.value || null }),
        more: { id: "ticket-who", "aria-label": "Assignee", "data-testid": "ticket-assignee" },
      }),
    ),
    one.labels?.length > 0 && [
      h("dt", {}, "Labels"),
      h(
        "dd",
        { class: "labels" },
        one.labels.map((label) => h("code", { class: "label" }, label)),
      ),
    ],
    one.remote_links?.length > 0 && [h("dt", {}, "Links"), h("dd", {}, one.remote_links.map(link))],
  );
}

function link(one) {
  const address = one.url || one.object?.url || "";
  const title = one.title || one.object?.title || address;
  return h("span", { class: "remote-link" }, icon("link"), anchor(address, title));
}

function task(one) {
  const done = one.status_kind === "done";
  const who = assigneeOf(one);
  return h(
    "li",
    { class: `task is-${one.status_kind}`, key: one.key, "data-testid": `subtask-${one.key}`, "data-status": one.status_kind },
    h(
      "label",
      { class: "task-check" },
      h("input", {
        type: "checkbox",
        checked: done,
        disabled: ui.busy.has(`move ${one.key}`),
        "aria-label": `Done: ${one.summary}`,
        "data-testid": `subtask-check-${one.key}`,
        on: { change: () => moveTicket(one.key, done ? "new" : "done") },
      }),
    ),
    h(
      "button",
      {
        type: "button",
        class: "task-title",
        "data-testid": `subtask-open-${one.key}`,
        on: { click: () => update({ ticket: one.key }) },
      },
      one.status_kind === "indeterminate" && h("i", { class: "segment-indeterminate", title: one.status }),
      h("span", {}, one.summary),
    ),
    who && h("span", { title: who.real_name }, avatar(who, "avatar-small"), h("span", { class: "sr" }, who.real_name)),
    dueMark(one),
  );
}

function tasks(one) {
  const all = subtasks(one.key);
  if (!all.length) return null;
  const sorted = [...all].sort((a, b) => (a.due || "9").localeCompare(b.due || "9"));
  return h(
    "section",
    { "aria-label": "Sub-tasks" },
    h("h3", {}, "Sub-tasks"),
    progress(all),
    h("ul", { class: "tasks" }, sorted.map(task)),
  );
}

function comments(one) {
  const name = `comment-${one.key}`;
  const text = ui.drafts[name] || "";
  const send = async (event) => {
    event.preventDefault();
    if (text.trim() && (await commentTicket(one.key, text.trim()))) update({ drafts: { ...ui.drafts, [name]: "" } });
  };
  return h(
    "section",
    { "aria-label": "Comments" },
    h("h3", {}, "Comments"),
    (one.comments || []).map((said, index) => comment(said, index)),
    h(
      "form",
      { class: "comment-form", on: { submit: send } },
      h("textarea", {
        class: "input",
        rows: "1",
        value: text,
        placeholder: "Comment as if in Jira",
        "aria-label": "Comment",
        "data-testid": "ticket-comment",
        on: { input: (event) => update({ drafts: { ...ui.drafts, [name]: event.target.value } }) },
      }),
      h("button", { type: "submit", class: "button", disabled: !text.trim(), "data-testid": "ticket-comment-send" }, "Comment"),
    ),
  );
}

function comment(said, index) {
  const author = said.author?.displayName || said.author?.name || said.author || "";
  return h(
    "article",
    { class: "comment", key: said.id || index, "data-testid": "comment" },
    h(
      "header",
      {},
      author && h("b", {}, author),
      said.created && h("time", {}, `${day(said.created, zone(), false)} ${hour(said.created, zone())}`),
    ),
    h("div", { class: "prose" }, jiraText(said.body ?? said.text)),
  );
}

/** The ticket with this key. */
export function ticketView(key) {
  const one = issue(key);
  if (!parentKey(one)) from = key;
  return h(
    "section",
    {
      class: "pane-column ticket",
      key: `ticket-${key}`,
      "aria-label": `Ticket ${key}`,
      "data-testid": "ticket",
      "data-key": key,
      on: { keydown: (event) => event.key === "Escape" && !ui.menu && !ui.confirm && close(one) },
    },
    head(one),
    h(
      "div",
      { class: "scroller ticket-body", key: "body", tabindex: "0" },
      h("h1", {}, one.summary),
      moves(one),
      facts(one),
      tasks(one),
      one.description &&
        h(
          "section",
          { "aria-label": "Description" },
          h("h3", {}, "Description"),
          h("div", { class: "prose" }, jiraText(one.description)),
        ),
      comments(one),
    ),
  );
}
