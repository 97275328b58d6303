// A tone, its samples, and the slowest tone that fits them: move the tone and the rate.
// Nothing is asked of Python. The file sliders.js stands above this one.

/** The tone that is heard, |f − fs · round(f / fs)|, in Hz. */
export const heard = (f, fs) => Math.abs(f - fs * Math.round(f / fs));

/** Samples of a cosine during `seconds`: [time in s, height] each. */
export const samples = (f, fs, seconds) =>
  Array.from({ length: Math.floor(seconds * fs + 1e-9) + 1 },
    (_, n) => [n / fs, Math.cos(2 * Math.PI * f * (n / fs))]);

function chart(f, fs, seconds) {
  const [width, height, left, bottom] = [820, 250, 46, 40];
  const x = (t) => left + (t / seconds) * (width - left - 12);
  const y = (v) => 14 + ((1 - v) / 2) * (height - bottom - 28);
  const alias = heard(f, fs);
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
    "aria-label": `a tone of ${written(f)} Hz and its alias of ${written(alias)} Hz meet at every sample` });
  for (const v of [-1, 0, 1])
    svg.append(make("line", { x1: left, x2: width - 12, y1: y(v), y2: y(v), class: "grid" }),
      make("text", { x: left - 8, y: y(v) + 4, class: "end" }, written(v)));
  for (let k = 0; k <= 4; k++) {
    const t = (k / 4) * seconds;
    svg.append(make("text", { x: x(t), y: height - 20, class: "middle" }, written(t * 1000, 1)));
  }
  svg.append(make("text", { x: (left + width) / 2, y: height - 3, class: "middle" }, "time (ms)"),
    make("text", { x: 12, y: y(0), class: "middle", transform: `rotate(-90 12 ${y(0)})` }, "pressure"));
  const wave = (tone) => {
    const count = 1600;
    const points = Array.from({ length: count + 1 }, (_, i) => (i / count) * seconds);
    return `M${points.map((t) => `${x(t).toFixed(1)},${y(Math.cos(2 * Math.PI * tone * t)).toFixed(1)}`).join(" L")}`;
  };
  svg.append(make("path", { d: wave(f), class: "true" }), make("path", { d: wave(alias), class: "alias" }));
  for (const [t, v] of samples(f, fs, seconds))
    svg.append(make("circle", { cx: x(t), cy: y(v), r: 4.5, class: "sample" }));
  return svg;
}

function words(f, fs) {
  const alias = heard(f, fs);
  const nyquist = fs / 2;
  if (alias === f) return f === nyquist ? "exactly at it: two samples a turn." : "below it: the tone survives.";
  return alias === 0 ? "every sample is the same: silence." : "above it: another tone is heard.";
}

function render({ model, el }) {
  const root = make("div", { class: "mm-sliders", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const get = (name) => model.get(name);
  const set = (name) => (value) => { model.set(name, value); model.save_changes(); };
  const [toneRow, showTone] = slider("tone", { min: 0, max: 8000, step: 50, unit: "Hz" }, set("frequency"));
  const [rateRow, showRate] = slider("sampling rate",
    { min: 1000, max: 16000, step: 250, unit: "per s" }, set("rate"));
  const picture = make("div", {});
  const status = make("p", { class: "status", "aria-live": "polite" });
  root.append(make("div", { class: "row" }, toneRow, rateRow), picture, status);

  function draw() {
    const [f, fs] = [get("frequency"), get("rate")];
    showTone(f);
    showRate(fs);
    picture.replaceChildren(chart(f, fs, get("milliseconds") / 1000));
    status.replaceChildren("Full line: the tone. Dashed: what is heard, ",
      make("strong", {}, `${written(heard(f, fs))} Hz`),
      `. Nyquist frequency ${written(fs / 2)} Hz; the tone is ${words(f, fs)}`);
  }
  const names = ["frequency", "rate", "milliseconds"];
  for (const name of names) model.on(`change:${name}`, draw);
  draw();
  return () => { for (const name of names) model.off(`change:${name}`, draw); };
}

export default { render };
