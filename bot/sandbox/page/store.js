/** What the page knows (the sandbox's state) and what it remembers (who acts, what is open, what is half typed). */

import { city, hour } from "./time.js";

const KEPT = "filingdesk.sandbox";
const kept = read();

export const server = {
  now: new Date(0).toISOString(),
  next_due: null,
  version: -1,
  slack: null,
  jira: { issues: [] },
  faults: {},
};

export const ui = {
  me: kept.me || "",
  welcome: kept.welcome !== false,
  place: kept.place || { kind: "channel", id: "" },
  pane: "chat",
  thread: null, // {channel, ts}
  awaited: null, // {channel, ts}: our question, whose thread opens with its first answer
  ticket: null, // key of the ticket shown in detail
  menu: null, // name of the open menu
  confirm: null, // {title, text, yes, no, danger, then}
  lost: false,
  narrow: false,
  busy: new Set(),
  drafts: {},
  pending: [], // messages on their way
  dismissed: new Set(), // ts of ephemeral messages put away
  attached: {}, // composer -> [{name, mimetype, content_base64}]
  whispers: [], // ephemeral answers: {id, user, channel, thread_ts, message}
  notices: [], // {id, text, bad}
  fields: {}, // view id -> {block|action: value}
  errors: {}, // view id -> {block: sentence}
  seen: {}, // user -> {channel: ts}
  fresh: {}, // place -> whether something came below what is in view
};

let draw = () => {};
let drawing = false;

/** Say who draws the page. */
export function drawnBy(paint) {
  draw = paint;
}

/** Remember changes and draw once, soon. */
export function update(changes = {}) {
  Object.assign(ui, changes);
  keep();
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    draw();
  });
}

function keep() {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ me: ui.me, welcome: ui.welcome, place: ui.place }));
  } catch {
    // a private window: then nothing is remembered
  }
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) || {};
  } catch {
    return {};
  }
}

/** Take over a new state from the sandbox. */
export function learn(state) {
  Object.assign(server, state);
  if (!me()) ui.me = firstPerson()?.id || "";
  if (ui.place.kind === "channel" && !reachable(ui.place.id)) ui.place = { kind: "channel", id: firstChannel() };
  if (ui.ticket && !issue(ui.ticket)) ui.ticket = null;
  noteSeen();
  landPending();
  openAwaited();
  update();
}

/** Who acts at first: somebody of sales, for the first question; one who reads English, as the page is. */
function firstPerson() {
  const sales = people().filter((one) => /sales/i.test(`${one.role} ${one.title}`));
  return sales.find((one) => /^en/i.test(one.locale || "")) || sales[0] || people()[0];
}

export const users = () => server.slack?.users || [];
export const people = () => users().filter((user) => !user.is_bot);
export const user = (id) => users().find((one) => one.id === id);
export const me = () => people().find((one) => one.id === ui.me);
export const zone = () => me()?.tz || "UTC";
export const locale = () => me()?.locale || "en-GB";
export const bot = () => users().find((one) => one.is_bot);
export const userName = (id) => user(id)?.real_name || user(id)?.name || id;
export const channels = () => server.slack?.channels || [];
export const channel = (id) => channels().find((one) => one.id === id);
export const issues = () => server.jira?.issues || [];
export const issue = (key) => issues().find((one) => one.key === key);
export const localTime = (person) => `${hour(server.now, person.tz)} ${city(person.tz)}`;

/** The role as people read it. */
export const roleOf = (person) => person.title || person.role || "";

const belongs = (one, id) =>
  one.is_im ? one.user === id || one.members?.includes(id) : !one.members || one.members.includes(id);

/** The channels, or the direct messages, a person sees. */
export const channelsOf = (id) => channels().filter((one) => !one.is_im && !one.is_archived && belongs(one, id));
export const directOf = (id) => channels().filter((one) => one.is_im && belongs(one, id));

/** Whom a direct message is with, seen by a person. */
export function partner(one, id) {
  const other = (one.members || []).find((member) => member !== id) || (one.user !== id ? one.user : bot()?.id);
  return user(other);
}

