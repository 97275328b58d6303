// Messages on a graph: choose a node, step, and see how much of every node's features
// has arrived at it. Nothing is asked of Python.

export const WEIGHTINGS = ["sum", "mean", "GCN"];

/** P of one step, row by row: P[v] lists [u, weight] of what v hears. */
export function hears(edges, nodes, weighting) {
  const rows = Array.from({ length: nodes }, () => new Map());
  for (const [u, v] of edges)
    if (u !== v || weighting !== "GCN") rows[v].set(u, (rows[v].get(u) ?? 0) + 1);
  if (weighting === "GCN") rows.forEach((row, v) => row.set(v, 1));
  const degree = rows.map((row) => [...row.values()].reduce((a, b) => a + b, 0));
  const scale = (u, v) => weighting === "sum" ? 1
    : weighting === "mean" ? 1 / Math.max(degree[v], 1) : 1 / Math.sqrt(degree[u] * degree[v]);
  return rows.map((row, v) => [...row].map(([u, count]) => [u, count * scale(u, v)]));
}

/** Row `node` of P^steps: how much of each node's first features is in it. */
export function arrived({ edges, names, node, steps, weighting }) {
  const rows = hears(edges, names.length, weighting);
  let now = names.map((_, n) => (n === node ? 1 : 0));
  for (let step = 0; step < steps; step++) {
    const next = names.map(() => 0);
    now.forEach((share, v) => {
      if (share) for (const [u, weight] of rows[v]) next[u] += share * weight;
    });
    now = next;
  }
  return now;
}

const DRAWN = ["svg", "g", "path", "text", "circle", "line"];

function make(tag, attributes = {}, ...children) {
  const element = DRAWN.includes(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const digits = (x) => (x >= 1000 ? Math.round(x).toLocaleString("en-US") : String(+x.toPrecision(2)));

/** Where a node's number stands: below it, or where no other node is so near. */
export function beside(place, n, size) {
  const spots = [[0, size + 12], [0, -size - 4], [size + 15, 4], [-size - 15, 4]];
  const [x, y] = place[n];
  const room = ([dx, dy]) => Math.min(...place.map(([px, py], m) =>
    (m === n ? Infinity : Math.hypot(px - x - dx, py - y - dy + 4))));
  const best = spots.reduce((a, b) => (room(b) > room(a) ? b : a));
  const [dx, dy] = room(spots[0]) > size + 8 ? spots[0] : best;
  return { x: x + dx, y: y + dy };
}

const WIDTH = 720, HEIGHT = 430, EDGE = 34;

function render({ model, el }) {
  const id = Math.random().toString(36).slice(2);
  const root = make("div", { class: "mm-sliders mm-messages", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const get = (name) => model.get(name);
  const set = (name, value) => { model.set(name, value); model.save_changes(); };
  const watched = ["node", "steps", "weighting", "edges", "places", "names"];

  const choices = make("fieldset", {}, make("legend", {}, "weights"));
  for (const name of WEIGHTINGS) {
    const button = make("input", { type: "radio", name: `weights-${id}`, value: name,
      "aria-label": name, onchange: () => set("weighting", name) });
    choices.append(make("label", {}, button, name));
  }
  const shown = make("output", {});
  const range = make("input", { type: "range", min: 0, max: 8, step: 1, "aria-label": "steps",
    oninput: (e) => set("steps", e.target.valueAsNumber) });
  const step = make("button", { type: "button", onclick: () => set("steps", Math.min(8, get("steps") + 1)) }, "step");
  const again = make("button", { type: "button", onclick: () => set("steps", 0) }, "start again");
  const bar = make("div", { class: "row" }, choices,
    make("label", { class: "slider" }, make("span", {}, "steps"), range, shown), step, again);
  const picture = make("div", {});
  const status = make("p", { class: "status", "aria-live": "polite" });
  root.append(bar, picture, status);

  function draw() {
    const how = Object.fromEntries(watched.map((name) => [name, get(name)]));
    const heard = arrived(how);
    const place = how.places.map(([x, y]) => [EDGE + x * (WIDTH - 2 * EDGE), HEIGHT - EDGE - y * (HEIGHT - 2 * EDGE)]);
    const top = Math.max(...heard) || 1;
    const size = how.names.length > 8 ? 12 : 20;
    const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT,
      role: "group", "aria-label": "the graph; choose the node who listens" });
    const pairs = new Set(how.edges.map(([u, v]) => `${u},${v}`));
    for (const [u, v] of how.edges) {
      const both = pairs.has(`${v},${u}`);
      if (u === v || (both && u > v)) continue;
      const [[x1, y1], [x2, y2]] = [place[u], place[v]];
      svg.append(make("line", { x1, y1, x2, y2, class: "edge" }));
      if (!both) {
        const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
        const far = Math.hypot(x2 - x1, y2 - y1) - size - 1;
        svg.append(make("path", { d: "M0,0 L-9,-4 L-9,4 Z", class: "head",
          transform: `translate(${x1} ${y1}) rotate(${angle}) translate(${far} 0)` }));
      }
    }
    const shares = []; // above all nodes: one may lie on its neighbour's number
    how.names.forEach((name, n) => {
      const [x, y] = place[n];
      const choose = () => set("node", n);
      const strength = heard[n] ? 0.15 + 0.75 * Math.sqrt(heard[n] / top) : 0;
      const group = make("g", { class: n === how.node ? "node chosen" : "node", tabindex: 0,
        role: "button", "aria-label": `node ${name}, ${digits(heard[n])} arrived`, onclick: choose,
        onkeydown: (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); choose(); } } },
        make("circle", { cx: x, cy: y, r: size, class: "paper" }),
        make("circle", { cx: x, cy: y, r: size, class: "ink", "fill-opacity": strength }),
        make("text", { x, y: y + 4, class: "middle" }, name));
      if (heard[n]) shares.push(make("text", { ...beside(place, n, size), class: "middle share" }, digits(heard[n])));
      svg.append(group);
    });
    svg.append(...shares);
    const held = document.activeElement?.classList?.contains("node");
    picture.replaceChildren(svg);
    if (held) svg.querySelector(".chosen")?.focus();
    choices.querySelectorAll("input").forEach((b) => { b.checked = b.value === how.weighting; });
    if (range.valueAsNumber !== how.steps) range.value = how.steps;
    shown.textContent = String(how.steps);
    const count = heard.filter((x) => x > 0).length;
    const loudest = heard.indexOf(Math.max(...heard));
    const total = heard.reduce((a, b) => a + b, 0);
    status.replaceChildren(`After ${how.steps} step${how.steps === 1 ? "" : "s"} node `,
      make("strong", {}, how.names[how.node]), count
        ? ` has heard of ${count} of ${heard.length} nodes; loudest: ${how.names[loudest]} (${digits(heard[loudest])}); `
          + `all together ${digits(total)}.` : " has heard of nobody.");
  }
  for (const name of watched) model.on(`change:${name}`, draw);
  draw();
  return () => { for (const name of watched) model.off(`change:${name}`, draw); };
}

export default { render };
