// One recurrent unit, h_t = tanh(w x_t + r h_{t−1} + b), that reads a single pulse: its
// state over time, and how much the last state still depends on the earlier ones.
// Nothing is asked of Python. The file sliders.js stands above this one.

/** The states h_0 … h_T; the input is 1 at step 1 and 0 afterwards. */
export function states({ recurrent_weight: r, input_weight: w, bias: b, initial_state, steps }) {
  const h = [initial_state];
  for (let t = 1; t <= steps; t++) h.push(Math.tanh((t === 1 ? w : 0) + r * h[t - 1] + b));
  return h;
}

/** |dh_T/dh_{T−k}| for k = 0 … T: a product of r (1 − h²), one factor a step. */
export function gradients(how) {
  const h = states(how);
  const lengths = [1];
  for (let t = how.steps; t >= 1; t--)
    lengths.push(lengths[lengths.length - 1] * Math.abs(how.recurrent_weight * (1 - h[t] ** 2)));
  return lengths;
}

const WIDTH = 400, HEIGHT = 230, LEFT = 52, BOTTOM = 38, TOP = 24;
const across = (t, steps) => LEFT + (t / steps) * (WIDTH - LEFT - 14);

function frame(label, below, title, steps) {
  const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT,
    role: "img", "aria-label": label });
  for (let t = 0; t <= steps; t += 10)
    svg.append(make("text", { x: across(t, steps), y: HEIGHT - 20, class: "middle" }, written(t)));
  svg.append(make("text", { x: (LEFT + WIDTH) / 2, y: HEIGHT - 4, class: "middle" }, below),
    make("text", { x: LEFT, y: 14 }, title));
  return svg;
}

function curve(svg, values, y, steps, kind) {
  const points = values.map((v, t) => [across(t, steps).toFixed(1), y(v).toFixed(1)]);
  svg.append(make("path", { d: `M${points.map((p) => p.join(",")).join(" L")}`, class: kind }));
  for (const [cx, cy] of points) svg.append(make("circle", { cx, cy, r: 2.6, class: "sample" }));
  return svg;
}

function level(svg, y, text, kind = "grid") {
  svg.append(make("line", { x1: LEFT, x2: WIDTH - 14, y1: y, y2: y, class: kind }),
    make("text", { x: LEFT - 6, y: y + 4, class: "end" }, text));
}

function trajectory(h, steps) {
  const y = (v) => TOP + ((1 - v) / 2) * (HEIGHT - TOP - BOTTOM);
  const svg = frame(`the state, from ${written(h[0], 2)} to ${written(h[steps], 2)}`,
    "step t", "state h", steps);
  for (const v of [-1, -0.5, 0, 0.5, 1]) level(svg, y(v), written(v, 1), v ? "grid" : "zero");
  return curve(svg, h, y, steps, "true");
}

function fading(lengths, steps) {
  const [low, high] = [-12, 6];
  const y = (v) => {
    const log = Math.max(low, Math.min(high, Math.log10(Math.max(v, 1e-30))));
    return TOP + ((high - log) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  };
  const svg = frame(`the gradient over ${steps} steps: ${power(lengths[steps])}`,
    "distance in time (steps back)", "|dh_T / dh_t|, logarithmic", steps);
  for (let p = low; p <= high; p += 3)
    level(svg, y(10 ** p), `1e${String(p).replace("-", "−")}`, p ? "grid" : "zero");
  return curve(svg, lengths, y, steps, "true");
}

/** A number as it stands, or with a power of ten if it is far from 1. */
const power = (v) => (v >= 0.01 && v < 1000 ? written(v, 2)
  : v === 0 ? "0" : v.toExponential(0).replace("e+", "e").replace("-", "−"));

function words(h, lengths, steps) {
  const kept = Math.abs(h[steps]) > 0.1 && Math.abs(h[steps] - h[steps - 1]) < 1e-3;
  const last = lengths[steps];
  const memory = kept ? "The state has settled at a value of its own"
    : Math.abs(h[steps]) > 0.1 ? "The state is still moving" : "The pulse is forgotten";
  const gradient = last < 1e-3 ? "and the gradient has vanished."
    : last > 1e3 ? "and the gradient explodes." : "and the gradient arrives.";
  return `${memory}, ${gradient}`;
}

const SLIDERS = [
  ["recurrent_weight", "recurrent weight r", { min: -2, max: 2, step: 0.05, decimals: 2 }],
  ["input_weight", "input weight w", { min: 0, max: 4, step: 0.01, decimals: 2 }],
  ["bias", "bias b", { min: -1, max: 1, step: 0.05, decimals: 2 }],
  ["initial_state", "initial state h₀", { min: -1, max: 1, step: 0.05, decimals: 2 }],
];

function render({ model, el }) {
  const root = make("div", { class: "mm-sliders", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const names = [...SLIDERS.map(([name]) => name), "steps"];
  const rows = SLIDERS.map(([name, label, range]) => slider(label, range, (value) => {
    model.set(name, value);
    model.save_changes();
  }));
  const pictures = make("div", { class: "row" });
  const status = make("p", { class: "status", "aria-live": "polite" });
  root.append(make("div", { class: "row" }, ...rows.map(([row]) => row)), pictures, status);

  function draw() {
    const how = Object.fromEntries(names.map((name) => [name, model.get(name)]));
    rows.forEach(([, show], i) => show(how[SLIDERS[i][0]]));
    const [h, lengths] = [states(how), gradients(how)];
    pictures.replaceChildren(trajectory(h, how.steps), fading(lengths, how.steps));
    status.replaceChildren("last state ", make("strong", {}, written(h[how.steps], 2)),
      `, gradient over ${how.steps} steps `, make("strong", {}, power(lengths[how.steps])),
      `. ${words(h, lengths, how.steps)}`);
  }
  for (const name of names) model.on(`change:${name}`, draw);
  draw();
  return () => { for (const name of names) model.off(`change:${name}`, draw); };
}

export default { render };
