// A query, its own key and the other keys of the batch on a circle: temperature, batch,
// doubles and the query's angle to move; which keys push? Nothing is asked of Python.
// sliders.js stands above.

const GOLDEN = (Math.sqrt(5) - 1) / 2, RAD = Math.PI / 180;

/** Degrees of all keys: the own one, the doubles near it, the strangers. */
export function angles({ batch, doubles }) {
  const same = Math.min(doubles, batch - 1), found = [0];
  for (let n = 1; n <= same; n++) found.push((n % 2 ? 1 : -1) * 5 * Math.floor((n + 1) / 2));
  for (let n = 1; n < batch - same; n++) found.push(40 + 280 * ((n * GOLDEN) % 1));
  return found;
}

/** Loss, bound, how many push, the doubles' share; and each other key's share. */
export function judge(set) {
  const s = angles(set).map((a) => Math.cos((a - set.query) * RAD) / set.temperature);
  const most = Math.max(...s), e = s.map((v) => Math.exp(v - most));
  const total = e.reduce((a, b) => a + b), rest = total - e[0];
  // Far behind the largest all others may round to 0: then from their own largest.
  const top = Math.max(...s.slice(1)), f = s.slice(1).map((v) => Math.exp(v - top));
  const sum = f.reduce((a, b) => a + b), share = f.map((v) => v / sum);
  const entropy = -share.reduce((h, p) => h + (p > 0 ? p * Math.log(p) : 0), 0);
  const same = Math.min(set.doubles, set.batch - 1);
  const loss = Math.log(total) + most - s[0];
  return { loss, bound: Math.log(set.batch) - loss, pushing: Math.exp(entropy),
    doubled: share.slice(0, same).reduce((a, b) => a + b, 0), share, force: rest / total / set.temperature };
}

function circle(set, found) {
  const [width, height, cx, cy, r] = [400, 330, 200, 165, 138];
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
    "aria-label": `a query at ${set.query} degrees and ${set.batch} keys on a circle` });
  const at = (a) => [cx + r * Math.cos(a * RAD), cy - r * Math.sin(a * RAD)];
  const [qx, qy] = at(set.query), places = angles(set), same = Math.min(set.doubles, set.batch - 1);
  svg.append(make("circle", { cx, cy, r, class: "ring" }));
  found.share.forEach((w, n) => {
    const [x, y] = at(places[n + 1]);
    svg.append(make("line", { x1: qx, y1: qy, x2: x, y2: y, class: "push", "stroke-width": (8 * Math.sqrt(w)).toFixed(2) }));
  });
  places.forEach((a, n) => {
    const [x, y] = at(a);
    if (n > same) svg.append(make("circle", { cx: x, cy: y, r: 5, class: "stranger" }));
    else if (n) svg.append(make("rect", { x: x - 5, y: y - 5, width: 10, height: 10, class: "double" }));
  });
  const [kx, ky] = at(0);
  const star = Array.from({ length: 10 }, (_, i) => {
    const [size, turn] = [i % 2 ? 5 : 12, (36 * i - 90) * RAD];
    return `${(kx + size * Math.cos(turn)).toFixed(1)},${(ky + size * Math.sin(turn)).toFixed(1)}`;
  });
  svg.append(make("path", { d: `M${star.join(" L")} Z`, class: "own" }),
    make("path", { d: `M${qx},${qy - 10} l9,16 h-18 Z`, class: "query" }));
  ["▲ query", "★ its own key", "■ doubles", "● strangers"].forEach((text, n) =>
    svg.append(make("text", { x: cx - 42, y: cy - 24 + 20 * n }, text)));
  return svg;
}

function bars(set, found) {
  const [width, height, left, top, bottom] = [420, 330, 52, 20, 44];
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
    "aria-label": "each other key's share of the push, the largest first" });
  const y = (v) => height - bottom - v * (height - top - bottom);
  for (const v of [0, 0.5, 1])
    svg.append(make("line", { x1: left, x2: width, y1: y(v), y2: y(v), class: v ? "grid" : "zero" }),
      make("text", { x: left - 6, y: y(v) + 4, class: "end" }, written(v, 1)));
  const same = Math.min(set.doubles, set.batch - 1);
  const order = found.share.map((w, n) => [w, n]).sort((a, b) => b[0] - a[0]).slice(0, 16);
  const wide = (width - left) / 16;
  order.forEach(([w, n], i) => {
    svg.append(make("rect", { x: left + i * wide + 3, width: wide - 6, y: y(w), height: y(0) - y(w), class: n < same ? "double" : "bar" }));
    if (n < same) svg.append(make("text", { x: left + (i + 0.5) * wide, y: y(0) + 15, class: "middle" }, "■"));
  });
  const mid = (left + width) / 2;
  svg.append(make("text", { x: mid, y: height - 10, class: "middle" }, "other keys, the strongest 16 (■ doubles)"),
    make("text", { x: 14, y: 150, class: "middle", transform: "rotate(-90 14 150)" }, "share of the push"));
  return svg;
}

function render({ model, el }) {
  const root = make("div", { class: "mm-sliders mm-contrast", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const ranges = {
    temperature: ["temperature τ", { min: 0.02, max: 2, step: 0.02, decimals: 2 }],
    batch: ["keys in the batch", { min: 2, max: 64, step: 1 }],
    doubles: ["doubles among them", { min: 0, max: 8, step: 1 }],
    query: ["query's angle", { min: 0, max: 90, step: 1, unit: "°" }],
  };
  const row = make("div", { class: "row small" });
  const shows = Object.entries(ranges).map(([name, [label, range]]) => {
    const [element, show] = slider(label, range, (value) => { model.set(name, value); model.save_changes(); });
    row.append(element);
    return () => show(model.get(name));
  });
  const pictures = make("div", { class: "row" }), status = make("p", { class: "status", "aria-live": "polite" });
  root.append(row, pictures, status);

  function draw() {
    for (const show of shows) show();
    const set = Object.fromEntries(Object.keys(ranges).map((n) => [n, model.get(n)]));
    const found = judge(set);
    pictures.replaceChildren(circle(set, found), bars(set, found));
    status.replaceChildren("loss ", make("strong", {}, `${written(found.loss, 2)} nats`),
      ` (ln B is ${written(Math.log(set.batch), 2)}); about `, make("strong", {}, written(found.pushing, 1)),
      ` of ${set.batch - 1} other keys push; doubles have `, make("strong", {}, `${written(100 * found.doubled)} %`),
      ` of the push; its strength (1 − p of the own key) / τ is ${written(found.force, 2)}.`);
  }
  for (const name of Object.keys(ranges)) model.on(`change:${name}`, draw);
  draw();
  return () => { for (const name of Object.keys(ranges)) model.off(`change:${name}`, draw); };
}

export default { render };
