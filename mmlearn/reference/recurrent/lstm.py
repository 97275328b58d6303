"""Long short-term memory: a state that is added to, and three gates around it."""

import numpy as np

from mmlearn.reference.recurrent.sequence import (
    answer,
    blocks,
    carry,
    each_step,
    input_gradients,
    inside,
    read,
    sigmoid,
    sum_of_products,
    upstream_steps,
)


def lstm(
    x,
    kernel,
    recurrent_kernel,
    bias=None,
    *,
    mask=None,
    initial_state=None,
    return_sequences=False,
):
    """Gates decide what the cell keeps, takes in and shows.

    i, f, o = σ(x_t W + h_{t−1} R + b), each with its own weights; g = tanh(likewise);
    c_t = f c_{t−1} + i g;  h_t = o tanh(c_t).

    Args:
        x: (B, T, F) sequences.
        kernel: (F, 4 U) weights W: U columns each for i, f, g (Keras: c) and o.
        recurrent_kernel: (U, 4 U) weights R, in the same order.
        bias: (4 U,) offsets b, or None for none.
        mask: (B, T), True where a step counts. Elsewhere h and c stay, whatever x is.
        initial_state: the pair (h_0, c_0), (B, U) each, by default zeros.
        return_sequences: False: y = h_T; True: y_t = h_t of every step.

    Returns:
        y: (B, U), or (B, T, U), and its pullback: dy -> dx, dkernel,
        drecurrent_kernel, dbias.

    Raises:
        ShapeError, ValueError: saying which argument does not fit, and what would.

    >>> x, weights = np.ones((1, 5, 2)), (np.ones((2, 12)), np.ones((3, 12)))
    >>> lstm(x, *weights)[0].shape, lstm(x, *weights, return_sequences=True)[0].shape
    ((1, 3), (1, 5, 3))

    Source: S. Hochreiter, J. Schmidhuber, *Long short-term memory*, Neural Computation
    9, 1997; the gate f: F. Gers et al., *Learning to forget*, ibid. 12, 2000.
    """
    arrays = (x, kernel, recurrent_kernel, bias)
    s = _read("lstm", arrays, mask, initial_state)
    h, c, gates = _run(s)
    y = answer(h, return_sequences)

    def pullback(dy):
        dys = upstream_steps("lstm", dy, y, len(s.x))
        alpha = _through_time(s, dys, h, c, gates)
        dx, dkernel, dbias = input_gradients(s, alpha)
        drecurrent = sum_of_products(h[:-1], alpha)
        return dx, dkernel, drecurrent, None if bias is None else dbias

    return y, pullback


def _through_time(s, dys, h, c, gates):
    """α_t = dL/da_t of every step and gate (T, B, 4 U), from the last to the first."""
    # δ_t = dL/dh_t and γ_t = dL/dc_t are TOTAL derivatives, through every later
    # step; ∂ is PARTIAL, within one equation. h_t enters y_t and, at t + 1, the
    # four sums a = x W + h R + b; c_t enters h_t and c_{t+1}. So, back in time,
    # δ_t = dy_t + Σ_gates α_{t+1} Rᵀ
    # γ_t = δ_t ∂h_t/∂c_t + γ_{t+1} ∂c_{t+1}/∂c_t
    #     = δ_t o (1 − tanh² c_t) + γ_{t+1} f_{t+1}     (no matrix on this path)
    # and with ∂σ/∂a = σ (1 − σ), ∂tanh/∂a = 1 − tanh², α = dL/da is
    # α_i = γ_t g i (1 − i)           α_f = γ_t c_{t−1} f (1 − f)
    # α_g = γ_t i (1 − g²)            α_o = δ_t tanh(c_t) o (1 − o)
    # dW = Σ_t x_tᵀ α_t,  dR = Σ_t h_{t−1}ᵀ α_t,  db = Σ_t α_t,  dx_t = α_t Wᵀ.
    # Where the mask is False, δ and γ pass as they are and α_t = 0.
    alpha = np.empty((*s.x.shape[:2], s.kernel.shape[1]), h.dtype)
    later_h = later_c = np.zeros_like(h[0])
    for t in reversed(range(len(alpha))):
        i, f, g, o, tanh_c = gates[:, t]
        delta = dys[t] + later_h
        gamma = delta * o * (1 - tanh_c * tanh_c) + later_c
        a_i, a_f, a_g, a_o = blocks(alpha[t], 4)  # views: filled here
        a_i[:] = gamma * g * i * (1 - i)
        a_f[:] = gamma * c[t] * f * (1 - f)
        a_g[:] = gamma * i * (1 - g * g)
        a_o[:] = delta * tanh_c * o * (1 - o)
        if s.seen is not None:
            alpha[t] = carry(s.seen, t, alpha[t], 0)
        later_h = carry(s.seen, t, alpha[t] @ s.recurrent_kernel.T, delta)
        later_c = carry(s.seen, t, gamma * f, later_c)
    return alpha


