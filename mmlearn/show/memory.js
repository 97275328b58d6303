// One memory cell over time: three gates to move, and what is left of one event at the
// end. Nothing is asked of Python. The file sliders.js stands above this one.

export const STEPS = 40;
export const EVENT = 4; // the step, from 1, whose candidate should be remembered

/** The candidates g_t of all steps: one event, and afterwards things of no interest. */
export const candidates = (event) => Array.from({ length: STEPS },
  (_, n) => (n + 1 === EVENT ? event : 0.25 + 0.4 * Math.cos(1.7 * (n + 1))));

/** The cell, what is shown of it, and the event's share of it, after every step. */
export function remember({ forget, input, output, candidate, looking }) {
  let [cell, share] = [0, 0];
  return candidates(candidate).map((g, n) => {
    const here = !looking || n + 1 === EVENT;
    const [f, i] = here ? [forget, input] : [1, 0];
    cell = f * cell + i * g;
    share = f * share + (n + 1 === EVENT ? i * g : 0);
    return { g, cell, share, hidden: output * Math.tanh(cell) };
  });
}

function chart(states) {
  const [width, left, right] = [820, 64, 14];
  const [top, middle, bottom] = [[16, 86], [112, 262], 306];
  const svg = make("svg", { viewBox: `0 0 ${width} ${bottom}`, width, height: bottom, role: "img",
    "aria-label": "candidates, cell and shown state over 40 steps" });
  const x = (t) => left + ((t - 0.5) / STEPS) * (width - left - right);
  const scale = ([low, high], limit) => (v) => low + ((limit - v) / (2 * limit)) * (high - low);
  const limit = Math.max(1, ...states.map((s) => Math.abs(s.cell)));
  const [g, c] = [scale(top, 1), scale(middle, limit)];
  const line = (y, kind) => make("line", { x1: left, x2: width - right, y1: y, y2: y, class: kind });
  const label = (text, y) => make("text", { x: 14, y, class: "middle", transform: `rotate(-90 14 ${y})` }, text);
  for (const v of [-1, 0, 1])
    svg.append(line(g(v), v ? "grid" : "zero"), make("text", { x: left - 6, y: g(v) + 4, class: "end" }, written(v)));
  for (const v of [-limit, 0, limit])
    svg.append(line(c(v), v ? "grid" : "zero"), make("text", { x: left - 6, y: c(v) + 4, class: "end" }, written(v, 1)));
  for (const t of [1, 10, 20, 30, 40])
    svg.append(make("text", { x: x(t), y: middle[1] + 18, class: "middle" }, String(t)));
  svg.append(make("text", { x: (left + width) / 2, y: bottom - 6, class: "middle" }, "step t"),
    label("g", 51), label("c and h", 187));
  const wide = (width - left - right) / STEPS - 5;
  states.forEach((s, n) => svg.append(make("rect", { x: x(n + 1) - wide / 2, width: wide,
    y: Math.min(g(0), g(s.g)), height: Math.abs(g(s.g) - g(0)), class: n + 1 === EVENT ? "up" : "other" })));
  svg.append(make("text", { x: x(EVENT), y: 11, class: "middle" }, "event"));
  const path = (name) => `M${states.map((s, n) => `${x(n + 1).toFixed(1)},${c(s[name]).toFixed(1)}`).join(" L")}`;
  svg.append(make("path", { d: path("cell"), class: "true" }), make("path", { d: path("hidden"), class: "alias" }),
    make("path", { d: path("share"), class: "share" }));
  return svg;
}

function render({ model, el }) {
  const root = make("div", { class: "mm-sliders mm-memory", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const get = (name) => model.get(name);
  const set = (name) => (value) => { model.set(name, value); model.save_changes(); };
  const names = { forget: "forget gate f", input: "input gate i", output: "output gate o", candidate: "the event's g" };
  const row = make("div", { class: "row small" });
  const shows = Object.entries(names).map(([name, label]) => {
    const low = name === "candidate" ? -1 : 0;
    const [element, show] = slider(label, { min: low, max: 1, step: 0.01, decimals: 2 }, set(name));
    row.append(element);
    return () => show(get(name));
  });
  const box = make("input", { type: "checkbox", "aria-label": "the gates look",
    onchange: (e) => set("looking")(e.target.checked) });
  const choice = make("label", {}, box, "the gates look: f and i as set at the event only, elsewhere f = 1, i = 0");
  const picture = make("div", {});
  const status = make("p", { class: "status", "aria-live": "polite" });
  root.append(row, make("div", { class: "row" }, choice), picture, status);

  function draw() {
    for (const show of shows) show();
    box.checked = get("looking");
    const states = remember({ ...Object.fromEntries(Object.keys(names).map((n) => [n, get(n)])), looking: get("looking") });
    picture.replaceChildren(chart(states));
    const last = states[STEPS - 1];
    status.replaceChildren("Full line: the cell c. Dashed: h, what is shown of it. Dotted: what is left of the event. At step 40 the cell holds ",
      make("strong", {}, written(last.share, 2)), " of the event and ",
      make("strong", {}, written(last.cell - last.share, 2)), " of everything else.");
  }
  const all = [...Object.keys(names), "looking"];
  for (const name of all) model.on(`change:${name}`, draw);
  draw();
  return () => { for (const name of all) model.off(`change:${name}`, draw); };
}

export default { render };
