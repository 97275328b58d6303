// A body that moves: choose a joint in a frame, and see which joints in which frames a
// network's number there depends on. Nothing is asked of Python. The file sliders.js
// stands above this one.

export const ALONG = ["bones and time", "bones", "time"];

/** How many bones lie between a joint and each of all joints; Infinity: no way. */
export function hops(bones, joints, joint) {
  const far = Array(joints).fill(Infinity);
  far[joint] = 0;
  for (let round = 0; round < joints; round++)
    for (const [u, v] of bones) {
      far[v] = Math.min(far[v], far[u] + 1);
      far[u] = Math.min(far[u], far[v] + 1);
    }
  return far;
}

/** Frame by frame, the layer in which each joint is first heard; null: in none of them. */
export function needed({ bones, joints, frames, joint, frame, layers, kernel_size, along }) {
  const far = hops(bones, joints, joint);
  const half = (kernel_size - 1) / 2;
  const blocked = (distance) => (distance ? Infinity : 0);
  return Array.from({ length: frames }, (_, t) => far.map((bonesAway, n) => {
    const space = along === "time" ? blocked(n !== joint) : bonesAway;
    const away = Math.abs(t - frame);
    const time = along === "bones" ? blocked(away) : Math.ceil(away / half);
    const layer = Math.max(space, time);
    return layer <= layers ? layer : null;
  }));
}

const [BODY, HIGH, LABELS, WIDE] = [270, 350, 104, 420];

