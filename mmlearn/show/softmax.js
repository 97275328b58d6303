// Three logits and a temperature: what softmax makes of them, the loss for the label one
// chooses, and its gradient. Nothing is asked of Python. sliders.js stands above.

/** softmax(z / T), the largest exponent taken out. */
export function softmax(logits, temperature) {
  const scaled = logits.map((z) => z / temperature);
  const most = Math.max(...scaled);
  const powers = scaled.map((z) => Math.exp(z - most));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((e) => e / total);
}

/** −log p of the label, from the logits: a probability that rounds to 0 has one too. */
export function surprise(logits, temperature, label) {
  const scaled = logits.map((z) => z / temperature);
  const most = Math.max(...scaled);
  const total = scaled.map((z) => Math.exp(z - most)).reduce((a, b) => a + b);
  return Math.log(total) + most - scaled[label];
}

/** ∂L/∂z = (p − y) / T. */
export const gradient = (logits, temperature, label) =>
  softmax(logits, temperature).map((p, k) => (p - (k === label ? 1 : 0)) / temperature);

/** Bars from zero, up and down, with their numbers; `low` and `high` bound the axis. */
function bars(title, values, low, high) {
  const [width, height, left, top, bottom] = [330, 220, 40, 30, 34];
  const y = (v) => top + ((high - v) / (high - low)) * (height - top - bottom);
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
    "aria-label": `${title}: ${values.map((v) => written(v, 3)).join(", ")}` });
  svg.append(make("text", { x: left, y: 14 }, title));
  for (const v of [low, 0, high].filter((v, i, all) => all.indexOf(v) === i))
    svg.append(make("line", { x1: left, x2: width - 8, y1: y(v), y2: y(v), class: v ? "grid" : "zero" }),
      make("text", { x: left - 6, y: y(v) + 4, class: "end" }, written(v, Number.isInteger(v) ? 0 : 1)));
  const wide = (width - left - 8) / values.length;
  values.forEach((v, k) => {
    const at = Math.max(low, Math.min(high, v));
    const middle = left + (k + 0.5) * wide;
    svg.append(
      make("rect", { x: middle - wide / 4, width: wide / 2, y: Math.min(y(at), y(0)),
        height: Math.abs(y(at) - y(0)), class: v < 0 ? "down" : "up" }),
      make("text", { x: middle, y: v < 0 ? y(at) + 14 : y(at) - 5, class: "middle" }, written(v, 3)),
      make("text", { x: middle, y: height - 4, class: "middle" }, `class ${k}`));
  });
  return svg;
}

function render({ model, el }) {
  const id = Math.random().toString(36).slice(2);
  const root = make("div", { class: "mm-sliders", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const get = (name) => model.get(name);
  const set = (name, value) => { model.set(name, value); model.save_changes(); };
  const scores = get("logits").map((_, k) =>
    slider(`logit ${k}`, { min: -6, max: 6, step: 0.1, decimals: 1 }, (value) =>
      set("logits", get("logits").map((z, i) => (i === k ? value : z)))));
  const [warmth, showWarmth] = slider("temperature",
    { min: 0.1, max: 5, step: 0.1, decimals: 1 }, (value) => set("temperature", value));
  const labels = make("fieldset", {}, make("legend", {}, "true class"));
  get("logits").forEach((_, k) => labels.append(make("label", {}, make("input", {
    type: "radio", name: `label-${id}`, value: k, "aria-label": `true class ${k}`,
    onchange: () => set("label", k) }), String(k))));
  const pictures = make("div", { class: "row" });
  const status = make("p", { class: "status", "aria-live": "polite" });
  root.append(make("div", { class: "row small" }, ...scores.map(([row]) => row)),
    make("div", { class: "row small" }, warmth, labels), pictures, status);

  function draw() {
    const [z, t, k] = [get("logits"), get("temperature"), get("label")];
    scores.forEach(([, show], i) => show(z[i]));
    showWarmth(t);
    labels.querySelectorAll("input").forEach((b) => { b.checked = +b.value === k; });
    const slope = gradient(z, t, k);
    const reach = Math.max(1, Math.ceil(1 / t));
    const name = t === 1 ? "gradient p − y" : "gradient (p − y) / T";
    pictures.replaceChildren(bars("probability p", softmax(z, t), 0, 1),
      bars(`${name}, by each logit`, slope, -reach, reach));
    status.replaceChildren("loss −log p of the true class: ",
      make("strong", {}, `${written(surprise(z, t, k), 3)} nats`),
      `; the three slopes add up to ${written(slope.reduce((a, b) => a + b), 3)}.`);
  }
  const names = ["logits", "temperature", "label"];
  for (const name of names) model.on(`change:${name}`, draw);
  draw();
  return () => { for (const name of names) model.off(`change:${name}`, draw); };
}

export default { render };
