// Elements, sliders and small charts that the widgets of numbers share.

const DRAWN = ["svg", "g", "path", "text", "circle", "line", "rect"];

/** An element of the page or of a drawing, with its attributes and children. */
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

/** A number with so many decimals, grouped by thousands, and a true minus sign. */
const written = (x, decimals = 0) =>
  (+x.toFixed(decimals) || 0).toLocaleString("en-US",
    { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).replace("-", "−");

/** A labelled slider: its row, and a function that shows a value. */
function slider(label, { min, max, step, decimals = 0, unit = "" }, changed) {
  const shown = make("output", {});
  const input = make("input", { type: "range", min, max, step, "aria-label": label,
    oninput: (e) => changed(e.target.valueAsNumber) });
  const row = make("label", { class: "slider" }, make("span", {}, label), input, shown);
  const show = (value) => {
    if (input.valueAsNumber !== value) input.value = value;
    shown.textContent = `${written(value, decimals)}${unit && ` ${unit}`}`;
  };
  return [row, show];
}
