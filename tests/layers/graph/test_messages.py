"""What travels along edges: block by block as all at once, in value and gradient."""

import numpy as np
import pytest
import tensorflow as tf

from mmlearn.layers.graph import messages

N, E = 5, 12


@pytest.mark.parametrize("jit", [False, True], ids=["plain", "jit"])
@pytest.mark.parametrize(
    ("shape", "weights"),
    [((7,), None), ((40,), 1), ((5, 3), 5), ((3, 2), 3), ((4, 2), 1)],
    ids=str,
)
def test_block_by_block_as_all_at_once(monkeypatch, shape, weights, jit):
    rng = np.random.default_rng(0)
    h = tf.constant(rng.standard_normal((N, *shape)))
    w = weights and rng.standard_normal((E, weights) if weights > 1 else E)
    w = w if w is None else tf.constant(w)
    source, target = tf.constant(rng.integers(0, N, (2, E)))
    dy = rng.standard_normal((N, *shape))

    def run():
        @tf.function(jit_compile=jit)
        def both(h, w):
            with tf.GradientTape() as tape:
                watched = [h] if w is None else [h, w]
                tape.watch(watched)
                y = messages.sum_messages(h, source, target, N, w)
            return y, tape.gradient(y, watched, output_gradients=dy)

        return tf.nest.map_structure(np.array, both(h, w))

    whole = run()
    monkeypatch.setattr(messages, "_step", lambda shape, edges: 2)  # odd ends too
    parts = run()
    tf.nest.map_structure(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-12), whole, parts
    )


def test_a_step_holds_about_what_may_travel_at_once(monkeypatch):
    monkeypatch.setattr(messages, "AT_ONCE", 100 * 32)
    assert messages._step((9, 128), 100) == 32  # whole lines of cache
    assert messages._step((9, 8), 100) == 8  # no more than there is
    assert messages._step((9, 8, 16), 100) == 2  # heads of 16
    assert messages._step((9, 8, 16), 10_000) == 1  # and at least one
