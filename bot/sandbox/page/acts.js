/** What a person does on the page, told to the sandbox. */

import { Complaint, post, state } from "./api.js";
import { channelsOf, directOf, learn, mine, server, ui, update, userName, users, waitingElsewhere } from "./store.js";

let counter = 0;

let asked = 0;
let learnt = 0;

/** Fetch the state and show it, unless one asked for later is shown already. */
export async function refresh() {
  const turn = (asked += 1);
  const fetched = await state();
  if (turn < learnt) return;
  learnt = turn;
  learn(fetched);
}

/** Show a sentence for a while; `deed` {words, run} is offered beside it. */
export function notice(text, bad = false, deed = null) {
  const id = (counter += 1);
  update({ notices: [...ui.notices.slice(-2), { id, text, bad, deed }] });
  setTimeout(() => dropNotice(id), bad || deed ? 9000 : 5000);
}

export const dropNotice = (id) => update({ notices: ui.notices.filter((one) => one.id !== id) });

/** Post, show what came of it; busy under `name` meanwhile. The answer, or null when it was refused (and said so). */
export async function act(name, path, body) {
  ui.busy.add(name);
  update();
  try {
    const answer = await post(path, body);
    whisper(answer, body);
    await refresh();
    return answer;
  } catch (problem) {
    if (!(problem instanceof Complaint)) throw problem;
    notice(problem.message, true);
    return null;
  } finally {
    ui.busy.delete(name);
    update();
  }
}

function whisper(answer, body) {
  for (const said of [].concat(answer?.ephemeral || [])) {
    const message = typeof said === "string" ? { text: said } : said;
    const id = message.ts || `w${(counter += 1)}`;
    const channel = message.channel || body.channel || ui.place.id;
    ui.whispers.push({
      id,
      user: body.user,
      channel,
      thread_ts: message.thread_ts || body.thread_ts || null,
      message: { ...message, ts: id },
    });
  }
}

export function dropWhisper(id) {
  ui.dismissed.add(id);
  update({ whispers: ui.whispers.filter((one) => one.id !== id) });
}

/** Send what was typed: a command when it starts with "/", else a message. False when it was refused. */
export async function say(channel, text, thread_ts, files = []) {
  const command = /^(\/[\w-]+)\s*([\s\S]*)$/.exec(text);
  if (command)
    return (await act("send", "slack/command", { user: ui.me, channel, command: command[1], text: command[2] })) !== null;
  const thread = thread_ts || null;
  const waiting = { id: (counter += 1), user: ui.me, channel, thread_ts: thread, text, before: mine(channel, thread).length };
  ui.pending.push(waiting);
  const body = {
    user: ui.me,
    channel,
    text: withMentions(text),
    ...(thread ? { thread_ts } : {}),
    ...(files.length ? { files } : {}),
  };
  const answer = await act("send", "slack/message", body);
  update({ pending: ui.pending.filter((one) => one !== waiting) });
  if (answer?.note) notice(answer.note, true);
  return answer !== null;
}

/** "@Filing Desk" → "<@U…>", the longest names first. */
function withMentions(text) {
  const names = users().flatMap((one) => [one.real_name, one.name].filter(Boolean).map((name) => [name, one.id]));
  names.sort((a, b) => b[0].length - a[0].length);
  return names.reduce((said, [name, id]) => said.replaceAll(`@${name}`, `<@${id}>`), text);
}

/** Press, choose or pick something in a message, a modal or the App Home. */
export function press(where, actionId, value) {
  const body = { user: ui.me, ...where, action_id: actionId, ...(value === undefined ? {} : { value }) };
  return act(`press ${where.ts || where.view_id} ${actionId} ${value ?? ""}`, "slack/click", body);
}

export const pressing = (where, actionId, value) => ui.busy.has(`press ${where.ts || where.view_id} ${actionId} ${value ?? ""}`);

/** Run a message shortcut. */
export const shortcut = (channel, ts, callbackId) =>
  act("shortcut", "slack/shortcut", { user: ui.me, channel, ts, callback_id: callbackId });

/** Put an emoji on a message, or take it back. */
export const react = (channel, ts, name) => act("react", "slack/react", { user: ui.me, channel, ts, name });

/** Hand in a modal; sentences for wrong fields stay beside them. */
export async function submit(viewId, values) {
  const answer = await act(`submit ${viewId}`, "slack/submit", { user: ui.me, view_id: viewId, values });
  if (answer) update({ errors: { ...ui.errors, [viewId]: answer.errors || null } });
  return answer && !answer.errors;
}

export const closeView = (viewId) => act("close", "slack/close", { user: ui.me, view_id: viewId });

/** Become somebody else, and stand where they would look. */
export function become(id, channelId) {
  const stays = ui.place.kind === "home" || channelsOf(id).some((one) => one.id === ui.place.id);
  const place = channelId ? { kind: "channel", id: channelId } : stays ? ui.place : { kind: "channel", id: "" };
  Object.assign(ui, {
    me: id,
    place,
    thread: channelId ? null : ui.thread,
    awaited: null,
    menu: null,
    pane: channelId ? "chat" : ui.pane,
  });
  if (!stays && !channelId) ui.thread = null;
  learn(server);
  if (place.kind === "home") openHome();
}

/** Show a channel. */
export function go(id, pane = "chat") {
  update({ place: { kind: "channel", id }, thread: null, awaited: null, menu: null, pane });
  learn(server);
}

/** Show the acting person's App Home. */
export function openHome() {
  update({ place: { kind: "home" }, thread: null, menu: null, pane: "chat" });
  return act("home", "slack/open_home", { user: ui.me });
}

/** Move the sandbox's time; it answers when everything due has been worked off. */
export async function moveClock(body) {
  if (ui.busy.has("clock")) return;
  const before = countMessages();
  const waited = new Set(waitingElsewhere().map((one) => one.channel.id));
  if (!(await act("clock", "clock", body))) return;
  const came = countMessages() - before;
  const first = waitingElsewhere().find((one) => !waited.has(one.channel.id));
  const deed = first && { words: `Read as ${userName(first.person.id)}`, run: () => become(first.person.id, first.channel.id) };
  notice(
    came > 0 ? `The clock moved: ${came} new message${came === 1 ? "" : "s"}.` : "The clock moved. No message was due.",
    false,
    deed,
  );
}

const countMessages = () => Object.values(server.slack?.messages || {}).reduce((sum, some) => sum + some.length, 0);

export const orderFault = (service, kind, count) => act("fault", "faults", { service, kind, count });
export const moveTicket = (key, to) => act(`move ${key}`, "jira/transition", { key, to });
export const editTicket = (key, fields) => act(`edit ${key}`, "jira/edit", { key, ...fields });
export const commentTicket = (key, text) => act(`comment ${key}`, "jira/comment", { key, text });
export const deleteTicket = (key) => act(`delete ${key}`, "jira/delete", { key });

/** Open the direct message with the bot, which begins when somebody first looks at it. */
export async function openDirect() {
  const answer = await act("direct", "slack/open_home", { user: ui.me, tab: "messages" });
  const begun = answer && directOf(ui.me)[0];
  if (begun) go(begun.id);
}
