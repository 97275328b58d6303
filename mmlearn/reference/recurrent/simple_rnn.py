"""The simple recurrent network: one state, one equation, the same at every step."""

import numpy as np

from mmlearn.reference.recurrent.sequence import (
    answer,
    carry,
    each_step,
    input_gradients,
    read,
    sum_of_products,
    upstream_steps,
)


def simple_rnn(
    x,
    kernel,
    recurrent_kernel,
    bias=None,
    *,
    mask=None,
    initial_state=None,
    return_sequences=False,
):
    """Read a sequence step by step: h_t = tanh(x_t W + h_{t−1} R + b), h_0 = 0.

    Args:
        x: (B, T, F) sequences.
        kernel: (F, U) weights W of the input.
        recurrent_kernel: (U, U) weights R of the state.
        bias: (U,) offsets b, or None for none.
        mask: (B, T), True where a step counts. Elsewhere h_t = h_{t−1}, whatever x
            holds; a sequence with no step at all stays at h_0.
        initial_state: (B, U) h_0, by default zeros.
        return_sequences: False: y = h_T; True: y_t = h_t of every step.

    Returns:
        y: (B, U), or (B, T, U), and its pullback: dy -> dx, dkernel,
        drecurrent_kernel, dbias.

    Raises:
        ShapeError, ValueError: saying which argument does not fit, and what would.

    >>> x, one = np.array([[[1.0], [0.0], [0.0]]]), np.ones((1, 1))
    >>> simple_rnn(x, one, one, return_sequences=True)[0].ravel().round(3)
    array([0.762, 0.642, 0.566])

    Source: J. L. Elman, *Finding structure in time*, Cognitive Science 14, 1990.
    """
    arrays = (x, kernel, recurrent_kernel, bias)
    s = read("simple_rnn", "h", arrays, mask, (initial_state,))
    steps = len(s.x)
    a = each_step(s.x, s.kernel, s.bias)  # (T, B, U), all but the recurrent part
    h = np.empty((steps + 1, *s.state[0].shape), a.dtype)  # (T + 1, B, U), h_0 first
    h[0] = s.state[0]
    for t in range(steps):
        h[t + 1] = carry(s.seen, t, np.tanh(a[t] + h[t] @ s.recurrent_kernel), h[t])
    y = answer(h, return_sequences)

    def pullback(dy):
        dys = upstream_steps("simple_rnn", dy, y, steps)
        alpha = _through_time(s, dys, h)
        dx, dkernel, dbias = input_gradients(s, alpha)
        drecurrent = sum_of_products(h[:-1], alpha)
        return dx, dkernel, drecurrent, None if bias is None else dbias

    return y, pullback


def _through_time(s, dys, h):
    """α_t = dL/da_t of every step (T, B, U), from the last to the first."""
    # Two kinds of derivative, kept apart. δ_t = dL/dh_t is TOTAL: what L does when h_t
    # is moved and all that is computed from it moves along. ∂ is PARTIAL: one equation,
    # what else stands in it held fixed. h_t enters two equations, y_t = h_t and that of
    # h_{t+1}, so, from the last step to the first,
    # δ_t = dy_t + δ_{t+1} ∂h_{t+1}/∂h_t,  δ_{T+1} = 0.
    # With a_t = x_t W + h_{t−1} R + b and h_t = tanh(a_t):
    # α_t = dL/da_t = δ_t (1 − h_t²)     (a_t enters h_t alone)
    # δ_{t+1} ∂h_{t+1}/∂h_t = α_{t+1} Rᵀ
    # W, R and b enter every a_t: their total derivative sums the partial ones,
    # dW = Σ_t x_tᵀ α_t,  dR = Σ_t h_{t−1}ᵀ α_t,  db = Σ_t α_t;  dx_t = α_t Wᵀ.
    # Where the mask is False, ∂h_t/∂h_{t−1} = 1 and α_t = 0.
    alpha = np.empty_like(h[1:])
    later = np.zeros_like(h[0])  # δ_{t+1} ∂h_{t+1}/∂h_t
    for t in reversed(range(len(alpha))):
        delta = dys[t] + later
        alpha[t] = carry(s.seen, t, delta * (1 - h[t + 1] ** 2), 0)
        later = carry(s.seen, t, alpha[t] @ s.recurrent_kernel.T, delta)
    return alpha
