// A convolution one can poke: point at an output pixel, see the window it looks at,
// the products, and their sum. All of it is computed here, nothing is asked of Python.
// The files convolution_sums.js and convolution_grid.js stand above this one.

function render({ model, el }) {
  const root = node("div", { class: "mm-conv", "data-lm-suppress-shortcuts": "true" });
  const id = Math.random().toString(36).slice(2);
  el.append(root);
  const get = (name) => model.get(name);
  const how = (changed = {}) => ({
    strides: get("strides"), padding: get("padding"),
    dilation_rate: get("dilation_rate"), ...changed,
  });
  const fits = (kernel, structure) =>
    outputSize(get("image").length, kernel.length, structure) > 0 &&
    outputSize(get("image")[0].length, kernel[0].length, structure) > 0;
  const set = (name, value) => { model.set(name, value); model.save_changes(); };
  let output, input, result, refused, work, status; // what the last draw() made

  function choice(label, name, options) {
    const group = node("fieldset", {}, node("legend", {}, label));
    for (const option of options) {
      const off = !fits(get("kernel"), how({ [name]: option }));
      if (off) refused.push(`${label} ${option}`);
      const button = node("input", {
        type: "radio", name: `${name}-${id}`, value: option, disabled: off && "disabled",
        "aria-label": `${label} ${option}`,
        onchange: () => set(name, option),
      });
      button.checked = get(name) === option;
      group.append(node("label", off ? { class: "off" } : {}, button, String(option)));
    }
    return group;
  }

  function kernelPanel() {
    const kernel = get("kernel");
    const presets = Object.entries(get("presets"));
    const current = presets.find(([, value]) => same(value, kernel))?.[0] ?? "custom";
    const pick = node("select", { "aria-label": "kernel",
      onchange: (e) => set("kernel", get("presets")[e.target.value]) });
    for (const [name, value] of presets) {
      const off = !fits(value, how()) && "disabled";
      pick.append(node("option", { value: name, disabled: off }, name));
    }
    if (current === "custom") pick.append(node("option", { value: "custom" }, "custom"));
    pick.value = current;
    const turn = node("button", { type: "button", title: "turn the kernel by 180°",
      "aria-label": "turn the kernel by 180 degrees",
      onclick: () => set("kernel", kernel.map((row) => [...row].reverse()).reverse()) }, "↻ 180°");
    const colour = diverging(kernel.flat());
    const cells = node("div", { class: "weights" });
    cells.style.gridTemplateColumns = `repeat(${kernel[0].length}, 3.1em)`;
    kernel.forEach((row, a) => row.forEach((weight, b) => {
      const field = node("input", { type: "number", step: "any", value: +weight.toPrecision(3),
        title: String(weight), "aria-label": `kernel row ${a + 1}, column ${b + 1}`,
        onchange: (e) => {
          const value = e.target.valueAsNumber;
          if (!Number.isFinite(value)) return draw(); // an emptied cell keeps its number
          set("kernel", kernel.map((r, i) => r.map((w, j) => (i === a && j === b ? value : w))));
        } });
      field.style.background = `rgb(${colour(weight)})`;
      field.style.color = ink(colour(weight));
      cells.append(field);
    }));
    return panel(`kernel ${kernel.length} × ${kernel[0].length}`, cells,
      node("div", { class: "row" }, pick, turn), work, status);
  }

  const panel = (title, ...content) =>
    node("section", {}, node("h4", {}, title), ...content);

  function draw() {
    const [image, kernel, bias] = [get("image"), get("kernel"), get("bias")];
    const [H, W, kh, kw] = [image.length, image[0].length, kernel.length, kernel[0].length];
    refused = [];
    work = node("div", { class: "work" });
    status = node("p", { class: "result", "aria-live": "polite" });
    const controls = node("div", { class: "row" }, choice("strides", "strides", [1, 2, 3]),
      choice("padding", "padding", ["valid", "same"]),
      choice("dilation", "dilation_rate", [1, 2, 3]));
    const notes = refused.length ? [`No window fits the image with ${refused.join(", ")}.`] : [];
    if (get("strides") > 1 && get("dilation_rate") > 1)
      notes.push("Keras refuses strides and dilation both above 1; the arithmetic still holds.");
    const note = node("p", { class: "note", role: "status" }, notes.join(" "));
    const focused = root.contains(document.activeElement) && document.activeElement;
    const again = focused && (focused.getAttribute("aria-label") ?? "");
    if (!fits(kernel, how())) {
      root.replaceChildren(controls, kernelPanel(), node("p", { class: "note", role: "alert" },
        `A ${kh} × ${kw} kernel with dilation ${get("dilation_rate")} spans more than the image.`));
      return;
    }
    result = convolve(image, kernel, bias, how());
    const pad = [padding(H, kh, how()), padding(W, kw, how())];
    const zeros = pad.flat().some(Boolean) ? ", hatched: padding" : "";
    input = grid(image, greys(image.flat()), pad, get("values"), `hatch-${id}`);
    input.svg.setAttribute("role", "img");
    input.svg.setAttribute("aria-label", `input image, ${H} by ${W}${zeros}`);
    output = grid(result, diverging(result.flat()), [[0, 0], [0, 0]], get("values"), `none-${id}`);
    for (const [name, value] of Object.entries({ tabindex: 0, role: "application", class: "output",
      "aria-label": `output map, ${result.length} by ${result[0].length}; arrow keys move the pixel` }))
      output.svg.setAttribute(name, value);
    output.svg.addEventListener("pointermove", point);
    output.svg.addEventListener("pointerdown", point);
    output.svg.addEventListener("keydown", press);
    const square = H === W && kh === kw;
    const sizes = [formula(square ? "output size" : "output rows", "H", H, kh, how())];
    if (!square) sizes.push(formula("output columns", "W", W, kw, how()));
    root.replaceChildren(controls, note,
      node("div", { class: "maps" }, panel(`input ${H} × ${W}${zeros}`, input.svg),
        kernelPanel(), panel(`output ${result.length} × ${result[0].length}`, output.svg)),
      ...sizes.map((line) => node("p", { class: "formula" }, line)));
    if (again) root.querySelector(`[aria-label="${again}"]`)?.focus();
    select();
  }

  /** Outline the selected pixel and its window; write its products and their sum. */
  function select() {
    const kernel = get("kernel");
    const [r, c] = selected();
    const list = taps(get("image"), kernel, r, c, how());
    const d = get("dilation_rate");
    input.clear();
    output.clear();
    const [high, wide] = [span(kernel.length, d), span(kernel[0].length, d)];
    input.mark(list[0].row, list[0].column, d > 1 ? "frame" : "window", high, wide);
    if (d > 1) list.forEach((t) => input.mark(t.row, t.column, "tap"));
    output.mark(r, c, "pixel");
    const term = ({ value, weight, padded }, i) => node("span", padded ? { class: "padded" } : {},
      `${i ? "+ " : ""}${short(value)} × `,
      node("b", {}, weight < 0 ? `(${short(weight)})` : short(weight)));
    const longest = (numbers) => Math.max(...numbers.map((x) => short(x).length));
    const letters = longest(get("image").flat()) + longest(kernel.flat()) + 6; // "+  × ()"
    const column = Math.max(5, 0.62 * letters); // em: the same for every pixel
    work.style.gridTemplateColumns = `repeat(${kernel[0].length}, ${column}em)`;
    work.style.fontSize = kernel[0].length > 3 ? "11px" : "";
    work.replaceChildren(...list.map(term));
    status.replaceChildren(`sum ${short(sum(list))} + bias ${short(get("bias"))} = `,
      node("strong", {}, short(result[r][c])), ` → output [${r}, ${c}]`);
  }

  const selected = () => [
    Math.min(get("selected")[0], result.length - 1),
    Math.min(get("selected")[1], result[0].length - 1),
  ];

  function go(row, column) {
    const r = Math.max(0, Math.min(result.length - 1, row));
    const c = Math.max(0, Math.min(result[0].length - 1, column));
    if (!same(get("selected"), [r, c])) set("selected", [r, c]);
  }

  function point(event) {
    const [row, column] = output.cellAt(event.clientX, event.clientY);
    go(row, column);
  }

  function press(event) {
    const steps = {
      ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const [r, c] = selected();
    go(r + step[0], c + step[1]);
  }

  const redrawn = ["image", "kernel", "bias", "strides", "padding", "dilation_rate", "values"];
  for (const name of redrawn) model.on(`change:${name}`, draw);
  const moved = () => { if (fits(get("kernel"), how())) select(); };
  model.on("change:selected", moved);
  draw();
  return () => {
    for (const name of redrawn) model.off(`change:${name}`, draw);
    model.off("change:selected", moved);
  };
}

export default { render };