/** "#sales", or the name of the other person. */
export const channelTitle = (one) =>
  one.is_im ? partner(one, ui.me)?.real_name || partner(one, ui.me)?.name || "Direct message" : one.name;

const reachable = (id) => [...channelsOf(ui.me), ...directOf(ui.me)].some((one) => one.id === id);
const firstChannel = () =>
  (channelsOf(ui.me).find((one) => one.name === "sales") || channelsOf(ui.me)[0] || directOf(ui.me)[0])?.id || "";

const byTime = (a, b) => Number(a.ts) - Number(b.ts);
/** All messages of a channel, replies too. */
export const allIn = (id) => server.slack?.messages?.[id] || [];
const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts && message.subtype !== "thread_broadcast";

/** The messages of a channel's own line, oldest first. */
export const mainLine = (id) =>
  allIn(id)
    .filter((message) => !isReply(message) && mayRead(message))
    .sort(byTime);

/** A thread: its first message and the replies, oldest first. */
export const threadOf = (id, ts) =>
  allIn(id)
    .filter((message) => (message.ts === ts || message.thread_ts === ts) && mayRead(message))
    .sort(byTime);
export const repliesTo = (id, ts) => threadOf(id, ts).filter((message) => message.ts !== ts);

const mayRead = (message) => !message.ephemeral_to || (message.ephemeral_to === ui.me && !ui.dismissed.has(message.ts));

/** The answers only the acting person sees, in a channel or a thread. */
export const whispersIn = (id, ts = null) =>
  ui.whispers.filter((one) => one.user === ui.me && one.channel === id && (one.thread_ts || null) === ts);

function newest(id) {
  return allIn(id).reduce((last, message) => Math.max(last, Number(message.ts)), 0);
}

function noteSeen() {
  for (const person of people()) {
    const seen = (ui.seen[person.id] ||= Object.fromEntries(channels().map((one) => [one.id, newest(one.id)])));
    for (const one of channels()) seen[one.id] ??= 0;
  }
  markSeen();
}

/** What the acting person looks at counts as read. */
export function markSeen() {
  if (ui.place.kind === "channel" && ui.seen[ui.me] && (!ui.narrow || ui.pane === "chat"))
    ui.seen[ui.me][ui.place.id] = newest(ui.place.id);
}

/** How many messages of others a person has not seen in a channel. */
export function unseen(personId, channelId) {
  const since = ui.seen[personId]?.[channelId] ?? 0;
  return allIn(channelId).filter((message) => Number(message.ts) > since && message.user !== personId && !message.ephemeral_to)
    .length;
}

/** Direct messages waiting for somebody else: [{person, channel, count}]. */
export function waitingElsewhere() {
  return people()
    .filter((person) => person.id !== ui.me)
    .flatMap((person) => directOf(person.id).map((one) => ({ person, channel: one, count: unseen(person.id, one.id) })))
    .filter((one) => one.count > 0);
}

/** My own messages in a channel's line or a thread: by their number one sees that a sent one has landed. */
export const mine = (id, thread) =>
  allIn(id).filter(
    (message) => message.user === ui.me && !message.ephemeral_to && (thread ? message.thread_ts === thread : !isReply(message)),
  );

function landPending() {
  const landed = ui.pending.filter((one) => one.user === ui.me && mine(one.channel, one.thread_ts).length > one.before);
  for (const one of landed)
    if (!one.thread_ts) ui.awaited = { channel: one.channel, ts: mine(one.channel).sort(byTime).at(-1).ts };
  ui.pending = ui.pending.filter((one) => !landed.includes(one));
}

function openAwaited() {
  if (!ui.awaited || ui.thread || ui.awaited.channel !== ui.place.id) return;
  if (repliesTo(ui.awaited.channel, ui.awaited.ts).length === 0) return;
  if (!ui.drafts[ui.awaited.channel]) ui.thread = ui.awaited; // never take the page from under somebody typing
  ui.awaited = null;
}

/** Tickets that are no sub-task, and the sub-tasks of one, in board order. */
export const parentKey = (one) => one.parent?.key || one.parent || null;
export const parents = () => issues().filter((one) => !parentKey(one));
export const subtasks = (key) => issues().filter((one) => parentKey(one) === key);
