// The backward pass one can poke: point at a pixel, see which outputs send it a message,
// through which taps, and what they add up to. Nothing is asked of Python.
// The files convolution_sums.js and convolution_grid.js stand above this one.

/** What reaches pixel (r, c): one entry for each output whose window it was in. */
export function messages(dy, kernel, size, r, c, how) {
  const [top] = padding(size[0], kernel.length, how);
  const [left] = padding(size[1], kernel[0].length, how);
  const s = how.strides;
  return dy.flatMap((row, i) => row.flatMap((upstream, j) => {
    const [p, q] = [r + top - i * s, c + left - j * s];
    const weight = kernel[p]?.[q];
    return weight === undefined ? [] : [{ i, j, p, q, upstream, weight }];
  }));
}

/** dy of the outputs that there are: its first Ho × Wo numbers. */
export function used(dy, kernel, how) {
  const rows = outputSize(dy.length, kernel.length, how);
  const columns = outputSize(dy[0].length, kernel[0].length, how);
  return dy.slice(0, rows).map((row) => row.slice(0, columns));
}

export const total = (list) => list.reduce((sum, m) => sum + m.upstream * m.weight, 0);

/** The whole gradient of the picture, or how many messages each pixel gets. */
export function backward(dy, kernel, how, counts) {
  const [size, there] = [[dy.length, dy[0].length], used(dy, kernel, how)];
  return dy.map((row, r) => row.map((_, c) => {
    const list = messages(there, kernel, size, r, c, how);
    return counts ? list.length : total(list);
  }));
}

function render({ model, el }) {
  const root = node("div", { class: "mm-conv", "data-lm-suppress-shortcuts": "true" });
  const id = Math.random().toString(36).slice(2);
  el.append(root);
  const get = (name) => model.get(name);
  const set = (name, value) => { model.set(name, value); model.save_changes(); };
  const how = (changed = {}) => ({
    strides: get("strides"), padding: get("padding"), dilation_rate: 1, ...changed,
  });
  const fits = (kernel, structure) => used(get("dy"), kernel, structure)[0]?.length > 0;
  let pixels, taps, outputs, work, status; // what the last draw() made

  function choice(label, name, options, words = String) {
    const group = node("fieldset", {}, node("legend", {}, label));
    for (const option of options) {
      const structural = name === "strides" || name === "padding";
      const off = structural && !fits(get("kernel"), how({ [name]: option }));
      const button = node("input", {
        type: "radio", name: `${name}-${id}`, value: option, disabled: off && "disabled",
        "aria-label": `${label} ${words(option)}`, onchange: () => set(name, option),
      });
      button.checked = get(name) === option;
      group.append(node("label", off ? { class: "off" } : {}, button, words(option)));
    }
    return group;
  }

  function kernelChoice() {
    const presets = Object.entries(get("presets"));
    const pick = node("select", { "aria-label": "kernel",
      onchange: (e) => set("kernel", get("presets")[e.target.value]) });
    for (const [name, value] of presets)
      pick.append(node("option", { value: name, disabled: !fits(value, how()) && "disabled" }, name));
    const current = presets.find(([, value]) => same(value, get("kernel")))?.[0];
    if (!current) pick.append(node("option", { value: "custom" }, "custom"));
    pick.value = current ?? "custom";
    return pick;
  }

  const panel = (title, ...content) =>
    node("section", {}, node("h4", {}, title), ...content);

  function draw() {
    const [dy, kernel, counts] = [get("dy"), get("kernel"), get("counts")];
    const there = used(dy, kernel, how());
    const shown = backward(dy, kernel, how(), counts);
    const none = [[0, 0], [0, 0]];
    work = node("div", { class: "work" });
    status = node("p", { class: "result", "aria-live": "polite" });
    const colour = counts ? greys([0, ...shown.flat()]) : diverging(shown.flat());
    pixels = grid(shown, colour, none, true, `dx-${id}`);
    taps = grid(kernel, diverging(kernel.flat()), none, true, `k-${id}`);
    outputs = grid(there, diverging(there.flat()), none, true, `dy-${id}`);
    const size = `${dy.length} by ${dy[0].length}`;
    for (const [name, value] of Object.entries({ tabindex: 0, role: "application",
      class: `${pixels.svg.getAttribute("class")} output pixels`,
      "aria-label": `gradient of the picture, ${size}; arrow keys move the pixel` }))
      pixels.svg.setAttribute(name, value);
    for (const [map, label] of [[taps, "kernel"], [outputs, "gradient of the outputs"]]) {
      map.svg.setAttribute("role", "img");
      map.svg.setAttribute("aria-label", label);
    }
    pixels.svg.addEventListener("pointermove", point);
    pixels.svg.addEventListener("pointerdown", point);
    pixels.svg.addEventListener("keydown", press);
    const focused = root.contains(document.activeElement) && document.activeElement;
    const again = focused && (focused.getAttribute("aria-label") ?? "");
    root.replaceChildren(
      node("div", { class: "row" }, choice("strides", "strides", [1, 2, 3]),
        choice("padding", "padding", ["valid", "same"]),
        choice("picture", "counts", [false, true],
          (c) => (c ? "number of messages" : "their sum, dx"))),
      node("div", { class: "maps" },
        panel(counts ? "messages per pixel" : "dx, gradient of the picture", pixels.svg),
        panel(`kernel ${kernel.length} × ${kernel[0].length}`, taps.svg,
          node("div", { class: "row" }, kernelChoice()), work, status),
        panel(`dy, gradient of the outputs ${there.length} × ${there[0].length}`, outputs.svg)));
    if (again) root.querySelector(`[aria-label="${again}"]`)?.focus();
    select();
  }

  /** Outline the pixel, the outputs it hears from and their taps; write the sum. */
  function select() {
    const [dy, kernel, [r, c]] = [get("dy"), get("kernel"), get("selected")];
    const there = used(dy, kernel, how());
    const list = messages(there, kernel, [dy.length, dy[0].length], r, c, how());
    for (const map of [pixels, taps, outputs]) map.clear();
    pixels.mark(r, c, "window");
    for (const { i, j, p, q } of list) {
      taps.mark(p, q, "tap");
      outputs.mark(i, j, "tap");
    }
    work.style.gridTemplateColumns = "max-content";
    work.style.maxHeight = "14em";
    work.style.overflowY = "auto";
    work.replaceChildren(...list.map(({ i, j, p, q, upstream, weight }, n) =>
      node("span", {}, `${n ? "+ " : ""}dy[${i}, ${j}] · k[${p}, ${q}] = `,
        node("b", {}, `${short(upstream)} × ${short(weight)}`))));
    const number = list.length === 1 ? "1 message" : `${list.length} messages`;
    status.replaceChildren(`${number}, sum `, node("strong", {}, short(total(list))),
      ` → dx[${r}, ${c}]`);
  }

  function go(row, column) {
    const r = Math.max(0, Math.min(get("dy").length - 1, row));
    const c = Math.max(0, Math.min(get("dy")[0].length - 1, column));
    if (!same(get("selected"), [r, c])) set("selected", [r, c]);
  }

  const point = (event) => go(...pixels.cellAt(event.clientX, event.clientY));

  function press(event) {
    const steps = {
      ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const [r, c] = get("selected");
    go(r + step[0], c + step[1]);
  }

  const redrawn = ["dy", "kernel", "strides", "padding", "counts"];
  for (const name of redrawn) model.on(`change:${name}`, draw);
  model.on("change:selected", select);
  draw();
  return () => {
    for (const name of redrawn) model.off(`change:${name}`, draw);
    model.off("change:selected", select);
  };
}

export default { render };
