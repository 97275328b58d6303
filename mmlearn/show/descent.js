// Three optimizers on a long narrow valley, L = ½ (λ₁ w₁² + λ₂ w₂²): choose one, its
// learning rate and its momentum, and see the path. Nothing is asked of Python.

export const OPTIMIZERS = ["gradient descent", "momentum", "Adam"];
const LIMIT = 1e6; // a weight beyond this has left for good
const BETA_2 = 0.999;
const EPSILON = 1e-7;

/** The weights before the first step and after each; cut short once they explode. */
export function walk({ optimizer, learning_rate: rate, momentum, curvature, start, steps }) {
  const path = [[...start]];
  let w = [...start], m = [0, 0], v = [0, 0];
  for (let t = 1; t <= steps; t++) {
    const g = w.map((x, i) => curvature[i] * x);
    if (optimizer === "Adam") {
      m = m.map((x, i) => momentum * x + (1 - momentum) * g[i]);
      v = v.map((x, i) => BETA_2 * x + (1 - BETA_2) * g[i] ** 2);
      const [c1, c2] = [1 - momentum ** t, 1 - BETA_2 ** t];
      w = w.map((x, i) => x - (rate * m[i]) / c1 / (Math.sqrt(v[i] / c2) + EPSILON));
    } else {
      const keep = optimizer === "momentum" ? momentum : 0;
      v = v.map((x, i) => keep * x - rate * g[i]);
      w = w.map((x, i) => x + v[i]);
    }
    path.push([...w]);
    if (Math.max(...w.map(Math.abs)) > LIMIT) break;
  }
  return path;
}

export const loss = (w, curvature) =>
  (curvature[0] * w[0] ** 2 + curvature[1] * w[1] ** 2) / 2;

const NAMESPACE = "http://www.w3.org/2000/svg";

