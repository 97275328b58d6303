"""A whole model in one table: parts, shapes in axis letters, parameters."""

OUT = {2: "B U", 3: "B T U", 4: "B H W U"}
COMPOSED = ("Functional", "Sequential", "SequenceModel")  # called by their names
IN = {1: "B", 2: "B F", 3: "B T F", 4: "B H W C", 5: "B T H W C"}


def description(model, inputs, features, fused, answers, masked):
    """The table of a `MultimodalModel`.

    Args:
        model: built. inputs, features: dict, name -> shape. fused: shape.
        answers: shape, or dict task -> shape.
        masked: names of the modalities that were built with a mask.

    Returns:
        str of lines: part, layer, what goes in, what comes out, parameters.
    """
    rows = [("part", "layer", "in", "out", "parameters")]
    for name in model.modalities:
        mask = " + mask" if name in masked else ""
        given = _shapes(inputs[name], IN) + mask
        made = _shapes(features[name], OUT)
        rows.append((name, *_layer(model.encoders[name], given, made)))
    given = f"{len(features)} × " + " or ".join(
        dict.fromkeys(_shapes(h, OUT) for h in features.values())
    )
    rows.append(("fusion", *_layer(model.fusion, given, _shapes(fused, OUT))))
    heads = {"head": model.head} if model.tasks is None else model.head
    answers = {"head": answers} if model.tasks is None else answers
    for task, head in heads.items():
        if head is not None:
            part = task if task == "head" else f"head {task}"
            last = {n: axes[:-1] + "K" for n, axes in OUT.items()}
            given, made = _shapes(fused, OUT), _shapes(answers[task], last)
            rows.append((part, *_layer(head, given, made)))
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    lines = [
        "  ".join([*map(str.ljust, row[:4], widths), row[4].rjust(10)]) for row in rows
    ]
    several = len(model.modalities)
    told = f"{several} modalit{'y' if several == 1 else 'ies'}"
    rate = model.hide.rate
    dropout = f", modality dropout {rate:g}" if rate else ""
    total = f"{model.name}: {told}{dropout}, {model.count_params():,} parameters"
    return "\n".join([total, "", lines[0], "-" * len(lines[0]), *lines[1:]])


def _layer(layer, given, made):
    if layer is None:
        return "as it is", given, made, "0"
    kind = type(layer).__name__
    named = layer.name if kind in COMPOSED else kind
    return named, given, made, f"{layer.count_params():,}"


def _shapes(shape, letters):
    """(B, T, F 40): letters, and the sizes that are fixed; of a dict, each."""
    if isinstance(shape, dict):
        inner = (f"{name} {_shapes(part, letters)}" for name, part in shape.items())
        return ", ".join(inner)
    shape = tuple(shape)
    axes = letters.get(len(shape), "B" + " *" * (len(shape) - 1)).split()
    if len(shape) == 2 and shape[1] is None:
        axes = ["B", "L"]  # ids, as many as there are words
    sized = [a if n is None else f"{a} {n}" for a, n in zip(axes, shape, strict=True)]
    return f"({', '.join(sized)})"
