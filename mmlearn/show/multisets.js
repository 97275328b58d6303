// Two neighbourhoods, each a bag of numbers: choose how often 1, 2 and 3 are in them,
// and see which read-outs tell them apart. Nothing is asked of Python.

export const READOUTS = ["mean", "max", "sum", "sum of squares"];
const VALUES = [1, 2, 3];
const MOST = 4;

/** What a node would know of such a neighbourhood; an empty one reads 0. */
export function read(counts) {
  const number = counts.reduce((a, b) => a + b, 0);
  const sum = counts.reduce((a, n, i) => a + n * VALUES[i], 0);
  return {
    mean: number ? sum / number : 0,
    max: Math.max(0, ...VALUES.filter((_, i) => counts[i])),
    sum,
    "sum of squares": counts.reduce((a, n, i) => a + n * VALUES[i] ** 2, 0),
  };
}

/** Which read-outs differ between the two. */
export const apart = (first, second) => {
  const [a, b] = [read(first), read(second)];
  return READOUTS.filter((name) => Math.abs(a[name] - b[name]) > 1e-9);
};

const DRAWN = ["svg", "g", "text", "circle", "line"];

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

const digits = (x) => String(+x.toFixed(2));

/** A node in the middle, its neighbours around it. */
function star(counts, name) {
  const [width, height, reach] = [250, 200, 76];
  const around = counts.flatMap((n, i) => Array(n).fill(VALUES[i]));
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
    "aria-label": `${name} hears ${around.join(", ") || "nobody"}` });
  const [cx, cy] = [width / 2, height / 2];
  const place = around.map((_, k) => {
    const angle = (2 * Math.PI * k) / around.length - Math.PI / 2;
    return [cx + reach * Math.cos(angle), cy + reach * Math.sin(angle)];
  });
  for (const [x, y] of place) svg.append(make("line", { x1: cx, y1: cy, x2: x, y2: y, class: "zero" }));
  around.forEach((value, k) => svg.append(
    make("circle", { cx: place[k][0], cy: place[k][1], r: 9 + 3 * value, class: "neighbour" }),
    make("text", { x: place[k][0], y: place[k][1] + 4, class: "middle" }, String(value))));
  svg.append(make("circle", { cx, cy, r: 17, class: "node" }),
    make("text", { x: cx, y: cy + 5, class: "middle name" }, name));
  return svg;
}

function render({ model, el }) {
  const root = make("div", { class: "mm-sliders mm-multisets small", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const names = { first: "A", second: "B" };
  const updates = [];
  const pictures = {};
  const pair = make("div", { class: "pair" });
  for (const [trait, name] of Object.entries(names)) {
    const side = make("div", { class: "side" }, make("strong", {}, `neighbourhood ${name}`));
    VALUES.forEach((value, i) => {
      const shown = make("output", {});
      const input = make("input", { type: "range", min: 0, max: MOST, step: 1,
        "aria-label": `how many ${value}s in ${name}`,
        oninput: (e) => {
          const counts = [...model.get(trait)];
          counts[i] = e.target.valueAsNumber;
          model.set(trait, counts);
          model.save_changes();
        } });
      updates.push(() => {
        const now = model.get(trait)[i];
        if (input.valueAsNumber !== now) input.value = now;
        shown.textContent = `× ${now}`;
      });
      side.append(make("label", { class: "slider" }, make("span", {}, String(value)), input, shown));
    });
    pictures[trait] = make("div", {});
    side.append(pictures[trait]);
    pair.append(side);
  }
  const table = make("table", {});
  const status = make("p", { class: "status", "aria-live": "polite" });
  root.append(pair, table, status);

  function draw() {
    const [first, second] = [model.get("first"), model.get("second")];
    updates.forEach((update) => update());
    pictures.first.replaceChildren(star(first, "A"));
    pictures.second.replaceChildren(star(second, "B"));
    const [a, b, differ] = [read(first), read(second), apart(first, second)];
    const head = make("tr", {}, ...["", "A", "B", ""].map((t) => make("th", { scope: "col" }, t)));
    table.replaceChildren(head, ...READOUTS.map((name) => {
      const other = differ.includes(name);
      return make("tr", { class: other ? "differ" : "same" }, make("th", { scope: "row" }, name),
        make("td", {}, digits(a[name])), make("td", {}, digits(b[name])),
        make("td", {}, other ? "≠ told apart" : "= the same"));
    }));
    const equal = first.every((n, i) => n === second[i]);
    status.replaceChildren(equal ? "A and B are the same neighbourhood." : "A and B differ. ",
      equal ? "" : make("strong", {}, differ.length ? `Seen by: ${differ.join(", ")}.` : "Seen by none of the four."));
  }
  for (const trait of Object.keys(names)) model.on(`change:${trait}`, draw);
  draw();
  return () => { for (const trait of Object.keys(names)) model.off(`change:${trait}`, draw); };
}

export default { render };