function make(tag, attributes = {}, ...children) {
  const svg = ["svg", "g", "path", "text", "circle", "ellipse", "line", "clipPath", "rect"];
  const element = svg.includes(tag)
    ? document.createElementNS(NAMESPACE, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const digits = (x) => (x === 0 ? "0" : Math.abs(x) >= 1e4 || Math.abs(x) < 1e-3
  ? x.toExponential(1).replace("e+", "e").replace("-", "−") : String(+x.toPrecision(3)).replace("-", "−"));

/** The valley from above: lines of equal loss, and the path. */
function valley(path, curvature, start, id) {
  const [width, height] = [470, 230];
  const reach = [Math.abs(start[0]) * 1.15, Math.abs(start[1]) * 2.2];
  const x = (w) => width / 2 + (w / reach[0]) * (width / 2);
  const y = (w) => height / 2 - (w / reach[1]) * (height / 2);
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
    "aria-label": `the path in the valley, ${path.length - 1} steps` });
  svg.append(make("clipPath", { id }, make("rect", { width, height })));
  const drawing = make("g", { "clip-path": `url(#${id})` });
  const top = loss(start, curvature);
  for (const share of [1.6, 0.8, 0.4, 0.2, 0.1, 0.05, 0.02, 0.005]) {
    const radii = curvature.map((c) => Math.sqrt((2 * share * top) / c));
    drawing.append(make("ellipse", { cx: x(0), cy: y(0), class: "contour",
      rx: (radii[0] / reach[0]) * (width / 2), ry: (radii[1] / reach[1]) * (height / 2) }));
  }
  const far = (p) => p.map((w, i) => Math.max(-50 * reach[i], Math.min(50 * reach[i], w)));
  const points = path.map(far).map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`);
  drawing.append(make("path", { d: `M${points.join(" L")}`, class: "path" }));
  points.forEach((point, i) => {
    const [cx, cy] = point.split(",");
    drawing.append(make("circle", { cx, cy, r: i ? 2.6 : 5, class: i ? "step" : "start" }));
  });
  svg.append(drawing, make("rect", { width, height, class: "frame" }),
    make("text", { x: x(0), y: y(0) + 4, class: "goal" }, "×"),
    make("text", { x: width - 6, y: height - 8, class: "end" }, "w₁, flat →"),
    make("text", { x: 6, y: 18 }, "↑ w₂, steep"));
  return svg;
}

/** The loss after every step, on a logarithmic scale. */
function fall(path, curvature, steps) {
  const [width, height, left, bottom] = [330, 230, 44, 34];
  const [low, high] = [-16, 4];
  const x = (t) => left + (t / steps) * (width - left - 8);
  const y = (v) => {
    const log = Math.max(low, Math.min(high, Math.log10(Math.max(v, 1e-30))));
    return 8 + ((high - log) / (high - low)) * (height - bottom - 8);
  };
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
    "aria-label": "the loss after every step, on a logarithmic scale" });
  for (let power = low; power <= high; power += 4) {
    svg.append(make("line", { x1: left, x2: width - 8, y1: y(10 ** power), y2: y(10 ** power), class: "grid" }),
      make("text", { x: left - 6, y: y(10 ** power) + 4, class: "end" }, `1e${String(power).replace("-", "−")}`));
  }
  for (const t of [0, steps / 2, steps])
    svg.append(make("text", { x: x(t), y: height - 18, class: "middle" }, String(Math.round(t))));
  svg.append(make("text", { x: (left + width) / 2, y: height - 3, class: "middle" }, "step"),
    make("text", { x: width - 12, y: 24, class: "end" }, "loss"));
  const points = path.map((w, t) => `${x(t).toFixed(1)},${y(loss(w, curvature)).toFixed(1)}`);
  svg.append(make("path", { d: `M${points.join(" L")}`, class: "path" }));
  return svg;
}

function render({ model, el }) {
  const id = Math.random().toString(36).slice(2);
  const root = make("div", { class: "mm-sliders mm-descent", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const get = (name) => model.get(name);
  const set = (name, value) => { model.set(name, value); model.save_changes(); };
  const names = ["optimizer", "learning_rate", "momentum", "curvature", "start", "steps"];
  const pictures = make("div", { class: "pictures" });
  const status = make("p", { class: "status", "aria-live": "polite" });

  const choices = make("fieldset", {}, make("legend", {}, "optimizer"));
  for (const name of OPTIMIZERS) {
    const button = make("input", { type: "radio", name: `optimizer-${id}`, value: name,
      "aria-label": name, onchange: () => set("optimizer", name) });
    choices.append(make("label", {}, button, name));
  }
  function slider(label, name, low, high, step, from, to) {
    const shown = make("output", {});
    const input = make("input", { type: "range", min: low, max: high, step, "aria-label": label,
      oninput: (e) => set(name, from(e.target.valueAsNumber)) });
    const update = () => {
      if (document.activeElement !== input || Math.abs(from(input.valueAsNumber) - get(name)) > 1e-9)
        input.value = to(get(name));
      shown.textContent = digits(get(name));
    };
    return [make("label", { class: "slider" }, make("span", {}, label), input, shown), update, input];
  }
  const [rateRow, updateRate] = slider("learning rate", "learning_rate", -3, 0, 0.01,
    (x) => +(10 ** x).toPrecision(3), Math.log10);
  const [keepRow, updateKeep, keepInput] = slider("momentum", "momentum", 0, 0.99, 0.01,
    (x) => x, (x) => x);
  root.append(choices, make("div", { class: "sliders" }, rateRow, keepRow), pictures, status);

  function draw() {
    const how = Object.fromEntries(names.map((name) => [name, get(name)]));
    const path = walk(how);
    choices.querySelectorAll("input").forEach((b) => { b.checked = b.value === how.optimizer; });
    updateRate();
    updateKeep();
    keepInput.disabled = how.optimizer === "gradient descent";
    pictures.replaceChildren(valley(path, how.curvature, how.start, `clip-${id}`),
      fall(path, how.curvature, how.steps));
    const before = loss(how.start, how.curvature);
    const after = loss(path[path.length - 1], how.curvature);
    const left = path.length <= how.steps;
    const words = left || after > before ? "it diverges" : after < 1e-4 * before ? "it is there" : "it is on its way";
    status.replaceChildren(`loss ${digits(before)} → `, make("strong", {}, digits(after)),
      ` after ${path.length - 1} steps: ${words}.`);
  }
  for (const name of names) model.on(`change:${name}`, draw);
  draw();
  return () => { for (const name of names) model.off(`change:${name}`, draw); };
}

export default { render };
