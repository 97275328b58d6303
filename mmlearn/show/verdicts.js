// One clip and all that a model says of it: switch modalities off, go back in time, and
// see every head's verdict. All answers were asked for beforehand; nothing is asked of
// Python. The file sliders.js stands above this one.

/** Each head's label, its probability (NaN of a score), and whether it is right. */
export function said(table, heads, kept, seen) {
  const row = table[[...kept].sort().join("+")][seen - 1];
  return Object.fromEntries(Object.entries(heads).map(([task, head]) => {
    const values = row[task];
    if (!head.labels.length) {
      const text = (values[0] < 0 ? "−" : "+") + Math.abs(values[0]).toFixed(2);
      return [task, [text, NaN, values[0] > 0 === head.truth > 0]];
    }
    const best = values.indexOf(Math.max(...values));
    return [task, [head.labels[best], values[best], best === Math.round(head.truth)]];
  }));
}

/** What was true, in words. */
const truth = (head) => head.labels.length
  ? head.labels[Math.round(head.truth)] : (head.truth < 0 ? "−" : "+") + Math.abs(head.truth).toFixed(2);

function bars(found, heads) {
  const [width, left, step] = [720, 96, 30];
  const tasks = Object.keys(found), height = step * tasks.length + 6, end = 410;
  const told = tasks.map((t) => `${t}: ${found[t][0]}, ${found[t][2] ? "right" : "wrong"}`).join("; ");
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": told });
  tasks.forEach((task, k) => {
    const [label, p, right] = found[task], y = 4 + k * step;
    const share = Number.isNaN(p) ? 1 : p;
    svg.append(make("text", { x: left - 8, y: y + 17, class: "end" }, task),
      make("rect", { x: left, y, width: end - left, height: 22, class: "paper" }),
      make("rect", { x: left, y, width: Math.max(1, share * (end - left)), height: 22,
        class: right ? "up" : "down wrong", opacity: Number.isNaN(p) ? 0.35 : 1 }),
      make("text", { x: end + 10, y: y + 17 },
        `${right ? "✓" : "✗"} ${label}${Number.isNaN(p) ? "" : `, ${written(p, 2)}`}` +
        (right ? "" : `   (true: ${truth(heads[task])})`)));
  });
  return svg;
}

function render({ model, el }) {
  const root = make("div", { class: "mm-sliders mm-verdicts", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const get = (name) => model.get(name);
  const set = (name, value) => { model.set(name, value); model.save_changes(); };
  const strip = make("div", { class: "strip" });
  const pictures = get("film").map((address, k) => {
    const picture = make("img", { src: address, alt: `frame ${k + 1}` });
    strip.append(picture);
    return picture;
  });
  const switches = make("fieldset", {}, make("legend", {}, "modalities"));
  const boxes = get("names").map((name) => {
    const box = make("input", { type: "checkbox", value: name, "aria-label": name,
      onchange: () => set("kept", get("names").filter((n) => (n === name ? box.checked : get("kept").includes(n)))) });
    switches.append(make("label", {}, box, name));
    return box;
  });
  const [row, show] = slider("frames seen", { min: 1, max: get("film").length, step: 1 }, (v) => set("seen", v));
  const caption = make("p", { class: "caption" }), picture = make("div", {});
  const status = make("p", { class: "status", "aria-live": "polite" });
  root.append(strip, caption, make("div", { class: "row" }, switches), make("div", { class: "row" }, row), picture, status);

  function draw() {
    const [kept, seen, heads] = [get("kept"), get("seen"), get("heads")];
    show(seen);
    boxes.forEach((box) => { box.checked = kept.includes(box.value); });
    pictures.forEach((one, k) => { one.className = k < seen && kept.includes("video") ? "" : "hidden"; });
    caption.textContent = kept.includes("text") ? `“${get("captions")[seen - 1]}”` : "(no text)";
    const found = said(get("table"), heads, kept, seen);
    picture.replaceChildren(bars(found, heads));
    const right = Object.values(found).filter((one) => one[2]).length;
    status.replaceChildren(make("strong", {}, `${right} of ${Object.keys(found).length}`), " heads are right.");
  }
  for (const name of ["kept", "seen"]) model.on(`change:${name}`, draw);
  draw();
  return () => { for (const name of ["kept", "seen"]) model.off(`change:${name}`, draw); };
}

export default { render };
