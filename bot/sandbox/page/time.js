/** Dates and times as a person in some time zone reads them. */

const DAY = 86_400_000;

function parts(instant, zone, locale = "en-US") {
  const wanted = {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  };
  const found = new Intl.DateTimeFormat(locale, { ...wanted, timeZone: safeZone(zone) }).formatToParts(instant);
  return Object.fromEntries(found.map((part) => [part.type, part.value]));
}

function safeZone(zone) {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone;
  } catch {
    return "UTC";
  }
}

/** "09:12" */
export function hour(instant, zone) {
  const at = parts(new Date(instant), zone);
  return `${at.hour}:${at.minute}`;
}

/** "Mon 30 Nov 2026"; without the year if asked. */
export function day(instant, zone, year = true) {
  const at = parts(new Date(instant), zone);
  return `${at.weekday} ${at.day} ${at.month}${year ? ` ${at.year}` : ""}`;
}

/** "2026-11-30" in the zone: what a date input takes. */
export function isoDay(instant, zone) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: safeZone(zone), year: "numeric", month: "2-digit", day: "2-digit" }).format(
    new Date(instant),
  );
}

/** "12 Dec", with the year when it is not that of `now`. */
export function shortDate(date, now) {
  const at = parts(new Date(`${date}T12:00:00Z`), "UTC");
  const same = now && String(now).slice(0, 4) === date.slice(0, 4);
  return `${at.day} ${at.month}${same ? "" : ` ${at.year}`}`;
}

/** Whole days from today (in the zone) to a date; negative when it has passed. */
export function daysUntil(date, now, zone) {
  return Math.round((Date.parse(date) - Date.parse(isoDay(now, zone))) / DAY);
}

/** "today", "tomorrow", "in 12 days", "3 days ago". */
export function relative(days) {
  if (days === 0) return "today";
  if (Math.abs(days) === 1) return days > 0 ? "tomorrow" : "yesterday";
  return days > 0 ? `in ${days} days` : `${-days} days ago`;
}

/** The city of a zone: "Asia/Shanghai" → "Shanghai". */
export const city = (zone) => (zone || "UTC").split("/").pop().replaceAll("_", " ");

/** The instant (ISO, UTC) at which it is `time` on `date` in the zone. */
export function instantOf(date, time, zone) {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  let guess = wanted;
  for (let round = 0; round < 2; round += 1) guess = wanted - offset(guess, zone);
  return new Date(guess).toISOString();
}

function offset(at, zone) {
  const shown = `${isoDay(at, zone)}T${hour(at, zone)}:00Z`;
  return Date.parse(shown) - Math.floor(at / 60_000) * 60_000;
}

/** Slack's date tokens ("{date_short_pretty} {time}") filled in. */
export function fillDate(format, seconds, { zone, locale, now }) {
  const at = new Date(seconds * 1000);
  const show = (options) => new Intl.DateTimeFormat(locale || "en-GB", { timeZone: safeZone(zone), ...options }).format(at);
  const near = relativeDay(daysUntil(isoDay(at, zone), now, zone), locale);
  const forms = {
    date_num: () => isoDay(at, zone),
    date: () => show({ day: "numeric", month: "long", year: "numeric" }),
    date_short: () => show({ day: "numeric", month: "short", year: "numeric" }),
    date_long: () => show({ weekday: "long", day: "numeric", month: "long", year: "numeric" }),
    time: () => show({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    time_secs: () => show({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
    ago: () => near || show({ dateStyle: "medium" }),
  };
  const pretty = ["date", "date_short", "date_long"].map((form) => [`${form}_pretty`, () => near || forms[form]()]);
  const all = { ...forms, ...Object.fromEntries(pretty) };
  return format.replace(/\{(\w+)\}/g, (whole, form) => (all[form] ? all[form]() : whole));
}

function relativeDay(days, locale) {
  if (Math.abs(days) > 1) return "";
  return new Intl.RelativeTimeFormat(locale || "en-GB", { numeric: "auto" }).format(days, "day");
}
