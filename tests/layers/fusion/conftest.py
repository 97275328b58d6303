"""Three modalities of different widths, not all of them there, and all fusions."""

import keras
import numpy as np
import pytest

KINDS = {  # of fusions with units; what each is told beside them
    "WeightedFusion": {},
    "ConcatenateFusion": {},
    "GatedFusion": {},
    "LowRankFusion": {"rank": 3},
    "CrossAttentionFusion": {"heads": 2},
    "DeepFusion": {"depths": (0, 2), "hidden_units": 5},
    "TensorFusion": {},
    "BilinearFusion": {},
    "GraphFusion": {"rounds": 2},
}
DECISIONS = {
    "mean": ("LateFusion", {}),
    "mean_logits": ("LateFusion", {"method": "mean_logits"}),
    "stack": ("LateFusion", {"method": "stack"}),
    "product": ("ProductOfExperts", {"log_prior": np.log([0.5, 0.3, 0.2])}),
}
POOLED = ("CrossAttentionFusion", "GraphFusion")


class Example:
    """x["text"] (4, 2), x["image"] (4, 3), x["sound"] (4, 5); unsorted on purpose."""

    features = {"text": 2, "image": 3, "sound": 5}
    available = {
        "image": np.array([True, True, False, False]),
        "sound": np.array([True, False, True, False]),
        "text": np.array([True, False, False, False]),
    }

    def inputs(self, *front, seed=0, features=None):
        rng = np.random.default_rng(seed)
        sizes = features or self.features
        return {n: rng.standard_normal((*front, f)) for n, f in sizes.items()}

    def logits(self, *front):
        return self.inputs(*front, seed=1, features=dict.fromkeys(self.features, 3))

    def __init__(self):
        self.kept, self.plain = {}, {}

    def value(self, kind):
        """What that shared layer makes of four samples, with everything there."""
        if kind not in self.plain:
            y = self(self.built(kind), self.inputs_for(kind, 4))
            self.plain[kind] = y
        return self.plain[kind]

    def built(self, kind):
        """A layer that several tests share; they must leave its weights alone."""
        if kind not in self.kept:
            self.kept[kind] = self.layer(kind)
            self(self.kept[kind], self.inputs_for(kind, 2))
        return self.kept[kind]

    def layer(self, kind, dtype="float64", units=4, **options):
        from mmlearn import layers

        keras.utils.set_random_seed(5)
        if kind in DECISIONS:  # they have no units
            kind, given = DECISIONS[kind]
            return getattr(layers, kind)(**(given | options), dtype=dtype)
        # Biases that are not zero: else nobody would see one that is forgotten.
        options = {"bias_initializer": "normal"} | KINDS[kind] | options
        return getattr(layers, kind)(units, **options, dtype=dtype)

    def inputs_for(self, kind, *front):
        return self.logits(*front) if kind in DECISIONS else self.inputs(*front)

    def __call__(self, layer, inputs, available=None):
        y = layer(inputs, available=available) if available else layer(inputs)
        return keras.ops.convert_to_numpy(y)


@pytest.fixture(scope="session")
def example():
    return Example()


@pytest.fixture(autouse=True, scope="module")
def float64():
    """Outside TensorFlow Keras narrows float64 in some operations."""
    from mmlearn.proof.autodiff import full_precision

    with full_precision():
        yield


def pytest_generate_tests(metafunc):
    """Tests that ask for `kind` run for all fusions; for `fusion`, those with units."""
    if "kind" in metafunc.fixturenames:
        metafunc.parametrize("kind", [*KINDS, *DECISIONS])
    if "fusion" in metafunc.fixturenames:
        metafunc.parametrize("fusion", list(KINDS))
    if "stepwise" in metafunc.fixturenames:
        kinds = [k for k in (*KINDS, *DECISIONS) if k not in POOLED]
        metafunc.parametrize("stepwise", kinds)
