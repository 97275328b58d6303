// A blueprint one can poke: change a layer, see all sizes, all weights, and the first
// layer that cannot work. Nothing is asked of Python.
// The files convolution_sums.js and convolution_grid.js stand above this one.

const CLASSES = 10;
const TALL = 96; // px: the side of the image

/** Every layer's {name, shape, weights, fault}, up to the first that cannot work. */
export function trace({ size, channels, blocks, ending, units }) {
  const stages = [];
  let [side, depth] = [size, channels];
  for (const [i, { units: kernels, kernel: k, padding: pad, pool }] of blocks.entries()) {
    const weights = k * k * depth * kernels + kernels;
    const how = { strides: 1, padding: pad, dilation_rate: 1 };
    const before = side;
    side = outputSize(side, k, how);
    if (side < 1)
      return [...stages, broken(`conv ${i + 1}`, weights,
        `a ${k} × ${k} kernel does not fit on ${before} × ${before}`)];
    depth = kernels;
    stages.push({ name: `conv ${i + 1}`, shape: [side, side, depth], weights, fault: "" });
    if (pool === 1) continue;
    const unpooled = side;
    side = Math.floor(side / pool);
    if (side < 1)
      return [...stages, broken(`pool ${i + 1}`, 0,
        `a ${pool} × ${pool} block does not fit on ${unpooled} × ${unpooled}`)];
    stages.push({ name: `pool ${i + 1}`, shape: [side, side, depth], weights: 0, fault: "" });
  }
  if (ending === "flatten")
    return [...stages, { name: "flatten", shape: [side * side * depth], weights: 0, fault: "" },
      broken("LSTM", 0, "an LSTM goes from step to step; a vector has no steps")];
  const features = side * depth;
  return [...stages,
    { name: "rows", shape: [side, features], weights: 0, fault: "" },
    { name: "LSTM", shape: [units], fault: "",
      weights: 4 * (features * units + units * units + units) },
    { name: "dense", shape: [CLASSES], weights: units * CLASSES + CLASSES, fault: "" }];
}

const broken = (name, weights, fault) => ({ name, shape: [], weights, fault });
const count = (n) => n.toLocaleString("en-US");

function render({ model, el }) {
  const root = node("div", {
    class: "mm-conv mm-blueprint", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const names = ["size", "channels", "blocks", "ending", "units"];
  const set = (name, value) => { model.set(name, value); model.save_changes(); };
  const state = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));

  function pick(label, value, options, onchange) {
    const choice = node("select", { "aria-label": label,
      onchange: (e) => onchange(options[e.target.selectedIndex][0]) });
    for (const [, words] of options) choice.append(node("option", {}, words));
    choice.selectedIndex = options.findIndex(([option]) => option === value);
    return choice;
  }

  function number(label, value, most, least, onchange) {
    return node("input", { type: "number", value, min: least, max: most, "aria-label": label,
      onchange: (e) => {
        const n = e.target.valueAsNumber;
        if (Number.isInteger(n) && n >= least && n <= most) onchange(n);
        else draw(); // what is no size keeps the old one
      } });
  }

  const each = (numbers, words) => numbers.map((n) => [n, words(n)]);

  function blockRow(block, i, blocks) {
    const change = (changed) =>
      set("blocks", blocks.map((b, j) => (j === i ? { ...b, ...changed } : b)));
    return [
      node("b", {}, `conv ${i + 1}`),
      pick(`kernel of conv ${i + 1}`, block.kernel,
        each([1, 2, 3, 5, 7], (k) => `${k} × ${k}`), (kernel) => change({ kernel })),
      pick(`padding of conv ${i + 1}`, block.padding,
        each(["valid", "same"], String), (padding) => change({ padding })),
      pick(`units of conv ${i + 1}`, block.units,
        each([...new Set([8, 16, 32, 64, 128, 256, block.units])].sort((a, b) => a - b),
          (u) => `${u} kernels`), (units) => change({ units })),
      pick(`pooling ${i + 1}`, block.pool, each([1, 2, 3],
        (p) => (p === 1 ? "no pooling" : `pool ${p} × ${p}`)), (pool) => change({ pool })),
    ];
  }

  function stageView({ name, shape, weights, fault }, size) {
    const kind = fault ? "fault" : ["", "vector", "sequence", "volume"][shape.length];
    const picture = node("span", { class: "map" }, fault ? "✗" : "");
    if (!fault) {
      const high = shape.length > 1 ? Math.max(2, (TALL * shape[0]) / size) : TALL;
      picture.style.height = `${high}px`;
      picture.style.width = `${[0, 8, 60, high][shape.length]}px`;
    }
    const lines = fault ? [fault] : [shape.map(count).join(" × "),
      weights ? `${count(weights)} weights` : "no weights"];
    return node("div", { class: `stage ${kind}` }, picture, node("b", {}, name),
      ...lines.map((line) => node("span", {}, line)));
  }

  function draw() {
    const now = state();
    const { size, channels, blocks, ending, units } = now;
    const focused = root.contains(document.activeElement) && document.activeElement;
    const again = focused && focused.getAttribute("aria-label");
    const stages = trace(now);
    const fault = stages.at(-1).fault;
    const total = stages.reduce((sum, stage) => sum + stage.weights, 0);
    const last = blocks.at(-1);
    const more = node("button", { type: "button", disabled: blocks.length > 5 && "disabled",
      "aria-label": "one convolution more",
      onclick: () => set("blocks", [...blocks, { ...last }]) }, "+ convolution");
    const fewer = node("button", { type: "button", disabled: blocks.length < 2 && "disabled",
      "aria-label": "one convolution less",
      onclick: () => set("blocks", blocks.slice(0, -1)) }, "− convolution");
    root.replaceChildren(
      node("div", { class: "row" },
        node("label", {}, "image side (px) ", number("image side", size, 64, 4,
          (n) => set("size", n))),
        node("label", {}, "channels ", pick("channels", channels, each([1, 3], String),
          (n) => set("channels", n))),
        node("label", {}, "before the LSTM ", pick("ending", ending,
          [["flatten", "Flatten"], ["rows", "rows as steps"]], (e) => set("ending", e))),
        node("label", {}, "LSTM units ", number("LSTM units", units, 1024, 1,
          (n) => set("units", n))),
        more, fewer),
      node("div", { class: "blocks" }, ...blocks.flatMap(blockRow)),
      node("div", { class: "stages" },
        stageView({ name: "image", shape: [size, size, channels], weights: 0, fault: "" }, size),
        ...stages.map((stage) => stageView(stage, size))),
      node("p", { class: "result", role: "status" }, fault
        ? `It breaks at ${stages.at(-1).name}: ${fault}.`
        : `It can be built: ${count(total)} weights.`));
    if (again) root.querySelector(`[aria-label="${again}"]`)?.focus();
  }

  for (const name of names) model.on(`change:${name}`, draw);
  draw();
  return () => names.forEach((name) => model.off(`change:${name}`, draw));
}

export default { render };
