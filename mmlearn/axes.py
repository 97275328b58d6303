"""The axis alphabet, and the one place that words a shape error.

Every array of the course is described by one letter per axis, the same in names,
docstrings, comments and errors: a batch of colour images is `B H W C`, a graph's
edges are `2 E`. A batch of words is `B L`.

>>> import numpy as np
>>> sizes = expect_shape("conv2d", "x", np.zeros((2, 8, 9, 3)), "B H W C")
>>> sizes["W"]
9
>>> expect_shape("conv2d", "bias", np.zeros(4), "U", sizes={"U": 32})
Traceback (most recent call last):
    ...
mmlearn.axes.ShapeError: conv2d: bias is (4,); expected (U,) with U = 32: units out
"""

import numpy as np

AXES = {
    "B": "batch",
    "T": "time",
    "H": "height",
    "W": "width",
    "C": "channels",
    "L": "tokens",
    "N": "nodes",
    "E": "edges",
    "F": "features in",
    "U": "units out",
    "K": "classes",
    "M": "modalities",
    "R": "relations",
    "G": "graphs",
}


class ShapeError(ValueError):
    """An array does not have the shape that its axes ask for."""


def expect_shape(where, name, array, axes, *, sizes=None, hint=""):
    """Check an array's shape against axis letters, and return the sizes found.

    Args:
        where: the function that the reader called, as it names itself ("conv2d").
        name: the argument's name ("x").
        array: anything with a `.shape`.
        axes: letters separated by spaces ("B H W C"); a number stands for itself
            ("2 E"), `*` for any size, a leading `...` for any axes in front.
        sizes: sizes known already, letter to int; a letter met twice must agree.
        hint: what the axes mean, in the reader's words; by default their names.

    Returns:
        sizes, with the letters of `axes` added: {"B": 2, "H": 8, "W": 9, "C": 3}.

    Raises:
        ShapeError: with what was received and what was expected.
    """
    known = dict(sizes or {})
    shape = getattr(array, "shape", None)
    letters = axes.split()
    free = letters[:1] == ["..."]
    letters = letters[1:] if free else letters
    if shape is None:
        kind = type(array).__name__
        raise ShapeError(f"{where}: {name} is a {kind}; expected {_tuple(axes)}")
    shape = tuple(shape)
    fits = len(shape) >= len(letters) if free else len(shape) == len(letters)
    found = dict(known)
    for letter, size in zip(letters, shape[len(shape) - len(letters) :], strict=False):
        if not fits:
            break
        if letter == "*":
            continue
        expected = int(letter) if letter.isdigit() else found.setdefault(letter, size)
        fits = fits and expected == size
    if not fits:
        raise ShapeError(_message(where, name, shape, axes, letters, known, hint))
    return found


def expect_array(where, name, value):
    """Return value as a NumPy array of numbers, or say what it is instead.

    Args:
        where: the function that the reader called.
        name: the argument's name.
        value: anything that NumPy makes an array of.

    Raises:
        ShapeError: for a list of parts of unequal shapes.
        ValueError: for None, text, complex numbers or objects.

    >>> expect_array("relu", "x", None)
    Traceback (most recent call last):
        ...
    ValueError: relu: x is a NoneType; expected numbers
    """
    try:
        array = np.asarray(value)
    except ValueError:  # of NumPy, on shapes that do not fit together
        kind = type(value).__name__
        raise ShapeError(
            f"{where}: {name} is a {kind} of parts that differ in shape; expected one "
            "array: bring them to one size first"
        ) from None
    if array.dtype.kind not in "buif":
        what = f"of {array.dtype}" if array.ndim else f"a {type(value).__name__}"
        raise ValueError(f"{where}: {name} is {what}; expected numbers")
    return array


def expect_edge_index(where, edge_index, nodes, name="edge_index"):
    """Check the edges of a graph: integers (2, E), every one of them a node.

    Args:
        where: the function or layer that the reader called.
        edge_index: (2, E) array; row 0 source nodes, row 1 target nodes.
        nodes: N; the nodes are 0 … N − 1.
        name: the argument's name.

    Raises:
        ShapeError: for another shape.
        ValueError: for numbers that are not integers, or not nodes.

    >>> expect_edge_index("gcn_conv", np.array([[0, 1], [1, 5]]), nodes=3)
    Traceback (most recent call last):
        ...
    ValueError: gcn_conv: edge_index[1, 1] is 5; expected nodes 0 … 2, as N = 3
    """
    hint = "row 0 source nodes, row 1 target nodes"
    expect_shape(where, name, edge_index, "2 E", hint=hint)
    if edge_index.dtype.kind not in "iu":
        raise ValueError(
            f"{where}: {name} holds {edge_index.dtype}; expected integers, the numbers "
            f"of nodes: {name}.astype(np.int32)"
        )
    if edge_index.size and (edge_index.min() < 0 or edge_index.max() >= nodes):
        outside = (edge_index < 0) | (edge_index >= nodes)
        row, column = (int(i) for i in np.argwhere(outside)[0])
        expected = f"nodes 0 … {nodes - 1}" if nodes else "no edges"
        raise ValueError(
            f"{where}: {name}[{row}, {column}] is {edge_index[row, column]}; expected "
            f"{expected}, as N = {nodes}"
        )


def expect_mask(where, name, mask, beside, sequence):
    """Check that a mask lies on the sequence beside it: one truth for each step.

    Args:
        where: the function, layer or model that the reader called.
        name, beside: the names of the mask and of the sequence.
        mask: anything with a `.shape`: (B, T), or (B, T, 1), whose 1 Keras drops.
        sequence: (B, T, …). A size that is not known yet (None) fits any.

    Raises:
        ShapeError: with both shapes.

    >>> expect_mask("gru", "mask", np.ones((8, 9)), "x", np.ones((8, 10, 40)))
    Traceback (most recent call last):
        ...
    mmlearn.axes.ShapeError: gru: mask is (8, 9); expected (B, T) = (8, 10), as x is \
(8, 10, 40): True where a step counts
    """
    told, shape = tuple(mask.shape), tuple(sequence.shape)
    steps = told[:2] if told[2:] == (1,) else told
    pairs = zip(steps, shape, strict=False)
    if len(steps) != 2 or any(None not in p and p[0] != p[1] for p in pairs):
        raise ShapeError(
            f"{where}: {name} is {told}; expected (B, T) = {shape[:2]}, as {beside} is "
            f"{shape}: True where a step counts"
        )


def _tuple(axes):
    letters = axes.split()
    return f"({letters[0]},)" if len(letters) == 1 else f"({', '.join(letters)})"


def _message(where, name, shape, axes, letters, known, hint):
    bound = [f"{a} = {known[a]}" for a in dict.fromkeys(letters) if a in known]
    with_sizes = f" with {', '.join(bound)}" if bound else ""
    if not hint:
        hint = ", ".join(AXES[a] for a in letters if a in AXES)
    meaning = f": {hint}" if hint else ""
    return f"{where}: {name} is {shape}; expected {_tuple(axes)}{with_sizes}{meaning}"
