/** Talking to the sandbox: its state, its changes as they happen, and what a person does. */

/** The server's own sentence about what was wrong; `errors` are the sentences per field of a form. */
export class Complaint extends Error {}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new Complaint("The sandbox does not answer. Is it still running?");
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Complaint(body.message || body.error || `The sandbox answered ${answer.status} to ${path}.`);
  return body;
}

/** Post JSON to /sandbox/<path>; the answer's JSON. */
export function post(path, body) {
  return ask(`/sandbox/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Everything there is to show. */
export const state = () => ask("/sandbox/state");

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** For ever: wait until something changed (or 20 s passed), then `refresh`; `lost(true|false)` tells whether the sandbox answers. */
export async function follow(version, refresh, lost) {
  let wait = 500;
  for (;;) {
    try {
      await ask(`/sandbox/changes?since=${version()}`);
      await refresh();
      lost(false);
      wait = 500;
    } catch {
      lost(true);
      await pause(wait);
      wait = Math.min(wait * 2, 8000);
    }
  }
}
