"""The gated recurrent unit: one state, moved part of the way to a candidate."""

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


def gru(
    x,
    kernel,
    recurrent_kernel,
    bias=None,
    *,
    mask=None,
    initial_state=None,
    return_sequences=False,
    reset_after=True,
):
    """One gate says how much of the state stays, one how much of it is heard.

    z, r = σ(x_t W + b + h_{t−1} R + b'), each with its own weights;
    g = tanh(x_t W_g + b_g + r (h_{t−1} R_g + b'_g));  h_t = z h_{t−1} + (1 − z) g.
    reset_after=False, as first published: g = tanh(x_t W_g + b_g + (r h_{t−1}) R_g).

    Args:
        x: (B, T, F) sequences.
        kernel: (F, 3 U) weights W: U columns each for z, r and g (Keras: h).
        recurrent_kernel: (U, 3 U) weights R, in the same order.
        bias: (2, 3 U) b and b', or (3 U,) with reset_after=False, or None for none.
        mask: (B, T), True where a step counts. Elsewhere h_t = h_{t−1}, whatever x is.
        initial_state: (B, U) h_0, by default zeros.
        return_sequences: False: y = h_T; True: y_t = h_t of every step.
        reset_after: whether r acts after the product with R_g, or before.

    Returns:
        y: (B, U), or (B, T, U), and its pullback: dy -> dx, dkernel,
        drecurrent_kernel, dbias.

    Raises:
        ShapeError, ValueError: saying which argument does not fit, and what would.

    >>> gru(np.ones((1, 5, 2)), np.ones((2, 9)), np.ones((3, 9)))[0].shape
    (1, 3)

    Source: K. Cho et al., *Learning phrase representations*, EMNLP 2014, eq. 5–8.
    """
    arrays = (x, kernel, recurrent_kernel, bias)
    s = _read("gru", arrays, mask, initial_state, reset_after)
    h, gates = _run(s, reset_after)
    y = answer(h, return_sequences)

    def pullback(dy):
        dys = upstream_steps("gru", dy, y, len(s.x))
        alpha, inner = _through_time(s, dys, h, gates, reset_after)
        dx, dkernel, dbias = input_gradients(s, alpha)
        drecurrent = sum_of_products(h[:-1], inner)
        if reset_after:
            dbias = np.stack([dbias, inner.sum(axis=(0, 1))])
        else:  # R_g met r h_{t−1}
            units = h.shape[-1]
            drecurrent[:, -units:] = sum_of_products(gates[3], alpha[..., -units:])
        return dx, dkernel, drecurrent, None if bias is None else dbias

    return y, pullback


def _through_time(s, dys, h, gates, reset_after):
    """α_t = dL/da_t of every step and gate (T, B, 3 U), and dL/d(h_{t−1} R + b')."""
    # δ_t = dL/dh_t is the TOTAL derivative, through every later step; ∂ is PARTIAL,
    # within one equation. h_t enters y_t and, at t + 1, three things:
    # h_{t+1} = z h_t + (1 − z) g, the products with R, and, there, what r lets by:
    # δ_t = dy_t + δ_{t+1} z_{t+1} + (what α_{t+1} sends back through R)
    # With α = dL/da of the sums a inside σ and tanh, ∂σ/∂a = σ (1 − σ):
    # α_z = δ_t (h_{t−1} − g) z (1 − z)     α_g = δ_t (1 − z) (1 − g²)
    # α_r, and what goes back through R: in `_back_after` and `_back_before`.
    # dW = Σ_t x_tᵀ α_t,  db = Σ_t α_t,  dx_t = α_t Wᵀ.
    # Where the mask is False, δ passes as it is and α_t = 0.
    alpha = np.empty((*s.x.shape[:2], s.kernel.shape[1]), h.dtype)
    inner = np.empty_like(alpha)  # dL/d(h_{t−1} R + b')
    back = _back_after if reset_after else _back_before
    later = np.zeros_like(h[0])
    for t in reversed(range(len(alpha))):
        z, _, g, _ = gates[:, t]
        delta = dys[t] + later
        acts = carry(s.seen, t, delta, 0)
        a_z, _, a_g = blocks(alpha[t], 3)  # views: filled here, the second by back
        a_z[:] = acts * (h[t] - g) * z * (1 - z)
        a_g[:] = acts * (1 - z) * (1 - g * g)
        through = back(s.recurrent_kernel, h[t], gates[:, t], alpha[t], inner[t])
        later = carry(s.seen, t, delta * z + through, delta)
    return alpha, inner