/** From metres to the picture, so that all films fit and nobody is stretched. */
function fit(films) {
  const all = films.flat(2);
  const [xs, ys] = [0, 1].map((axis) => all.map((place) => place[axis]));
  const range = (values) => values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
  const [[left, right], [low, high]] = [range(xs), range(ys)];
  const scale = Math.min((BODY - 40) / (right - left), (HIGH - 40) / (high - low));
  return ([x, y]) => [BODY / 2 + (x - (left + right) / 2) * scale, HIGH / 2 - (y - (low + high) / 2) * scale];
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const set = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const traits = ["film", "joint", "frame", "layers", "kernel_size", "along"];
  let [now, timer] = [get("frame"), null];
  const film = () => get("films")[get("film")];
  const names = get("joint_names");
  const id = Math.random().toString(36).slice(2);
  const root = make("div", { class: "mm-sliders mm-skeleton", "data-lm-suppress-shortcuts": "true" });
  el.append(root);

  const chosen = make("select", { "aria-label": "film", onchange: (e) => set({ film: +e.target.value, frame: 0 }) },
    ...get("film_names").map((name, n) => make("option", { value: n }, name)));
  const play = make("button", { type: "button", onclick: () => (timer ? stop() : start()) }, "▶ play");
  const [scrub, showNow] = slider("frame", { min: 0, max: 1, step: 1 }, (value) => { stop(); now = value; move(); });
  const scrubber = scrub.querySelector("input");
  const [depth, showDepth] = slider("layers", { min: 0, max: 8, step: 1 }, (value) => set({ layers: value }));
  const radios = (legend, values, trait, read) => {
    const set_ = make("fieldset", {}, make("legend", {}, legend));
    for (const value of values)
      set_.append(make("label", {}, make("input", { type: "radio", name: `${trait}-${id}`, value: String(value),
        "aria-label": `${legend} ${value}`, onchange: () => set({ [trait]: read(value) }) }), String(value)));
    return set_;
  };
  const taps = radios("frames in a kernel", [3, 5, 9], "kernel_size", Number);
  const ways = radios("messages along", ALONG, "along", String);
  const picture = make("div", { class: "pictures" });
  const status = make("p", { class: "status", "aria-live": "polite" });
  root.append(make("div", { class: "row" }, make("label", {}, "film ", chosen), play, scrub),
    make("div", { class: "row" }, depth, taps), make("div", { class: "row" }, ways), picture, status);

  let [body, line, table, place] = [null, null, null, null];
  function stop() { clearInterval(timer); timer = null; play.textContent = "▶ play"; }
  function start() {
    play.textContent = "❚❚ pause";
    timer = setInterval(() => { now = (now + 1) % film().length; move(); }, 90);
  }

  function drawBody() {
    const points = film()[now].map(place);
    const held = document.activeElement?.classList?.contains("joint");
    body.replaceChildren(...get("bones").map(([u, v]) => make("line", {
      x1: points[u][0], y1: points[u][1], x2: points[v][0], y2: points[v][1], class: "bone" })));
    points.forEach(([x, y], n) => {
      const choose = () => { stop(); set({ joint: n, frame: now }); };
      const layer = table[now][n];
      const mark = n === get("joint") ? (now === get("frame") ? "joint chosen" : "joint own") : "joint";
      body.append(make("g", { class: mark, tabindex: 0, role: "button",
        "aria-label": `${names[n]}${layer === null ? "" : ", heard"}`, onclick: choose,
        onkeydown: (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); choose(); } } },
        make("title", {}, names[n]), make("circle", { cx: x, cy: y, r: layer === null ? 4.5 : 8, class: layer === null ? "deaf" : "ear" })));
    });
    if (held) body.querySelectorAll(".joint")[get("joint")]?.focus();
  }

  function drawTable() {
    const frames = film().length, order = get("rows");
    const [w, h] = [WIDE / frames, (HIGH - 40) / order.length];
    const svg = make("svg", { viewBox: `0 0 ${LABELS + WIDE + 6} ${HIGH}`, width: LABELS + WIDE + 6, height: HIGH, role: "img",
      "aria-label": "joints by frames; what is heard is filled" });
    order.forEach((n, row) => {
      svg.append(make("text", { x: LABELS - 6, y: (row + 0.8) * h, class: n === get("joint") ? "end strong" : "end" }, names[n]));
      for (let t = 0; t < frames; t++) {
        const layer = table[t][n];
        const here = n === get("joint") && t === get("frame");
        svg.append(make("rect", { x: LABELS + t * w, y: row * h, width: w - 1, height: h - 1,
          class: here ? "cell here" : layer === null ? "cell" : "cell on",
          style: layer === null ? "" : `fill-opacity: ${1 - 0.09 * layer}`, "data-frame": t, "data-joint": n }));
      }
    });
    svg.addEventListener("click", (e) => {
      const { frame, joint } = e.target.dataset ?? {};
      if (frame === undefined) return;
      stop(); now = +frame; set({ frame: +frame, joint: +joint }); move();
    });
    line = make("line", { y1: 0, y2: HIGH - 36, class: "now" });
    svg.append(line, make("text", { x: LABELS, y: HIGH - 18, class: "middle" }, "0"),
      make("text", { x: LABELS + WIDE, y: HIGH - 18, class: "end" }, String(frames - 1)),
      make("text", { x: LABELS + WIDE / 2, y: HIGH - 6, class: "middle" }, "frame"));
    return svg;
  }

  function move() {
    const x = LABELS + ((now + 0.5) * WIDE) / film().length;
    line.setAttribute("x1", x);
    line.setAttribute("x2", x);
    showNow(now);
    drawBody();
  }

  function draw() {
    const how = Object.fromEntries(traits.map((name) => [name, get(name)]));
    now = Math.min(now, film().length - 1);
    scrubber.max = film().length - 1;
    table = needed({ ...how, bones: get("bones"), joints: names.length, frames: film().length });
    place = fit(get("films"));
    chosen.value = String(how.film);
    showDepth(how.layers);
    taps.querySelectorAll("input").forEach((b) => { b.checked = +b.value === how.kernel_size; });
    ways.querySelectorAll("input").forEach((b) => { b.checked = b.value === how.along; });
    body = make("svg", { viewBox: `0 0 ${BODY} ${HIGH}`, width: BODY, height: HIGH, role: "group",
      "aria-label": "the body; choose a joint" });
    picture.replaceChildren(body, drawTable());
    move();
    const frames = table.filter((row) => row.some((layer) => layer !== null)).length;
    const joints = names.filter((_, n) => table.some((row) => row[n] !== null)).length;
    status.replaceChildren("After ", String(how.layers), how.layers === 1 ? " layer the " : " layers the ",
      make("strong", {}, names[how.joint]), ` in frame ${how.frame} depends on `,
      make("strong", {}, `${joints} of ${names.length}`), " joints, in ",
      make("strong", {}, `${frames} of ${film().length}`), " frames.");
  }
  const watched = [...traits, "films", "bones", "rows"];
  for (const name of watched) model.on(`change:${name}`, draw);
  draw();
  return () => { stop(); for (const name of watched) model.off(`change:${name}`, draw); };
}

export default { render };