def lstm_gates(
    x, kernel, recurrent_kernel, bias=None, *, mask=None, initial_state=None
):
    """What goes on inside `lstm`: its gates and states at every step.

    Args:
        x, kernel, recurrent_kernel, bias, mask, initial_state: as for `lstm`.

    Returns:
        dict of arrays (B, T, U): "input_gate" i, "forget_gate" f, "candidate" g,
        "output_gate" o, "cell" c, "hidden" h. Where the mask is False no gate acts:
        the four are NaN there, the states the carried ones.

    Raises:
        ShapeError, ValueError: as `lstm`.

    >>> gates = lstm_gates(np.ones((1, 5, 2)), np.ones((2, 12)), np.ones((3, 12)))
    >>> np.ptp(gates["hidden"] - gates["output_gate"] * np.tanh(gates["cell"]))
    np.float64(0.0)
    """
    s = _read("lstm_gates", (x, kernel, recurrent_kernel, bias), mask, initial_state)
    h, c, gates = _run(s)
    names = ("input_gate", "forget_gate", "candidate", "output_gate")
    return inside(names, gates, s.seen, cell=c, hidden=h)


def _read(where, arrays, mask, initial_state):
    if initial_state is None:
        initial_state = (None, None)
    if not isinstance(initial_state, tuple | list) or len(initial_state) != 2:
        kind = type(initial_state).__name__
        raise ValueError(
            f"{where}: initial_state is a {kind}; expected the pair (h, c), (B, U) each"
        )
    return read(where, "i f c o", arrays, mask, tuple(initial_state))


def _run(s):
    """The states h and c (T + 1, B, U), first those before step 1, and every gate."""
    a = each_step(s.x, s.kernel, s.bias)  # (T, B, 4 U), all but the recurrent part
    h = np.empty((len(a) + 1, *s.state[0].shape), a.dtype)
    c = np.empty_like(h)
    h[0], c[0] = s.state
    # One array, views of which the loop fills: large blocks of memory come cheap.
    gates = np.empty((5, *a.shape[:2], h.shape[-1]), a.dtype)  # i f g o tanh(c)
    with np.errstate(over="ignore"):  # exp(−a) = ∞ is right: σ is 0 there
        for t in range(len(a)):
            i, f, g, o, tanh_c = gates[:, t]
            a[t] += h[t] @ s.recurrent_kernel
            a_i, a_f, a_g, a_o = blocks(a[t], 4)
            sigmoid(a_i, out=i)
            sigmoid(a_f, out=f)
            np.tanh(a_g, out=g)
            sigmoid(a_o, out=o)
            new = f * c[t] + i * g
            np.tanh(new, out=tanh_c)
            c[t + 1] = carry(s.seen, t, new, c[t])
            h[t + 1] = carry(s.seen, t, o * tanh_c, h[t])
    return h, c, gates
