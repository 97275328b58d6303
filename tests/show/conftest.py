"""A browser page that shows a widget with a model of its own, no notebook around it."""

import pytest

STATE = {"image", "kernel", "bias", "strides", "padding", "dilation_rate"}
STATE |= {"values", "selected", "presets", "dy", "counts"}
STATE |= {"size", "channels", "blocks", "ending", "units"}
STATE |= {"optimizer", "learning_rate", "momentum", "curvature", "start", "steps"}
STATE |= {"frequency", "rate", "milliseconds", "logits", "temperature", "label"}
STATE |= {"edges", "places", "names", "node", "weighting"}
STATE |= {"first", "second"}
STATE |= {"recurrent_weight", "input_weight", "bias", "initial_state"}
STATE |= {"forget", "input", "output", "candidate", "looking"}
STATE |= {"films", "film_names", "bones", "joint_names", "rows"}
STATE |= {"film", "joint", "frame", "layers", "kernel_size", "along"}
STATE |= {"weights", "query_names", "key_names", "query", "head"}
STATE |= {"tokens", "parameters", "features", "text"}
STATE |= {"share", "distance", "threshold"}
STATE |= {"factors", "relation", "rank", "modalities"}
STATE |= {"noise", "correlation"}
STATE |= {"film", "table", "heads", "captions", "kept", "seen"}
STATE |= {"batch", "doubles"}
STATE |= {"n", "how", "period", "flash", "place", "draw"}

MODEL = """async ([script, state]) => {
  const file = new Blob([script], { type: "text/javascript" });
  const module = await import(URL.createObjectURL(file));
  const listeners = {};
  window.model = {
    get: (name) => state[name],
    set: (name, value) => {
      const same = JSON.stringify(state[name]) === JSON.stringify(value);
      state[name] = value;
      if (!same) (listeners["change:" + name] ?? []).forEach((f) => f());
    },
    on: (event, f) => (listeners[event] ??= []).push(f),
    off: () => {},
    save_changes: () => {},
  };
  window.module = module;
  module.default.render({ model, el: document.getElementById("el") });
}"""


@pytest.fixture
def show_in_page(browser):
    """Show a widget in a page; any script error or outside request fails the test."""
    page = browser.new_page(viewport={"width": 1000, "height": 700})
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url))

    def show(widget, theme="light"):
        state = {n: v for n, v in widget.get_state().items() if n in STATE}
        light = str(theme == "light").lower()
        page.set_content(
            f'<body data-jp-theme-light="{light}"><style>{widget._css}</style>'
            '<div id="el"></div>'
        )
        page.evaluate(MODEL, [widget._esm, state])
        return page

    yield show
    page.close()
    assert [f for f in faults if not f.startswith("blob:")] == []
