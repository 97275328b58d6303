// Three noisy modalities of one bit, and how often each way of fusing them is right. All
// numbers are integrals of Gaussians; nothing is asked of Python. sliders.js stands above.

const NAMES = ["audio", "image", "text"];
const FUSIONS = ["best alone", "majority vote", "sum of features", "mean of probabilities",
  "product of experts", "best possible"];

/** Φ(x) = 1/2 + φ(x) (x + x³/3 + x⁵/(3·5) + …), by its series (Marsaglia 2004). */
function phi(x) {
  if (Math.abs(x) > 7) return x > 0 ? 1 : 0;
  let term = x, sum = x;
  for (let k = 3; Math.abs(term) > 1e-12; k += 2) sum += term *= (x * x) / k;
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** The mean of f under a standard normal: the trapezoid rule from −6 to 6. */
function gaussian(f, steps) {
  let sum = 0, weight = 0;
  for (let i = 0; i <= steps; i++) {
    const z = -6 + (12 * i) / steps;
    const w = Math.exp((-z * z) / 2);
    sum += w * f(z);
    weight += w;
  }
  return sum / weight;
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** Majority of three: given the noise they share, they are independent. */
function vote(s, rho) {
  return gaussian((z) => {
    const [a, b, c] = s.map((sigma) =>
      phi((1 / sigma + Math.sqrt(rho) * z) / Math.sqrt(1 - rho)));
    return a * b + a * c + b * c - 2 * a * b * c;
  }, 240);
}

/** Mean of three probabilities > 1/2: two are drawn, the third must pass a threshold. */
function average(s, rho) {
  const spread = Math.sqrt(1 - (2 * rho * rho) / (1 + rho));
  const p = (m, z) => sigmoid((2 * (1 + s[m] * z)) / s[m] ** 2);
  return gaussian((z1) => gaussian((n) => {
    const z2 = rho * z1 + Math.sqrt(1 - rho * rho) * n;
    const least = 1.5 - p(0, z1) - p(1, z2);
    if (least <= 0) return 1;
    if (least >= 1) return 0;
    const x = (s[2] ** 2 / 2) * Math.log(least / (1 - least));
    return phi(((1 - x) / s[2] + (rho * (z1 + z2)) / (1 + rho)) / spread);
  }, 120), 120);
}

/** Accuracies by the names in FUSIONS, and the product's own mean confidence. */
export function fuse(s, rho) {
  const total = (f) => s.reduce((sum, x) => sum + f(x), 0);
  const squares = (f) => (1 - rho) * total((x) => f(x) ** 2) + rho * total(f) ** 2;
  const precision = total((x) => 1 / x ** 2);
  const heard = squares((x) => 1 / x); // variance of Σ x / σ²
  const ideal = (precision - (rho * total((x) => 1 / x) ** 2) / (1 + 2 * rho)) / (1 - rho);
  const accuracies = [
    phi(1 / Math.min(...s)),
    vote(s, rho),
    phi(3 / Math.sqrt(squares((x) => x))),
    average(s, rho),
    phi(precision / Math.sqrt(heard)),
    phi(Math.sqrt(ideal)),
  ];
  const confidence = gaussian(
    (z) => sigmoid(Math.abs(2 * (precision + Math.sqrt(heard) * z))), 480);
  return { accuracies, confidence };
}

/** Lying bars from a half to 1, and a line where the best modality alone stands. */
function bars(values) {
  const [width, left, step, top] = [640, 170, 30, 8];
  const height = top + step * values.length + 24;
  const x = (v) => left + (Math.max(v, 0.5) - 0.5) * 2 * (width - left - 175);
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
    "aria-label": FUSIONS.map((n, k) => `${n}: ${written(values[k], 3)}`).join(", ") });
  const bottom = top + step * values.length;
  for (const v of [0.5, 0.75, 1])
    svg.append(make("line", { x1: x(v), x2: x(v), y1: top, y2: bottom, class: "grid" }),
      make("text", { x: x(v), y: bottom + 16, class: "middle" }, written(v, 2)));
  values.forEach((v, k) => {
    const y = top + k * step;
    const under = v < values[0] - 5e-4;
    const ends = k === values.length - 1 || k === 0;
    svg.append(
      make("text", { x: left - 8, y: y + 19, class: "end" }, FUSIONS[k]),
      make("rect", { x: left, width: x(v) - left, y: y + 5, height: step - 10,
        class: ends ? "down" : "up", opacity: under ? 0.45 : 1 }),
      make("text", { x: x(1) + 10, y: y + 19 },
        written(v, 3) + (under ? "  ✗ below the best alone" : "")));
  });
  svg.append(make("text", { x: left - 8, y: bottom + 16, class: "end" }, "accuracy"));
  svg.append(make("line", { x1: x(values[0]), x2: x(values[0]), y1: top, y2: bottom,
    class: "zero", "stroke-dasharray": "4 3" }));
  return svg;
}

function render({ model, el }) {
  const root = make("div", { class: "mm-sliders", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const get = (name) => model.get(name);
  const set = (name, value) => { model.set(name, value); model.save_changes(); };
  const noises = NAMES.map((name, m) =>
    slider(`noise of ${name}`, { min: 0.3, max: 5, step: 0.1, decimals: 1 }, (value) =>
      set("noise", get("noise").map((s, i) => (i === m ? value : s)))));
  const [shared, showShared] = slider("noise they share",
    { min: 0, max: 0.95, step: 0.05, decimals: 2 }, (value) => set("correlation", value));
  const picture = make("div", { class: "row" });
  const status = make("p", { class: "status", "aria-live": "polite" });
  root.append(make("div", { class: "row small" }, ...noises.map(([row]) => row)),
    make("div", { class: "row small" }, shared), picture, status);

  function draw() {
    const [s, rho] = [get("noise"), get("correlation")];
    noises.forEach(([, show], m) => show(s[m]));
    showShared(rho);
    const { accuracies, confidence } = fuse(s, rho);
    picture.replaceChildren(bars(accuracies));
    const over = confidence - accuracies[4];
    status.replaceChildren("The product of experts says it is right in ",
      make("strong", {}, written(confidence, 3)), " and is right in ",
      make("strong", {}, written(accuracies[4], 3)),
      Math.abs(over) < 5e-3 ? ": it means what it says." : `: too sure by ${written(over, 3)}.`);
  }
  const names = ["noise", "correlation"];
  for (const name of names) model.on(`change:${name}`, draw);
  draw();
  return () => { for (const name of names) model.off(`change:${name}`, draw); };
}

export default { render };
