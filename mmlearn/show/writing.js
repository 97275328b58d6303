// A GRU in the browser: it reads what is typed, says what comes next, and writes. Nothing
// is asked of Python once the weights are here. The file sliders.js stands above this one.

export const SHOWN = 14;
const TAIL = 60;
const printed = (token) => ({ " ": "␣", "\n": "⏎" })[token] ?? token;
const sigmoid = (a) => 1 / (1 + Math.exp(-a));

/** The six weights, as they lie one behind the other in base64. */
export function unpack({ parameters, tokens, features, units }) {
  const bytes = Uint8Array.from(atob(parameters), (c) => c.charCodeAt(0));
  const all = new Float32Array(bytes.buffer);
  const [V, F, U] = [tokens.length, features, units];
  let start = 0;
  const [table, kernel, recurrent, bias, dense, last] =
    [V * F, F * 3 * U, U * 3 * U, 6 * U, U * V, V].map((n) => all.subarray(start, (start += n)));
  const number = new Map(tokens.map((token, n) => [token, n]).slice(2));
  return { V, F, U, table, kernel, recurrent, bias, dense, last, number };
}

/** start + v M, M a matrix by rows with as many columns as start has numbers. */
function affine(v, matrix, start) {
  const out = Float64Array.from(start);
  v.forEach((x, i) => {
    const row = i * out.length;
    for (let j = 0; j < out.length; j += 1) out[j] += x * matrix[row + j];
  });
  return out;
}

/** The state after token n. */
export function step(net, h, n) {
  const { F, U } = net;
  const a = affine(net.table.subarray(n * F, (n + 1) * F), net.kernel, net.bias.subarray(0, 3 * U));
  const b = affine(h, net.recurrent, net.bias.subarray(3 * U));
  return h.map((old, j) => {
    const z = sigmoid(a[j] + b[j]);
    const r = sigmoid(a[U + j] + b[U + j]);
    return z * old + (1 - z) * Math.tanh(a[2 * U + j] + r * b[2 * U + j]);
  });
}

/** p of every token to come; never padding (0), never unknown (1). */
export function next(net, h, temperature) {
  const logits = affine(h, net.dense, net.last).map((z) => z / temperature);
  const top = logits.subarray(2).reduce((x, y) => Math.max(x, y), -Infinity);
  const e = logits.map((z, n) => (n > 1 ? Math.exp(z - top) : 0));
  const sum = e.reduce((x, y) => x + y, 0);
  return e.map((x) => x / sum);
}

/** All states of a text, and −ln p of each of its letters at temperature 1. */
export function reader(net) {
  let letters = [];
  let states = [new Float64Array(net.U)];
  const surprise = [];
  return (text) => {
    const now = Array.from(text);
    let same = 0;
    while (same < now.length && now[same] === letters[same]) same += 1;
    states = states.slice(0, same + 1);
    surprise.length = same;
    for (const letter of now.slice(same)) {
      const h = states[states.length - 1];
      const n = net.number.get(letter) ?? 1;
      surprise.push(n > 1 ? -Math.log(next(net, h, 1)[n]) : NaN);
      states.push(step(net, h, n));
    }
    letters = now;
    return { h: states[states.length - 1], surprise: [...surprise], letters };
  };
}

/** The token whose stretch of the line from 0 to 1 holds u. */
export function pick(p, u) {
  let sum = 0;
  for (let n = 2; n < p.length; n += 1) {
    sum += p[n];
    if (sum > u) return n;
  }
  return p.lastIndexOf(Math.max(...p));
}

