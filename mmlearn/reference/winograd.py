"""Two outputs of three taps with four products instead of six: why `conv2d` is quick.

Beside one another stand y₀ = d₀ g₀ + d₁ g₁ + d₂ g₂ and y₁ = d₁ g₀ + d₂ g₁ + d₃ g₂. With

    m₀ = (d₀ − d₂) g₀                    m₁ = (d₁ + d₂) (g₀ + g₁ + g₂) / 2
    m₃ = (d₁ − d₃) g₂                    m₂ = (d₂ − d₁) (g₀ − g₁ + g₂) / 2

y₀ = m₀ + m₁ + m₂ and y₁ = m₁ − m₂ − m₃ (multiply out). The sums of g are made once, and
with many units those of d cost little beside the products. So `conv2d` takes this way
along its width where there are many channels and units. Rounding errors are about twice
as large, and an infinite pixel gives NaN where the plain sum may be infinite.

Source: A. Lavin, S. Gray, *Fast algorithms for convolutional neural networks*, CVPR
2016, section 4.1, eq. 5–7: F(2, 3).
"""

import numpy as np

MANY = 64  # units, and channels of three rows, from which on it is quicker
WINDOWS = 256  # windows of an image, the same


def pays(dtype, kernel_shape, way):
    """Whether `in_pairs` can do what a Slide says, and is quicker at it."""
    along = way.size[1], way.strides, way.dilation
    rows, _, channels, units = kernel_shape
    many = min(rows * channels / 3, units) >= MANY and np.prod(way.out) >= WINDOWS
    return along == (3, (1, 1), (1, 1)) and many and dtype.itemsize >= 4


def in_pairs(x, kernel, y):
    """Correlate x with a kernel three taps wide, two neighbouring outputs at a time.

    Args:
        x: (B, H, W, C) images, padded.
        kernel: (kh, 3, C, U).
        y: (B, H − kh + 1, W − 2, U), filled in.
    """
    (kh, _, channels, units), (_, height, width, _) = kernel.shape, y.shape
    pairs = -(-width // 2)
    if width % 2:  # the last pair lacks its second output, and a pixel
        x = np.pad(x, ((0, 0), (0, 0), (0, 1), (0, 0)))
    x, kernel = (a.astype(y.dtype, copy=False) for a in (x, kernel))
    g0, g1, g2 = np.moveaxis(kernel, 1, 0)
    g = np.stack([g0, (g0 + g1 + g2) / 2, (g0 - g1 + g2) / 2, g2])
    g = g.reshape(4, kh * channels, units)
    d = np.empty((4, x.shape[1], pairs, channels), y.dtype)
    patches = np.empty((height, pairs, kh, channels), y.dtype)
    m = np.empty((4, height, pairs, units), y.dtype)
    for image, out in zip(x, y, strict=True):  # one at a time stays in the cache
        d0, d1, d2, d3 = (image[:, i : i + 2 * pairs - 1 : 2] for i in range(4))
        np.subtract(d0, d2, out=d[0])
        np.add(d1, d2, out=d[1])
        np.subtract(d2, d1, out=d[2])
        np.subtract(d1, d3, out=d[3])
        for k in range(4):
            for p in range(kh):
                patches[:, :, p] = d[k, p : p + height]
            rows = patches.reshape(-1, kh * channels)
            np.matmul(rows, g[k], out=m[k].reshape(-1, units))
        np.add(m[0] + m[1], m[2], out=out[:, 0::2])
        m[1] -= m[2]
        m[1] -= m[3]
        out[:, 1::2] = m[1, :, : width // 2]
