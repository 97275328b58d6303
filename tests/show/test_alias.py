import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import show
from mmlearn.show import AliasWidget

FOLDER = Path(show.__file__).parent


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 160), st.integers(4, 64))
def test_the_alias_is_what_a_spectrum_shows(tone, rate):
    tone, rate = tone * 50.0, rate * 250.0
    widget = AliasWidget(frequency=tone, rate=rate)
    assert 0 <= widget.alias <= rate / 2
    count = int(rate / 50) * 2  # all these tones make whole turns in so many samples
    wave = np.cos(2 * np.pi * tone / rate * np.arange(count))
    found = np.fft.rfftfreq(count, 1 / rate)[np.abs(np.fft.rfft(wave)).argmax()]
    assert found == pytest.approx(widget.alias, abs=1e-6)


def test_tone_and_alias_meet_at_every_sample():
    widget = AliasWidget(frequency=5500, rate=4000)
    times, heights = widget.samples
    assert widget.alias == 1500
    assert times[-1] == pytest.approx(0.002)
    np.testing.assert_allclose(np.cos(2 * np.pi * 1500 * times), heights, atol=1e-9)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_browser_computes_the_same():
    cases = [(f, fs) for f in (0, 950, 3000, 8000) for fs in (1000, 4000, 6000)]
    program = (FOLDER / "alias.js").read_text(encoding="utf-8")
    program += f"""
    const cases = {json.dumps(cases)};
    const found = cases.map(([f, fs]) => [heard(f, fs), samples(f, fs, 0.002)]);
    console.log(JSON.stringify(found));
    """
    node = ["node", "--input-type=module"]
    done = subprocess.run(node, input=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for (f, fs), (alias, points) in zip(cases, json.loads(done.stdout), strict=True):
        widget = AliasWidget(frequency=f, rate=fs)
        assert alias == pytest.approx(widget.alias)
        np.testing.assert_allclose(np.array(points).T, widget.samples, atol=1e-9)


@pytest.mark.parametrize("setting", [{"frequency": -1}, {"rate": 0}, {"rate": "fast"}])
def test_a_setting_out_of_range_is_refused(setting):
    with pytest.raises(traitlets.TraitError):
        AliasWidget(**setting)


def test_without_widgets_there_is_a_still_picture():
    data, metadata = AliasWidget()._repr_mimebundle_()
    assert data["image/png"]
    alt = metadata["image/png"]["alt"]
    assert alt.startswith(
        "A tone of 3,000 Hz sampled 4,000 times a second: a wave of 1"
    )


@pytest.mark.browser
def test_moving_the_rate_changes_what_is_heard(show_in_page):
    page = show_in_page(AliasWidget())
    status = page.locator(".status")
    assert "1,000 Hz" in status.inner_text()
    assert page.locator("circle.sample").count() == 9
    page.get_by_label("sampling rate").fill("8000")
    assert "the tone survives" in status.inner_text()
    assert page.evaluate("model.get('rate')") == 8000
    page.get_by_label("sampling rate").fill("3000")
    assert "silence" in status.inner_text()
    page.get_by_label("tone", exact=True).fill("1500")
    assert "two samples a turn" in status.inner_text()
