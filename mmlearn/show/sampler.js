// A film of 48 frames in which a hand goes round and a flash lights up once; a sampler
// chooses some of them. Nothing is asked of Python. sliders.js stands above.

export const FRAMES = 48;
const HOW = { uniform: "uniform", random: "random", dense: "dense" };

/** Numbers from 0 to 1, the same in Python and in the browser. */
function uniform(draw, count) {
  let state = (draw * 7919 + 12345) % 2 ** 32;
  const found = [];
  for (let i = 0; i < count + 3; i++) {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    found.push(state / 2 ** 32);
  }
  return found.slice(3);
}

/** What is chosen, what is missed, how the hand seems to turn. */
export function sample({ n, how, period, flash, place, draw }) {
  const dense = how === "dense";
  const u = how === "uniform" ? Array(n).fill(0.5) : uniform(draw, dense ? 1 : n);
  const first = Math.floor(u[0] * (FRAMES - n + 1));
  const index = Array.from({ length: n }, (_, k) =>
    (dense ? first + k : Math.floor(((k + u[k]) * FRAMES) / n)));
  const sees = (p) => index.some((i) => i >= p && i < p + flash);
  const places = Array.from({ length: FRAMES - flash + 1 }, (_, p) => p);
  const missed = places.filter((p) => !sees(p)).length / places.length;
  const steps = index.slice(1).map((i, k) => {
    const turns = (i - index[k]) / period;
    return turns - Math.ceil(turns - 0.5);
  });
  return { index, missed, steps, seen: sees(place) };
}

function chart({ period, flash, place }, { index, steps }) {
  const cell = 19, left = 62, width = left + FRAMES * cell + 8;
  const svg = make("svg", { viewBox: `0 0 ${width} 116`, width, height: 116, role: "img",
    "aria-label": "all frames above, the chosen ones below" });
  const chosen = new Set(index);
  const dial = (t, y, kind) => {
    const x = left + (t + 0.5) * cell, angle = (2 * Math.PI * t) / period;
    const lit = t >= place && t < place + flash ? " lit" : "";
    svg.append(make("circle", { cx: x, cy: y, r: 8.2, class: `dial ${kind}${lit}` }),
      make("line", { x1: x, y1: y, x2: x + 7.4 * Math.sin(angle), y2: y - 7.4 * Math.cos(angle), class: "hand" }));
  };
  for (let t = 0; t < FRAMES; t++) {
    dial(t, 24, chosen.has(t) ? "chosen" : "");
    if (t % 6 === 0) svg.append(make("text", { x: left + (t + 0.5) * cell, y: 112, class: "middle" }, String(t)));
  }
  for (const [k, t] of index.entries()) {
    dial(t, 66, "chosen");
    const sign = k && Math.abs(steps[k - 1]) > 1e-9 ? (steps[k - 1] > 0 ? "↻" : "↺") : "";
    svg.append(make("text", { x: left + (t + 0.5) * cell, y: 92, class: "middle" }, sign));
  }
  svg.append(make("text", { x: left - 8, y: 28, class: "end" }, "all"),
    make("text", { x: left - 8, y: 70, class: "end" }, "chosen"),
    make("text", { x: left - 8, y: 92, class: "end" }, "seems"),
    make("text", { x: left - 8, y: 112, class: "end" }, "frame"));
  return svg;
}

function render({ model, el }) {
  const root = make("div", { class: "mm-sliders mm-sampler", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const set = (name, value) => { model.set(name, value); model.save_changes(); };
  const ranges = {
    n: ["frames chosen", { min: 1, max: FRAMES, step: 1 }],
    period: ["frames for a round", { min: 3, max: 24, step: 1 }],
    flash: ["the flash lasts", { min: 1, max: 12, step: 1, unit: "frames" }],
    place: ["it begins at frame", { min: 0, max: FRAMES - 1, step: 1 }],
  };
  const row = make("div", { class: "row small" });
  const shows = Object.entries(ranges).map(([name, [label, range]]) => {
    const [element, show] = slider(label, range, (value) => set(name, value));
    row.append(element);
    return () => show(model.get(name));
  });
  const choices = make("fieldset", {}, make("legend", {}, "sampler"));
  const group = `how-${Math.random()}`;
  const radios = Object.entries(HOW).map(([value, label]) => {
    const input = make("input", { type: "radio", name: group, value, onchange: () => set("how", value) });
    choices.append(make("label", {}, input, label));
    return input;
  });
  const again = make("button", { type: "button", onclick: () => set("draw", (model.get("draw") + 1) % 1000) }, "draw again");
  const picture = make("div", {}), status = make("p", { class: "status", "aria-live": "polite" });
  root.append(make("div", { class: "row" }, choices, again), row, picture, status);
  const names = [...Object.keys(ranges), "how", "draw"];

  function draw() {
    for (const show of shows) show();
    for (const radio of radios) radio.checked = radio.value === model.get("how");
    again.disabled = model.get("how") === "uniform";
    const now = Object.fromEntries(names.map((name) => [name, model.get(name)]));
    const found = sample(now);
    picture.replaceChildren(chart(now, found));
    const turned = found.steps.length
      ? `${found.steps.filter((s) => s > 0).length} steps seem forward, ${found.steps.filter((s) => s < 0).length} backward.`
      : "One frame shows no motion.";
    status.replaceChildren(make("strong", {}, found.seen ? "The flash is seen" : "The flash is missed"),
      `; it would be missed at ${written(100 * found.missed)} % of all places. ${turned}`);
  }
  for (const name of names) model.on(`change:${name}`, draw);
  draw();
  return () => { for (const name of names) model.off(`change:${name}`, draw); };
}

export default { render };
