// A matrix drawn as coloured cells, with marks on top. Needs convolution_sums.js above it.

const WIDEST = 330; // px of a map, so that input, kernel and output stand side by side
const READABLE = 21; // px of a cell; below that its number is not written
const MARGIN = 3; // px around the cells, for the outlines

/** A number as short as it can be read: two decimals, a true minus sign. */
export const short = (x) => String(+x.toFixed(2) || 0).replace("-", "−");

function node(tag, attributes = {}, ...children) {
  const drawn = ["svg", "g", "rect", "text", "pattern", "path", "defs"].includes(tag);
  const element = drawn
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const mix = (from, to, t) => from.map((x, i) => Math.round(x + (to[i] - x) * t));
const ink = ([r, g, b]) => (0.3 * r + 0.59 * g + 0.11 * b > 140 ? "#111" : "#fff");

/** Black to white from the smallest value to the largest, as a picture is shown. */
function greys(values) {
  const low = Math.min(...values);
  const range = Math.max(...values) - low || 1;
  return (x) => mix([28, 32, 38], [255, 255, 255], (x - low) / range);
}

/** Blue below zero, white at zero, orange above: safe for colour-blind eyes. */
function diverging(values) {
  const most = Math.max(...values.map(Math.abs)) || 1;
  return (x) => mix([255, 255, 255], x < 0 ? [47, 109, 181] : [224, 121, 11], Math.abs(x) / most);
}

function cell(row, column, size, content, colour, numbers) {
  const at = { x: column * size, y: row * size };
  const square = node("rect", { ...at, width: size, height: size, class: "cell" });
  square.style.fill = typeof colour === "string" ? colour : `rgb(${colour})`;
  if (!numbers) return [square];
  const text = node("text", { x: at.x + size / 2, y: at.y + size / 2, "font-size": size * (content.length > 4 ? 0.29 : 0.36) });
  if (typeof colour !== "string") text.style.fill = ink(colour);
  text.textContent = content;
  return [square, text];
}

/** A map as a grid of cells; `pad` is [[top, bottom], [left, right]] of hatched zeros. */
function grid(map, colour, pad, numbers, hatch) {
  const [[top, bottom], [left, right]] = pad;
  const [rows, columns] = [map.length + top + bottom, map[0].length + left + right];
  const size = Math.max(5, Math.min(34, WIDEST / columns));
  const [width, height] = [columns * size + 2 * MARGIN, rows * size + 2 * MARGIN];
  const viewBox = `${-MARGIN} ${-MARGIN} ${width} ${height}`;
  const svg = node("svg", { viewBox, width, height, class: size < READABLE ? "fine" : "" });
  const lines = node("path", { d: "M0,8 L8,0", class: "hatching" });
  svg.append(node("defs", {}, node("pattern",
    { id: hatch, width: 8, height: 8, patternUnits: "userSpaceOnUse" }, lines)));
  const visible = numbers && size >= READABLE;
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const value = map[r - top]?.[c - left];
      const fill = value === undefined ? `url(#${hatch})` : colour(value);
      svg.append(...cell(r, c, size, short(value ?? 0), fill, visible));
    }
  const marks = node("g", { class: "marks" });
  svg.append(marks);
  const mark = (row, column, kind, high = 1, wide = 1) => {
    const at = { x: (column + left) * size, y: (row + top) * size };
    const extent = { width: wide * size, height: high * size };
    marks.append(node("rect", { ...at, ...extent, class: `halo ${kind}` }));
    marks.append(node("rect", { ...at, ...extent, class: kind }));
  };
  const cellAt = (clientX, clientY) => {
    const shown = svg.getBoundingClientRect();
    const scale = svg.viewBox.baseVal.width / shown.width;
    const along = (distance) => Math.floor((distance * scale - MARGIN) / size);
    return [along(clientY - shown.top) - top, along(clientX - shown.left) - left];
  };
  return { svg, mark, cellAt, clear: () => marks.replaceChildren() };
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function formula(name, letter, n, k, how) {
  const { strides: s, dilation_rate: d } = how;
  const size = outputSize(n, k, how);
  if (how.padding === "valid")
    return `${name} = ⌊(${letter} − d·(k − 1) − 1) / s⌋ + 1 = ` +
      `⌊(${n} − ${d}·(${k} − 1) − 1) / ${s}⌋ + 1 = ${size}`;
  const [before, after] = padding(n, k, how);
  return `${name} = ⌈${letter} / s⌉ = ⌈${n} / ${s}⌉ = ${size}, ` +
    `with ${before} + ${after} zeros around`;
}
