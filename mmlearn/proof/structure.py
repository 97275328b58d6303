"""What an operator must be told so that it computes what a layer computes."""

import inspect

# Configuration that changes no number the layer returns, or that its weights show.
SILENT = {"name", "trainable", "dtype", "use_bias", "units", "filters", "kernel_size"}
SILENT |= {"num_heads", "key_dim", "value_dim", "input_dim", "output_dim"}
SILENT |= {"center", "scale"}  # a normalization without its beta, or its gamma
SILENT |= {"seed"}  # what a layer draws is handed to the operator (a dropout mask)
SILENT |= {"momentum"}  # of moving statistics, which no value or gradient shows
SILENT |= {"output_shape"}  # of multi-head attention: its output_kernel shows it
SILENT |= {"attention_axes"}  # of (B, L, F) there is but one
SILENT |= {"unit_forget_bias", "unroll"}  # how weights begin, how a loop is compiled
SILENT |= {"heads", "relations", "hidden_units", "rank"}  # kernels show them
SILENT_ENDINGS = ("_initializer", "_regularizer", "_constraint")


def keyword_only(op):
    """op's keyword-only parameters, name to inspect.Parameter."""
    parameters = inspect.signature(op).parameters
    return {n: p for n, p in parameters.items() if p.kind is p.KEYWORD_ONLY}


def read_structure(op, layer, call):
    """The keyword-only arguments of `op` that make it compute what `layer` computes.

    Each name is looked up in `call`, then in `layer.get_config()`, then among the
    layer's non-trainable variables (moving statistics).

    Args:
        op: reference operator.
        layer: built Keras layer.
        call: dict, what the layer's call is given beside its inputs.

    Returns:
        dict, name to value.

    Raises:
        ValueError: naming every setting of the layer that op cannot express, or every
            argument of op that nothing answers.
    """
    config = layer.get_config() if _is_plain_layer(layer) else {}
    wanted = keyword_only(op)
    _refuse_inexpressible(op, layer, config, wanted)
    statistics = {v.name: v for v in layer.non_trainable_variables}
    structure, missing = {}, []
    for name, parameter in wanted.items():
        if name in call:
            _refuse_contradiction(op, layer, config, name, call[name])
            structure[name] = call[name]
        elif name in config:
            structure[name] = config[name]
        elif name in statistics:
            structure[name] = statistics[name].numpy()
        elif name == "training" and _takes(layer, name):
            missing.append("training=True or training=False")
        elif parameter.default is parameter.empty:
            missing.append(name)
    if missing:
        raise ValueError(
            f"agree: {op.__name__} needs {', '.join(missing)}, which {_kind(layer)} "
            "does not state; pass it by keyword"
        )
    return structure


def _refuse_inexpressible(op, layer, config, wanted):
    usual = _usual_config(layer, config)
    refused = []
    for name, value in config.items():
        if name in SILENT or name.endswith(SILENT_ENDINGS) or name in wanted:
            continue
        if name == "data_format":
            fine = value in (None, "channels_last")
        elif name == "activation":  # the Activation layer is nothing else
            fine = value == usual.get(name, "linear") or _kind(layer) == "Activation"
        else:
            # At its default a setting belongs to what the operator is named after.
            fine = value is None or (name in usual and _same(value, usual[name]))
        if not fine:
            refused.append(f"{name}={value!r}")
    if refused:
        raise ValueError(
            f"agree: {op.__name__} cannot express {', '.join(refused)} of "
            f"{_kind(layer)}; build the layer without it, and apply it outside"
        )


def _takes(layer, name):
    """Whether the layer's call has such an argument, whose default may differ."""
    return name in inspect.signature(layer.call).parameters


def _usual_config(layer, config):
    """What a layer of this type has where nothing optional was asked for."""
    parameters = inspect.signature(type(layer).__init__).parameters.values()
    named = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD][1:]
    required = {p.name: config.get(p.name) for p in named if p.default is p.empty}
    try:
        usual = type(layer)(**required).get_config()
    except (TypeError, ValueError):  # it cannot be built so: every setting is unusual
        return {}
    return {name: value for name, value in usual.items() if name not in required}


def _refuse_contradiction(op, layer, config, name, given):
    if name in config and not _same(config[name], given):
        raise ValueError(
            f"agree: {name}={given!r} was passed, but {_kind(layer)} has "
            f"{name}={config[name]!r}; leave it out, {op.__name__} is told by the layer"
        )


def _same(a, b):
    return _plain(a) == _plain(b)


def _plain(value):
    """A tuple as a list, and one entry as itself: a built layer writes axis=[-1]."""
    value = list(value) if isinstance(value, tuple) else value
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _is_plain_layer(layer):
    import keras

    return not isinstance(layer, keras.Model)  # a model's configuration is its layers


def _kind(layer):
    return type(layer).__name__
