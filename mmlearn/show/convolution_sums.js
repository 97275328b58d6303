// The arithmetic of a convolution layer on one channel: sizes, padding, taps, sums.
// `how` is {strides, padding, dilation_rate}, named and meant as in Keras.

/** Cells from a window's first tap to its last, both counted. */
export const span = (k, dilation) => dilation * (k - 1) + 1;

/** Size of the output along one axis of n cells; 0 where no window fits. */
export function outputSize(n, k, { strides, padding, dilation_rate }) {
  if (padding === "same") return Math.ceil(n / strides);
  return Math.max(0, Math.floor((n - span(k, dilation_rate)) / strides) + 1);
}

/** Zeros added [before, after] an axis, as Keras does: the odd one comes after. */
export function padding(n, k, how) {
  if (how.padding === "valid") return [0, 0];
  const reach = (outputSize(n, k, how) - 1) * how.strides + span(k, how.dilation_rate);
  const total = Math.max(0, reach - n);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** The taps of output pixel (r, c): where each looks, what it sees, its weight. */
export function taps(image, kernel, r, c, how) {
  const [top] = padding(image.length, kernel.length, how);
  const [left] = padding(image[0].length, kernel[0].length, how);
  return kernel.flatMap((weights, a) =>
    weights.map((weight, b) => {
      const row = r * how.strides + a * how.dilation_rate - top;
      const column = c * how.strides + b * how.dilation_rate - left;
      const value = image[row]?.[column];
      return { row, column, weight, value: value ?? 0, padded: value === undefined };
    }),
  );
}

/** y[r, c] = Σ x[r·s + a·d − top, c·s + b·d − left] · kernel[a, b]  (bias not added). */
export const sum = (list) => list.reduce((total, t) => total + t.value * t.weight, 0);

/** The whole output map. */
export function convolve(image, kernel, bias, how) {
  const rows = outputSize(image.length, kernel.length, how);
  const columns = outputSize(image[0].length, kernel[0].length, how);
  const range = (n) => Array.from({ length: n }, (_, i) => i);
  return range(rows).map((r) =>
    range(columns).map((c) => bias + sum(taps(image, kernel, r, c, how))),
  );
}
