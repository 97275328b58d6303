// A rare class and a frequent one on one score: move the threshold, the frequency and the
// distance, and see three metrics. Nothing is asked of Python. sliders.js stands above.

export const LOW = -3, HIGH = 7, STEPS = 200;

/** The density of a standard normal, and the share below x, by Simpson's rule. */
const density = (x) => Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
export function below(x) {
  if (x < -8) return 0;
  if (x > 8) return 1;
  const n = 100, h = x / n;
  let sum = density(0) + density(x);
  for (let i = 1; i < n; i++) sum += (i % 2 ? 4 : 2) * density(i * h);
  return 0.5 + sum * h / 3;
}

/** Shares of all samples in the four fields, and the metrics, at a threshold. */
export function judge({ share, distance, threshold }) {
  const found = share * (1 - below(threshold - distance)), missed = share - found;
  const quiet = (1 - share) * below(threshold), alarms = 1 - share - quiet;
  const f = (hits, a, b) => (2 * hits + a + b > 0 ? 2 * hits / (2 * hits + a + b) : 0);
  return { found, missed, quiet, alarms, accuracy: found + quiet,
    balanced: (found / share + quiet / (1 - share)) / 2,
    f1: (f(found, missed, alarms) + f(quiet, missed, alarms)) / 2 };
}

/** Every metric at every threshold from LOW to HIGH, and where each is largest. */
export function sweep({ share, distance }) {
  const at = Array.from({ length: STEPS + 1 }, (_, n) => LOW + (HIGH - LOW) * n / STEPS);
  const values = at.map((threshold) => judge({ share, distance, threshold }));
  const best = (name) => at[values.reduce((b, v, n) => (v[name] > values[b][name] + 1e-9 ? n : b), 0)];
  return { at, values, best: Object.fromEntries(Object.keys(NAMES).map((n) => [n, best(n)])) };
}

const NAMES = { accuracy: "accuracy", balanced: "balanced accuracy", f1: "macro F1" };

function chart({ share, distance, threshold }, found) {
  const [width, left, right] = [820, 64, 150];
  const [top, middle, bottom] = [[14, 130], [160, 312], 356];
  const svg = make("svg", { viewBox: `0 0 ${width} ${bottom}`, width, height: bottom, role: "img",
    "aria-label": "two classes on one score, and three metrics by threshold" });
  const x = (t) => left + ((t - LOW) / (HIGH - LOW)) * (width - left - right);
  const most = Math.max((1 - share) * density(0), share * density(0));
  const y = (v) => top[1] - (v / most) * (top[1] - top[0]);
  const m = (v) => middle[1] - v * (middle[1] - middle[0]);
  const label = (text, at) => make("text", { x: 14, y: at, class: "middle", transform: `rotate(-90 14 ${at})` }, text);
  const path = (f, kind) => make("path", { class: kind, d: `M${found.at.map((t, n) => `${x(t).toFixed(1)},${f(t, n).toFixed(1)}`).join(" L")}` });
  for (const v of [0, 0.5, 1])
    svg.append(make("line", { x1: left, x2: width - right, y1: m(v), y2: m(v), class: v ? "grid" : "zero" }),
      make("text", { x: left - 6, y: m(v) + 4, class: "end" }, written(v, 1)));
  svg.append(make("line", { x1: left, x2: width - right, y1: top[1], y2: top[1], class: "zero" }));
  for (const t of [-2, 0, 2, 4, 6])
    svg.append(make("text", { x: x(t), y: middle[1] + 18, class: "middle" }, written(t)));
  svg.append(path((t) => y((1 - share) * density(t)), "common"), path((t) => y(share * density(t - distance)), "rare"),
    make("text", { x: width - right + 10, y: top[0] + 30 }, "— frequent"),
    make("text", { x: width - right + 10, y: top[0] + 50 }, "- - rare"),
    make("text", { x: (left + width - right) / 2, y: bottom - 8, class: "middle" }, "score, and threshold"),
    label("samples", 72), label("metric", 236));
  for (const [n, name] of Object.keys(NAMES).entries()) {
    svg.append(path((_, i) => m(found.values[i][name]), `metric m${n}`));
    const best = found.best[name], value = judge({ share, distance, threshold: best })[name];
    svg.append(make("circle", { cx: x(best), cy: m(value), r: 4.5, class: `dot m${n}` }));
    const text = ["—", "- -", "···"][n] + " " + NAMES[name];
    svg.append(make("text", { x: width - right + 10, y: middle[0] + 30 + 20 * n }, text));
  }
  svg.append(make("text", { x: width - right + 10, y: middle[0] + 96 }, "● its best threshold"),
    make("line", { x1: x(threshold), x2: x(threshold), y1: top[0], y2: middle[1], class: "threshold" }));
  return svg;
}

function render({ model, el }) {
  const root = make("div", { class: "mm-sliders mm-rare", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const ranges = {
    share: ["share of the rare class", { min: 0.005, max: 0.5, step: 0.005, decimals: 3 }],
    distance: ["distance of the classes", { min: 0, max: 4, step: 0.1, decimals: 1, unit: "s.d." }],
    threshold: ["threshold", { min: LOW, max: HIGH, step: 0.05, decimals: 2 }],
  };
  const row = make("div", { class: "row small" });
  const shows = Object.entries(ranges).map(([name, [label, range]]) => {
    const [element, show] = slider(label, range, (value) => { model.set(name, value); model.save_changes(); });
    row.append(element);
    return () => show(model.get(name));
  });
  const picture = make("div", {}), status = make("p", { class: "status", "aria-live": "polite" });
  root.append(row, picture, status);

  function draw() {
    for (const show of shows) show();
    const set = Object.fromEntries(Object.keys(ranges).map((n) => [n, model.get(n)]));
    const now = judge(set);
    picture.replaceChildren(chart(set, sweep(set)));
    const of = (v) => written(1000 * v, 0);
    status.replaceChildren(`Of 1,000: ${of(now.found)} rare ones found, ${of(now.missed)} missed, ${of(now.alarms)} false alarms, ${of(now.quiet)} rightly left alone. `,
      ...Object.entries(NAMES).flatMap(([name, label]) => [`${label} `, make("strong", {}, written(now[name], 3)), ", "]),
      `always "frequent" would have an accuracy of ${written(1 - set.share, 3)}.`);
  }
  for (const name of Object.keys(ranges)) model.on(`change:${name}`, draw);
  draw();
  return () => { for (const name of Object.keys(ranges)) model.off(`change:${name}`, draw); };
}

export default { render };