def gru_gates(
    x,
    kernel,
    recurrent_kernel,
    bias=None,
    *,
    mask=None,
    initial_state=None,
    reset_after=True,
):
    """What goes on inside `gru`: its gates and states at every step.

    Args:
        x, kernel, recurrent_kernel, bias, mask, initial_state, reset_after: as for
            `gru`.

    Returns:
        dict of arrays (B, T, U): "update_gate" z, "reset_gate" r, "candidate" g,
        "hidden" h. Where the mask is False no gate acts: the three are NaN there, the
        state the carried one.

    Raises:
        ShapeError, ValueError: as `gru`.

    >>> gates = gru_gates(np.ones((1, 5, 2)), np.ones((2, 9)), np.ones((3, 9)))
    >>> list(gates), gates["update_gate"].shape
    (['update_gate', 'reset_gate', 'candidate', 'hidden'], (1, 5, 3))
    """
    arrays = (x, kernel, recurrent_kernel, bias)
    s = _read("gru_gates", arrays, mask, initial_state, reset_after)
    h, gates = _run(s, reset_after)
    return inside(("update_gate", "reset_gate", "candidate"), gates, s.seen, hidden=h)


def _read(where, arrays, mask, initial_state, reset_after):
    biases = 2 if reset_after else 1
    return read(where, "z r h", arrays, mask, (initial_state,), biases)


def _run(s, reset_after):
    """The states h (T + 1, B, U), first h_0; each step's z, r, g and what g hears."""
    b, b_inner = s.bias if reset_after and s.bias is not None else (s.bias, 0)
    a = each_step(s.x, s.kernel, b)  # (T, B, 3 U), all but the recurrent part
    h = np.empty((len(a) + 1, *s.state[0].shape), a.dtype)
    h[0] = s.state[0]
    two = 2 * h.shape[-1]
    r_zr, r_g = s.recurrent_kernel[:, :two], s.recurrent_kernel[:, two:]
    # One array, views of which the loop fills: large blocks of memory come cheap.
    gates = np.empty((4, *a.shape[:2], h.shape[-1]), a.dtype)  # z r g heard
    with np.errstate(over="ignore"):  # exp(−a) = ∞ is right: σ is 0 there
        for t in range(len(a)):
            z, r, g, heard = gates[:, t]
            a_z, a_r, a_g = blocks(a[t], 3)
            if reset_after:
                h_z, h_r, h_g = blocks(h[t] @ s.recurrent_kernel + b_inner, 3)
            else:
                h_z, h_r = blocks(h[t] @ r_zr, 2)
            sigmoid(a_z + h_z, out=z)
            sigmoid(a_r + h_r, out=r)
            heard[:] = h_g if reset_after else r * h[t]
            np.tanh(a_g + (r * heard if reset_after else heard @ r_g), out=g)
            h[t + 1] = carry(s.seen, t, z * h[t] + (1 - z) * g, h[t])
    return h, gates


def _back_after(recurrent_kernel, h, gates, alpha, inner):
    """From α_z and α_g: α_r, the inner sums' derivatives, and α's way to h_{t−1}."""
    # a_g = x W_g + b_g + r q with q = h_{t−1} R_g + b'_g, so
    # α_r = α_g q r (1 − r),  dq = α_g r;  all of h_{t−1} R + b' gets (α_z, α_r, dq).
    _, r, _, q = gates
    a_z, a_r, a_g = blocks(alpha, 3)
    a_r[:] = a_g * q * r * (1 - r)
    inner[:] = alpha
    blocks(inner, 3)[2][:] = a_g * r
    return inner @ recurrent_kernel.T


def _back_before(recurrent_kernel, h, gates, alpha, inner):
    """The same where r acts first: R_g sees r h_{t−1}."""
    # a_g = x W_g + b_g + q R_g with q = r h_{t−1}, so dq = α_g R_gᵀ,
    # α_r = dq h_{t−1} r (1 − r), and h_{t−1} gets dq r beside (α_z, α_r) Rᵀ.
    _, r, _, _ = gates
    two = 2 * h.shape[-1]
    _, a_r, a_g = blocks(alpha, 3)
    dq = a_g @ recurrent_kernel[:, two:].T
    a_r[:] = dq * h * r * (1 - r)
    inner[:] = alpha
    return alpha[:, :two] @ recurrent_kernel[:, :two].T + dq * r
