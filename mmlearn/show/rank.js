// A fusion kernel as a sum of outer products: choose a kernel, slide the rank, and see
// what is left out and what it costs. Nothing is asked of Python, which hands over the
// outer products, the largest first. The file sliders.js stands above this one.

/** The sum of the first `rank` outer products, Σ_r left[r] right[r]ᵀ. */
export function approximate({ left, right }, rank) {
  return left[0].map((_, i) => right[0].map((_, j) => {
    let sum = 0;
    for (let r = 0; r < rank; r++) sum += left[r][i] * right[r][j];
    return sum;
  }));
}

/** The share of the kernel's squares that the first `rank` products leave out. */
export function left_out(factors, rank) {
  const squares = factors.left.map((l, r) =>
    l.reduce((s, v) => s + v * v, 0) * factors.right[r].reduce((s, v) => s + v * v, 0));
  const all = squares.reduce((s, v) => s + v, 0);
  return all ? squares.slice(rank).reduce((s, v) => s + v, 0) / all : 0;
}

/** Weights of one unit: of the whole tensor, and of its low-rank form. */
export const weights = (size, rank, modalities) =>
  ({ tensor: size ** modalities, low_rank: rank * modalities * size });

function heat(table, limit, title) {
  const [cell, top, side] = [30, 22, 26];
  const [rows, columns] = [table.length, table[0].length];
  const [width, height] = [side + columns * cell + 4, top + rows * cell + 22];
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": title });
  svg.append(make("text", { x: side, y: 14 }, title));
  table.forEach((row, i) => row.forEach((v, j) => {
    const share = Math.max(-1, Math.min(1, v / limit));
    const colour = share < 0 ? "47,109,181" : "224,121,11";
    const place = { x: side + j * cell, y: top + i * cell, width: cell - 1, height: cell - 1 };
    const box = make("rect", { ...place, class: "cell", style: `fill: rgba(${colour},${Math.abs(share).toFixed(3)})` });
    svg.append(box, make("text", { x: place.x + cell / 2, y: place.y + 19, class: "middle number" },
      Math.abs(v) < 0.05 ? "0" : written(v, 1)));
  }));
  for (const [i, name] of [[0, "x₁"], [rows - 1, "1"]])
    svg.append(make("text", { x: side - 5, y: top + i * cell + 19, class: "end" }, name));
  for (const [j, name] of [[0, "s₁"], [columns - 1, "1"]])
    svg.append(make("text", { x: side + j * cell + cell / 2, y: height - 6, class: "middle" }, name));
  return svg;
}

function bars(count) {
  const [width, left] = [660, 110];
  const svg = make("svg", { viewBox: `0 0 ${width} 62`, width, height: 62, role: "img", "aria-label": "weights of one unit" });
  const length = (n) => ((width - left - 110) * Math.log10(n)) / 6; // a million at the end
  [["tensor", count.tensor, "down"], ["low rank", count.low_rank, "up"]].forEach(([name, n, kind], row) => {
    const y = 6 + row * 28;
    svg.append(make("text", { x: left - 8, y: y + 16, class: "end" }, name),
      make("rect", { x: left, y, width: Math.max(2, length(n)), height: 20, class: kind }),
      make("text", { x: left + Math.max(2, length(n)) + 6, y: y + 16 }, written(n)));
  });
  return svg;
}

function render({ model, el }) {
  const root = make("div", { class: "mm-sliders mm-rank", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const get = (name) => model.get(name);
  const set = (name) => (value) => { model.set(name, value); model.save_changes(); };
  const factors = get("factors"), names = Object.keys(factors);
  const size = factors[names[0]].left[0].length, most = factors[names[0]].left.length;
  const id = Math.random().toString(36).slice(2);
  const choices = make("fieldset", {}, make("legend", {}, "relation"));
  for (const name of names) {
    const button = make("input", { type: "radio", name: `relation-${id}`, value: name, "aria-label": name,
      onchange: () => set("relation")(name) });
    choices.append(make("label", {}, button, name));
  }
  const [rankRow, showRank] = slider("rank R", { min: 1, max: most, step: 1 }, set("rank"));
  const [countRow, showCount] = slider("modalities M", { min: 2, max: 6, step: 1 }, set("modalities"));
  const tables = make("div", { class: "tables" }), costs = make("div", {});
  const status = make("p", { class: "status", "aria-live": "polite" });
  root.append(choices, make("div", { class: "row" }, rankRow, countRow), tables, status, costs);

  function draw() {
    const [relation, rank, modalities] = ["relation", "rank", "modalities"].map(get);
    choices.querySelectorAll("input").forEach((b) => { b.checked = b.value === relation; });
    showRank(rank);
    showCount(modalities);
    const one = factors[relation], whole = approximate(one, most);
    const limit = Math.max(...whole.flat().map(Math.abs)) || 1;
    tables.replaceChildren(heat(whole, limit, "the kernel of one unit"),
      heat(approximate(one, rank), limit, `its best copy of rank ${rank}`));
    const count = weights(size, rank, modalities);
    status.replaceChildren("Left out: ", make("strong", {}, `${written(100 * left_out(one, rank), 1)} %`),
      ` of the kernel (of its squares). With ${modalities} modalities of ${size - 1} features and a 1 each, one unit has `,
      make("strong", {}, written(count.tensor)), " weights as a tensor, ",
      make("strong", {}, written(count.low_rank)), ` at rank ${rank}. (Bars: each step of equal length is a factor.)`);
    costs.replaceChildren(bars(count));
  }
  const all = ["relation", "rank", "modalities"];
  for (const name of all) model.on(`change:${name}`, draw);
  draw();
  return () => { for (const name of all) model.off(`change:${name}`, draw); };
}

export default { render };
