/** The few line icons of the page, drawn on a 20 × 20 grid. */

import { h } from "./vdom.js";

const PATHS = {
  hash: "M7.5 3.5 6 16.5M14 3.5l-1.5 13M3.5 7.5h13.5M3 12.5h13.5",
  home: "M3.5 9 10 3.5 16.5 9v7.5h-4.5v-4.5h-4v4.5H3.5z",
  send: "M3.5 16.5 17 10 3.5 3.5 5.5 10zM5.5 10H11",
  close: "M5 5l10 10M15 5 5 15",
  back: "M11.5 4.5 6 10l5.5 5.5",
  down: "M5 8l5 5 5-5",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  clock: "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4M10 6v4.2l2.8 1.7",
  board: "M3.5 4h3.5v12H3.5zM8.3 4h3.5v8H8.3zM13 4h3.5v10H13z",
  chat: "M3.5 4.5h13v9H9l-3.5 3v-3h-2z",
  bolt: "M11 2.5 4.5 11.5H9.5L8.5 17.5 15.5 8.5H10.5z",
  check: "M4.5 10.5 8.5 14.5 15.5 6",
  file: "M5.5 2.8h6l3.5 3.5v11H5.5zM11.5 2.8v3.5h3.5",
  menu: "M3.5 6h13M3.5 10h13M3.5 14h13",
  link: "M8.5 11.5l3-3M7.2 9.3 5.3 11.2a2.5 2.5 0 0 0 3.5 3.5l1.9-1.9M9.3 7.2l1.9-1.9a2.5 2.5 0 0 1 3.5 3.5l-1.9 1.9",
  help: "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4M7.9 8a2.1 2.1 0 1 1 3 1.9c-.6.3-.9.7-.9 1.3M10 13.6h.01",
  eye: "M2.8 10S5.5 5.2 10 5.2 17.2 10 17.2 10 14.5 14.8 10 14.8 2.8 10 2.8 10M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  clip: "M14.5 8.5 9 14a3 3 0 0 1-4.2-4.2l6-6a2 2 0 0 1 2.9 2.9l-5.9 5.9a1 1 0 0 1-1.4-1.4l5-5",
  next: "M4 4.5 11 10l-7 5.5zM14.5 4.5v11",
  alert: "M10 3.2 17.3 16H2.7zM10 8v3.7M10 13.7h.01",
};

/** An icon by name; decoration only, the words beside it or an aria-label say what it means. */
export function icon(name, extra = "") {
  return h(
    "svg",
    { class: `icon ${extra}`, viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false" },
    h("path", { d: PATHS[name] }),
  );
}

/** The project's mark: a filed sheet with a stamp. */
export function mark() {
  return h(
    "svg",
    { class: "mark", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    h("path", { class: "mark-sheet", d: "M5 2.5h9.5L19 7v14.5H5z" }),
    h("path", { class: "mark-line", d: "M8.2 8h4.5M8.2 11.2h7.6" }),
    h("path", { class: "mark-stamp", d: "M8.2 16.3l2.3 2.3 5-5" }),
  );
}