/** Bars of surprise above the text's last letters. */
function chart({ letters, surprise }) {
  const [width, height, left] = [820, 96, 46];
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
    "aria-label": "how surprising each of the last letters was" });
  const y = (nats) => 72 - Math.min(8, nats) * 7.5;
  for (const nats of [0, 4, 8])
    svg.append(make("line", { x1: left, x2: width, y1: y(nats), y2: y(nats), class: nats ? "grid" : "zero" }),
      make("text", { x: left - 6, y: y(nats) + 4, class: "end" }, String(nats)));
  svg.append(make("text", { x: 12, y: 42, class: "middle", transform: "rotate(-90 12 42)" }, "nats"));
  const first = Math.max(0, letters.length - TAIL);
  const wide = (width - left) / TAIL;
  letters.slice(first).forEach((letter, n) => {
    const nats = surprise[first + n];
    const x = left + n * wide;
    if (nats >= 0) svg.append(make("rect", { x: x + 2, width: wide - 4, y: y(nats), height: y(0) - y(nats), class: "up" }));
    svg.append(make("text", { x: x + wide / 2, y: 90, class: "middle letter" }, printed(letter)));
  });
  return svg;
}

/** One button for each of the likeliest tokens, as wide as it is likely. */
function choices(p, tokens, choose) {
  const order = [...p.keys()].sort((i, j) => p[j] - p[i]).slice(0, SHOWN);
  return order.map((n) => make("button", { class: "token", type: "button", onclick: () => choose(tokens[n]),
    "aria-label": `${tokens[n] === " " ? "blank" : printed(tokens[n])}, p ${p[n].toFixed(2)}`,
    style: `--p: ${(100 * p[n]).toFixed(1)}%` },
  make("b", {}, printed(tokens[n])), make("span", {}, p[n].toFixed(2))));
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const set = (name, value) => { model.set(name, value); model.save_changes(); };
  const tokens = get("tokens");
  const net = unpack({ tokens, parameters: get("parameters"), features: get("features"), units: get("units") });
  const read = reader(net);
  const root = make("div", { class: "mm-sliders mm-writing", "data-lm-suppress-shortcuts": "true" });
  const area = make("textarea", { rows: 5, spellcheck: "false", "aria-label": "the text",
    oninput: (e) => set("text", e.target.value) });
  const [heat, showHeat] = slider("temperature T", { min: 0.1, max: 3, step: 0.05, decimals: 2 },
    (value) => set("temperature", value));
  const write = (count) => () => {
    let text = get("text");
    for (let n = 0; n < count; n += 1)
      text += tokens[pick(next(net, read(text).h, get("temperature")), Math.random())];
    set("text", text);
  };
  const button = (label, onclick) => make("button", { type: "button", onclick }, label);
  const likely = make("div", { class: "row tokens" });
  const picture = make("div", {});
  const status = make("p", { class: "status", "aria-live": "polite" });
  root.append(area, make("div", { class: "row" }, heat, button("write 1", write(1)), button("write 60", write(60)),
    button("empty", () => set("text", ""))), likely, picture, status);
  el.append(root);

  function draw() {
    if (area.value !== get("text")) area.value = get("text");
    area.scrollTop = area.scrollHeight;
    showHeat(get("temperature"));
    const now = read(get("text"));
    const p = next(net, now.h, get("temperature"));
    likely.replaceChildren(...choices(p, tokens, (token) => set("text", get("text") + token)));
    picture.replaceChildren(chart(now));
    const entropy = p.reduce((sum, x) => sum - (x > 0 ? x * Math.log(x) : 0), 0);
    const known = now.surprise.slice(1).filter((nats) => nats >= 0);
    const mean = known.reduce((x, y) => x + y, 0) / known.length;
    status.replaceChildren("The next letter: as open as a choice among ", make("strong", {}, written(Math.exp(entropy), 1)),
      " equally likely ones. ", ...(known.length ? ["The text from its second letter: perplexity ",
        make("strong", {}, written(Math.exp(mean), 1)), " (T = 1)."] : []));
  }
  for (const name of ["text", "temperature"]) model.on(`change:${name}`, draw);
  draw();
  return () => { for (const name of ["text", "temperature"]) model.off(`change:${name}`, draw); };
}

export default { render };
