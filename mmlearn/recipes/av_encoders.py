"""The encoders of `av_fusion`: what sees a noisy digit, and what hears one."""

BANDS = 40
DROPOUT = 0.3  # before the encoders' last layer
HISS = {"image": 0.2, "sound": 0.5}  # s.d. added to the inputs while training, anew


def image_encoder(side, units, activation, seed):
    """(B, side, side, 1) -> (B, units): a convolution, a mean, a dense layer."""
    import keras
    from keras import layers

    init = _stream(seed, 100)
    x = keras.Input((side, side, 1), name="image")
    h = layers.GaussianNoise(HISS["image"], seed=1000 * seed + 191)(x)
    h = layers.Conv2D(8, 3, padding="same", activation="relu", **init())(h)
    h = layers.AveragePooling2D(2 if side < 16 else 4)(h)
    h = layers.Dropout(DROPOUT, seed=1000 * seed + 190)(layers.Flatten()(h))
    h = layers.Dense(units, activation, **init())(h)
    return keras.Model(x, h, name="image_encoder")


def sound_encoder(units, activation, seed, sequence=False):
    """Log-mel frames and their mask -> (B, T / 4, units) and a mask, or their mean."""
    import keras
    from keras import layers

    init = _stream(seed, 200)
    x = keras.Input((None, BANDS), name="sound")
    mask = keras.Input((None,), dtype="bool", name="sound_mask")
    there = keras.ops.cast(mask, "float32")[..., None]
    h = layers.GaussianNoise(HISS["sound"], seed=1000 * seed + 291)(x) * there
    h = layers.Conv1D(24, 5, 2, "same", activation="relu", **init())(h)
    h = layers.Conv1D(24, 5, 2, "same", activation="relu", **init())(h)
    h = layers.Dropout(DROPOUT, seed=1000 * seed + 290)(h)
    steps = mask[:, 3::4]  # a step counts if the last of its four frames does
    h = layers.Dense(units, activation, **init())(h)
    if not sequence:
        h = layers.GlobalAveragePooling1D()(h, mask=steps)
    inputs = {"sound": x, "sound_mask": mask}
    return keras.Model(inputs, [h, steps] if sequence else h, name="sound_encoder")


def _stream(seed, first):
    """Initializers, each with a seed of its own."""
    import keras

    count = iter(range(first, first + 50))

    def init():
        he = keras.initializers.HeNormal(seed=1000 * seed + next(count))
        return {"kernel_initializer": he}

    return init
