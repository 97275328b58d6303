"""Wrong answers as students write them: name -> (exercise, cell, known mistakes)."""

CONV = """
def naive_conv2d(x, kernel, bias, strides=1):
    B, H, W, C = x.shape
    kh, kw, C, U = kernel.shape
    Ho = (H - kh) // strides + 1
    Wo = (W - kw) // strides + 1
    y = np.zeros((B, Ho, Wo, U))
    for b in range(B):
        for i in range(Ho):
            for j in range(Wo):
                for u in range(U):
                    for p in range(kh):
                        for q in range(kw):
                            for c in range(C):
                                pixel = x[b, i * strides + p, j * strides + q, c]
                                y[b, i, j, u] += pixel * kernel[p, q, c, u]
                    y[b, i, j, u] += bias[u]
    return y
"""
ADD = "y[b, i, j, u] += pixel * kernel[p, q, c, u]"
BIAS = "                    y[b, i, j, u] += bias[u]\n"
CHANNELS = """\
                                pixel = x[b, i * strides + p, j * strides + q, c]
                                y[b, i, j, u] += pixel * kernel[p, q, c, u]
"""
SOFTMAX = """
def softmax(logits):
    z = logits - logits.max(axis=1, keepdims=True)
    e = np.exp(z)
    p = e / e.sum(axis=1, keepdims=True)
    return p
"""
MISTAKEN = {}


def mistaken(exercise, source, *changes, known):
    """A right answer with lines of it changed, and the names it should be given."""
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    MISTAKEN[f"{exercise} {known}"] = exercise, source, known.split(" and also ")


def conv(known, *changes):
    mistaken("03.2", CONV, *changes, known=known)


def softmax(known, *changes):
    mistaken("02.1", SOFTMAX, *changes, known=known)


conv("kernel flipped", (ADD, ADD.replace("[p, q,", "[kh - 1 - p, kw - 1 - q,")))
conv(
    "height and width of the kernel swapped",
    ("kh, kw, C, U = kernel.shape", "kw, kh, C, U = kernel.shape"),
    (ADD, ADD.replace("[p, q,", "[q, p,")),
)
conv(
    "`=` instead of `+=` over channels",
    (CHANNELS, CHANNELS.replace("y[b, i, j, u] +=", "last =")),
    (BIAS, BIAS),
    (
        CHANNELS.replace("y[b, i, j, u] +=", "last ="),
        CHANNELS.replace("y[b, i, j, u] +=", "last =")
        + "                            y[b, i, j, u] += last\n",
    ),
)
conv("`=` instead of `+=` over the taps", (ADD, ADD.replace("+=", "=")))
conv(
    "bias added once per tap",
    (BIAS, ""),
    (CHANNELS, CHANNELS + "        " + BIAS),
)
conv(
    "bias added per channel",
    (BIAS, "                    y[b, i, j, u] += C * bias[u]\n"),
)
conv("bias forgotten", (BIAS, ""))
conv("first bias for all units", ("bias[u]", "bias[0]"))
conv(
    "loop ends at H−k",
    ("Ho = (H - kh) // strides + 1", "Ho = len(range(0, H - kh, strides))"),
    ("Wo = (W - kw) // strides + 1", "Wo = len(range(0, W - kw, strides))"),
)
conv(
    "last row and column left empty",
    ("for i in range(Ho):", "for i in range(Ho - 1):"),
    ("for j in range(Wo):", "for j in range(Wo - 1):"),
)
conv(
    "stride not applied to the window's start",
    ("i * strides + p, j * strides + q", "i + p, j + q"),
)
conv(
    "stride ignored",
    ("Ho = (H - kh) // strides + 1", "Ho = H - kh + 1"),
    ("Wo = (W - kw) // strides + 1", "Wo = W - kw + 1"),
    ("i * strides + p, j * strides + q", "i + p, j + q"),
)
conv(
    "stride on the taps",
    ("i * strides + p, j * strides + q", "i + p * strides, j + q * strides"),
)
conv(
    "kernel shape read as (kw, kh)",
    ("kh, kw, C, U = kernel.shape", "kw, kh, C, U = kernel.shape"),
)
conv("fractions cut off", ("return y", "return y.astype(int)"))
conv(
    "kernel flipped and also bias forgotten",
    (ADD, ADD.replace("[p, q,", "[kh - 1 - p, kw - 1 - q,")),
    (BIAS, ""),
)

softmax("no maximum subtracted", (" - logits.max(axis=1, keepdims=True)", ""))
softmax(
    "maximum of the whole array subtracted", ("max(axis=1, keepdims=True)", "max()")
)
softmax("normalised over the wrong axis", ("e.sum(axis=1", "e.sum(axis=0"))
softmax("normalised over the whole array", ("e.sum(axis=1, keepdims=True)", "e.sum()"))
softmax("not normalised", ("return p", "return e"))
softmax(
    "logits divided by their sum",
    ("z = logits - logits.max(axis=1, keepdims=True)", "z = logits"),
    ("np.exp(z)", "z"),
)
