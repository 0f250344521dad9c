/** Addresses: those that lead back into the sandbox open here, on the page; files come from where the page came from. */

import { allIn, channel, issue, ui, update } from "./store.js";

/** The part of an address after the host, for addresses of this sandbox however its host is called; else null. */
function own(address) {
  try {
    const url = new URL(address, location.href);
    const local = ["localhost", "127.0.0.1", "[::1]", location.hostname].includes(url.hostname);
    return local ? url.pathname : null;
  } catch {
    return null;
  }
}

/** A file's address, asked for at the page's own host. */
export function fileAddress(address) {
  const path = own(address || "");
  return path?.startsWith("/slack/files/") ? path : address || null;
}

function ticketIn(address) {
  const key = /\/browse\/([A-Z][A-Z0-9_]*-\d+)(?:[/?#]|$)/.exec(address)?.[1];
  return key && issue(key) ? () => update({ ticket: key, pane: ui.narrow ? "board" : ui.pane }) : null;
}

function messageIn(address) {
  const [, id, digits] = /\/archives\/([A-Z0-9]+)\/p(\d+)/.exec(own(address) || "") || [];
  if (!digits || !channel(id)) return null;
  return () => stand(id, `${digits.slice(0, -6)}.${digits.slice(-6)}`);
}

/** Show a message: its thread if it has one, else its channel. */
export function stand(id, ts) {
  const message = allIn(id).find((one) => one.ts === ts);
  const start = message?.thread_ts || ts;
  const talked = allIn(id).some((one) => one.thread_ts === start);
  update({ place: { kind: "channel", id }, thread: message && talked ? { channel: id, ts: start } : null, pane: "chat" });
}

/** What a click on this address does on the page, or null when it leads elsewhere. */
export function inside(address) {
  return ticketIn(address) || messageIn(address);
}

/** Where the page's own address points ("?channel=…&ts=…"), once. */
export function followAddress() {
  const wanted = new URLSearchParams(location.search);
  if (!channel(wanted.get("channel"))) return;
  stand(wanted.get("channel"), wanted.get("ts") || "");
  history.replaceState(null, "", location.pathname);
}
