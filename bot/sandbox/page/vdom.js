/** A small virtual DOM: what the page should look like goes in, the fewest changes come out, so focus and typed text stay. */

const SVG = "http://www.w3.org/2000/svg";
const LIVE = new Set(["value", "checked"]); // compared with the element itself: people change these too

/** A node to be. Props: attributes, `class`, `key`, `on` {event: fn}, `start` (value set once), `ref` (on mount), `after` (every render). */
export function h(tag, props, ...children) {
  return { tag, props: props || {}, key: props?.key, children: flatten(children) };
}

function flatten(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false && child !== true)
    .map((child) => (typeof child === "object" ? child : { text: String(child) }));
}

/** Make `container` show `nodes`, starting from what it showed before. */
export function render(container, nodes) {
  const wanted = flatten([nodes]);
  const later = [];
  reconcile(container, container.shown || [], wanted, later);
  container.shown = wanted;
  later.forEach((run) => run());
}

function reconcile(parent, olds, news, later) {
  const pairs = match(olds, news);
  const kept = new Set(pairs.filter(Boolean));
  olds.filter((old) => !kept.has(old)).forEach((old) => old.el.remove());
  let cursor = parent.firstChild;
  news.forEach((node, index) => {
    if (pairs[index]) patch(pairs[index], node, later);
    else mount(node, parent, later);
    if (node.el === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node.el, cursor);
  });
}

function match(olds, news) {
  const keyed = new Map(olds.filter((old) => old.key !== undefined).map((old) => [name(old), old]));
  const plain = olds.filter((old) => old.key === undefined);
  return news.map((node) => {
    if (node.key !== undefined) return keyed.get(name(node));
    const at = plain.findIndex((old) => old.tag === node.tag);
    return at < 0 ? undefined : plain.splice(at, 1)[0];
  });
}

const name = (node) => `${node.tag}|${node.key}`;

function mount(node, parent, later) {
  if (node.tag === undefined) {
    node.el = document.createTextNode(node.text);
    return;
  }
  const svg = node.tag === "svg" || parent.namespaceURI === SVG;
  node.el = svg ? document.createElementNS(SVG, node.tag) : document.createElement(node.tag);
  reconcile(node.el, [], node.children, later);
  assign(node.el, {}, node.props);
  if ("start" in node.props) node.el.value = node.props.start;
  if (node.props.ref) later.push(() => node.props.ref(node.el));
  if (node.props.after) later.push(() => node.props.after(node.el));
}

function patch(old, node, later) {
  node.el = old.el;
  if (node.tag === undefined) {
    if (old.text !== node.text) node.el.data = node.text;
    return;
  }
  reconcile(node.el, old.children, node.children, later);
  assign(node.el, old.props, node.props);
  if (node.props.start !== old.props.start) node.el.value = node.props.start;
  if (node.props.after) later.push(() => node.props.after(node.el));
}

const OWN = new Set(["key", "on", "ref", "after", "start"]);

function assign(el, before, props) {
  for (const attribute of Object.keys(before)) if (!(attribute in props)) set(el, attribute, null);
  for (const [attribute, value] of Object.entries(props)) {
    if (LIVE.has(attribute) ? el[attribute] !== value : before[attribute] !== value) set(el, attribute, value);
  }
  listen(el, props.on || {});
}

function set(el, attribute, value) {
  if (OWN.has(attribute)) return;
  if (LIVE.has(attribute)) el[attribute] = value ?? "";
  else if (value === null || value === undefined || value === false) el.removeAttribute(attribute);
  else el.setAttribute(attribute, value === true ? "" : value);
}

function listen(el, handlers) {
  const known = (el.heard ||= new Set());
  el.handlers = handlers;
  for (const type of Object.keys(handlers)) {
    if (known.has(type)) continue;
    known.add(type);
    el.addEventListener(type, (event) => el.handlers[type]?.(event));
  }
}
