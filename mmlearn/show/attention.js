// Who reads whom: point at a query on the left and see which keys it reads, with the
// numbers. Nothing is asked of Python. The file sliders.js stands above this one.

/** What one query reads: its row in one head, or the mean over all (head 0). */
export function looked({ weights, query, head }) {
  if (head) return weights[head - 1][query];
  return weights[0][query].map((_, s) =>
    weights.reduce((sum, one) => sum + one[query][s], 0) / weights.length);
}

const [WIDTH, ROW, TOP] = [760, 23, 30];
const [ASKS, READ, BAR] = [230, 430, 640]; // where words end, where they begin, numbers

function drawing(how, choose) {
  const row = looked(how);
  const high = TOP + ROW * Math.max(how.query_names.length, how.key_names.length) + 6;
  const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${high}`, width: WIDTH, height: high,
    role: "group", "aria-label": "queries on the left, keys on the right; choose who asks" });
  const y = (n) => TOP + ROW * (n + 0.5);
  svg.append(make("text", { x: ASKS, y: 16, class: "end title" }, "who asks (query)"),
    make("text", { x: READ, y: 16, class: "title" }, "who is read (key)"),
    make("text", { x: BAR + 90, y: 16, class: "end title" }, "weight"));
  const most = Math.max(...row);
  row.forEach((w, s) => {
    if (w >= 0.005) svg.append(make("path", { class: "look", "stroke-width": 0.5 + 9 * w,
      d: `M${ASKS + 8},${y(how.query)} C${ASKS + 100},${y(how.query)} ${READ - 100},${y(s)} ${READ - 8},${y(s)}` }));
  });
  how.key_names.forEach((word, s) => {
    svg.append(make("rect", { x: READ - 4, y: y(s) - ROW / 2 + 2, width: 150, height: ROW - 4,
      class: "ink", "fill-opacity": 0.8 * row[s] }),
      make("text", { x: READ, y: y(s) + 4, class: most > 0 && row[s] === most ? "most" : "" }, word),
      make("rect", { x: BAR - 60, y: y(s) - 5, width: 100 * row[s], height: 10, class: "bar" }),
      make("text", { x: BAR + 90, y: y(s) + 4, class: most > 0 && row[s] === most ? "end most" : "end" }, written(row[s], 3)));
  });
  how.query_names.forEach((word, l) => {
    const group = make("g", { class: l === how.query ? "token chosen" : "token", tabindex: 0,
      role: "button", "aria-label": `query ${word}, place ${l + 1}`,
      onpointerenter: () => choose(l), onfocus: () => choose(l), onclick: () => choose(l) },
      make("rect", { x: 20, y: y(l) - ROW / 2 + 1, width: ASKS - 14, height: ROW - 2, class: "paper" }),
      make("text", { x: ASKS, y: y(l) + 4, class: "end" }, word));
    svg.append(group);
  });
  return svg;
}

function render({ model, el }) {
  const id = Math.random().toString(36).slice(2);
  const root = make("div", { class: "mm-sliders mm-attention", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const get = (name) => model.get(name);
  const set = (name, value) => {
    if (get(name) === value) return;
    model.set(name, value);
    model.save_changes();
  };
  const watched = ["weights", "query_names", "key_names", "query", "head"];
  const choices = make("fieldset", {}, make("legend", {}, "head"));
  const heads = ["mean", ...get("weights").map((_, h) => String(h + 1))];
  heads.forEach((label, h) => {
    const button = make("input", { type: "radio", name: `head-${id}`, value: h,
      "aria-label": h ? `head ${label}` : "mean of the heads", onchange: () => set("head", h) });
    choices.append(make("label", {}, button, label));
  });
  const picture = make("div", {});
  const status = make("p", { class: "status", "aria-live": "polite" });
  root.append(make("div", { class: "row" }, choices), picture, status);

  function draw() {
    const how = Object.fromEntries(watched.map((name) => [name, get(name)]));
    const held = document.activeElement?.classList?.contains("token") && picture.contains(document.activeElement);
    picture.replaceChildren(drawing(how, (l) => set("query", l)));
    if (held) picture.querySelector(".chosen")?.focus();
    choices.querySelectorAll("input").forEach((b) => { b.checked = +b.value === how.head; });
    const row = looked(how);
    if (!(Math.max(...row) > 0)) {
      status.replaceChildren(make("strong", {}, how.query_names[how.query]), " may read nobody.");
      return;
    }
    const best = row.indexOf(Math.max(...row));
    const entropy = -row.reduce((sum, w) => sum + (w > 0 ? w * Math.log2(w) : 0), 0);
    status.replaceChildren(make("strong", {}, how.query_names[how.query]), " reads most of all ",
      make("strong", {}, how.key_names[best]), ` (${written(row[best], 3)}); its look is spread as over ${written(2 ** entropy, 1)} tokens.`);
  }
  for (const name of watched) model.on(`change:${name}`, draw);
  draw();
  return () => { for (const name of watched) model.off(`change:${name}`, draw); };
}

export default { render };
