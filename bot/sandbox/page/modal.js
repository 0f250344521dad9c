/** The open modal of the acting person, and the small question before something that cannot be undone. */

import { closeView, submit } from "./acts.js";
import { blocks } from "./blocks.js";
import { icon } from "./icons.js";
import { valuesOf } from "./inputs.js";
import { plainText } from "./mrkdwn.js";
import { server, ui, update } from "./store.js";
import { h } from "./vdom.js";

const words = (text) => (typeof text === "string" ? text : text?.text || "");

let opener = null; // what had the focus before the modal, given back after it

/** Show a dialog as modal: the browser keeps the focus inside and the rest out of reach. */
function show(dialog) {
  if (!dialog.open) {
    opener ||= document.activeElement;
    dialog.showModal();
  }
  if (!place(dialog)) dialog.querySelector("button")?.focus();
}

/** The focus goes to the first thing to fill in, once: a modal may open empty and be filled a moment later. */
function place(dialog) {
  const first = !dialog.placed && dialog.querySelector("[data-body] :is(input, select, textarea, button:not([disabled]))");
  if (!first) return false;
  first.focus();
  dialog.placed = true;
  return true;
}

/** Give the focus back when the last dialog is gone. */
export function restoreFocus() {
  if (!opener || document.querySelector("dialog[open]")) return;
  const back = opener.isConnected ? opener : document.querySelector("[data-testid=thread-composer], [data-testid=composer]");
  opener = null;
  if (document.activeElement === document.body) back?.focus();
}

async function handIn(event, view) {
  event.preventDefault();
  const done = await submit(view.id, valuesOf(view));
  if (!done) document.querySelector(".modal [aria-invalid=true]")?.focus();
}

function close(event, view) {
  event.preventDefault();
  if (!ui.busy.has("close")) closeView(view.id);
}

/** The modal the sandbox says is open for the acting person, with the `notices` to show on it. */
export function modal(notices) {
  const view = server.slack?.views?.[ui.me];
  if (!view) return null;
  const busy = ui.busy.has(`submit ${view.id}`);
  const strays = Object.entries(ui.errors[view.id] || {}).filter(
    ([id]) => !(view.blocks || []).some((block) => block.block_id === id),
  );
  const submitWord = words(view.submit) || ((view.blocks || []).some((block) => block.type === "input") ? "Submit" : "");
  return h(
    "dialog",
    {
      class: "modal",
      key: `modal-${view.id}`,
      "aria-labelledby": "modal-title",
      "data-testid": "modal",
      ref: show,
      after: place,
      on: { cancel: (event) => close(event, view), close: (event) => close(event, view) },
    },
    h(
      "form",
      { novalidate: true, on: { submit: (event) => handIn(event, view) } },
      h(
        "header",
        {},
        h("h2", { id: "modal-title" }, plainText(words(view.title))),
        h(
          "button",
          {
            type: "button",
            class: "button button-quiet button-icon",
            "aria-label": "Close",
            "data-testid": "modal-x",
            on: { click: (event) => close(event, view) },
          },
          icon("close"),
        ),
      ),
      h(
        "div",
        { class: "modal-body", "data-body": "", tabindex: "-1" },
        strays.map(([id, sentence]) => h("p", { class: "wrong", role: "alert", "data-testid": `error-${id}` }, sentence)),
        blocks(view.blocks || [], { view_id: view.id }),
      ),
      h(
        "footer",
        {},
        h(
          "button",
          { type: "button", class: "button", "data-testid": "modal-close", on: { click: (event) => close(event, view) } },
          plainText(words(view.close) || (submitWord ? "Cancel" : "Close")),
        ),
        submitWord &&
          h(
            "button",
            {
              type: "submit",
              class: `button button-primary${busy ? " is-busy" : ""}`,
              disabled: busy,
              "data-testid": "modal-submit",
            },
            plainText(submitWord),
          ),
      ),
    ),
    notices(),
  );
}

/** "Are you sure?", in the words of whoever asks. */
export function confirmation() {
  const asked = ui.confirm;
  if (!asked) return null;
  const answer = (yes) => {
    update({ confirm: null });
    if (yes) asked.then();
  };
  return h(
    "dialog",
    {
      class: "modal modal-small",
      key: "confirm",
      "aria-labelledby": "confirm-title",
      "data-testid": "confirm",
      ref: show,
      on: {
        cancel: (event) => {
          event.preventDefault();
          answer(false);
        },
        close: () => ui.confirm === asked && answer(false),
      },
    },
    h(
      "form",
      {
        on: {
          submit: (event) => {
            event.preventDefault();
            answer(true);
          },
        },
      },
      h("header", {}, h("h2", { id: "confirm-title" }, asked.title)),
      h("div", { class: "modal-body" }, h("p", {}, plainText(words(asked.text)))),
      h(
        "footer",
        { "data-body": "" },
        h(
          "button",
          { type: "button", class: "button", "data-testid": "confirm-no", on: { click: () => answer(false) } },
          asked.no,
        ),
        h(
          "button",
          { type: "submit", class: `button ${asked.danger ? "button-danger" : "button-primary"}`, "data-testid": "confirm-yes" },
          asked.yes,
        ),
      ),
    ),
  );
}
