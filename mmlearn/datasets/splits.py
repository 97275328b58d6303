"""Divide a data set into parts that share nothing: stratified, or group by group."""

import numpy as np


def stratified_split(y, sizes, seed=0):
    """Split samples so that each part has the whole's class proportions.

    Class k has n_k of the N samples; a part of s samples gets n_k s / N of them,
    rounded down or up such that every part has exactly its size.

    Args:
        y: (N,) labels of any kind that sorts.
        sizes: samples in each part, integers that sum to N.
        seed: fixes who goes where, for good: the raw PCG64 stream does not change
            between NumPy versions.

    Returns:
        list of int64 arrays of indices, one for each part, ascending; together they
        hold each of 0 … N − 1 once.

    Raises:
        ValueError: if the sizes are negative or do not sum to N.

    >>> train, test = stratified_split(np.array([0, 0, 0, 0, 1, 1]), [3, 3])
    >>> len(train), len(test)
    (3, 3)
    """
    y = _checked_labels("stratified_split: y", y)
    sizes = _checked_sizes("stratified_split", sizes, len(y), "samples")
    classes, counts = np.unique(y, return_counts=True)
    table = round_table(np.outer(counts, sizes), len(y))  # (K, parts)
    order = _shuffled(len(y), seed)
    empty = np.zeros(0, np.int64)
    parts = [[empty] for _ in sizes]
    for k, row in zip(classes, table, strict=True):
        members = order[y[order] == k]
        for part, chunk in zip(
            parts, np.split(members, row.cumsum()[:-1]), strict=True
        ):
            part.append(chunk)
    return [np.sort(np.concatenate(part)) for part in parts]


def group_split(groups, sizes, seed=0):
    """Split samples so that no group (a speaker, a video) is in two parts.

    Args:
        groups: (N,) the group of each sample.
        sizes: *groups* in each part, integers that sum to the number of groups.
        seed: fixes which group goes where.

    Returns:
        list of int64 arrays of indices, one for each part, ascending.

    Raises:
        ValueError: if the sizes are negative or do not sum to the number of groups.

    >>> group_split(["ann", "bob", "ann", "eve"], [2, 1], seed=1)
    [array([0, 2, 3]), array([1])]
    """
    groups = _checked_labels("group_split: groups", groups)
    names, member_of = np.unique(groups, return_inverse=True)
    sizes = _checked_sizes("group_split", sizes, len(names), "groups")
    order = _shuffled(len(names), seed)
    chosen = np.split(order, sizes.cumsum()[:-1])
    return [np.flatnonzero(np.isin(member_of, part)) for part in chosen]


def few_labels_split(y, labels, validation, test=None, *, seed=0):
    """Masks for learning from few labels: as many of each class, the rest drawn freely.

    Args:
        y: (N,) labels.
        labels: how many of each class train.
        validation: how many of the others validate.
        test: how many of the others test; by default all that are left.
        seed: fixes who goes where, for good.

    Returns:
        (3, N) bool: train, validation, test; no sample is in two of them.

    Raises:
        ValueError: if a class, or the whole, has too few samples.

    >>> few_labels_split(np.array([0, 0, 1, 1, 1]), 1, 1).sum(axis=1)
    array([2, 1, 2])
    """
    y = _checked_labels("few_labels_split: y", y)
    order = _shuffled(len(y), seed)
    classes, counts = np.unique(y, return_counts=True)
    if labels < 1 or labels > counts.min(initial=len(y)):
        raise ValueError(
            f"few_labels_split: labels is {labels}; expected 1 to {counts.min()}, the"
            " size of the smallest class"
        )
    chosen = np.concatenate([order[y[order] == k][:labels] for k in classes])
    others = order[~np.isin(order, chosen)]
    test = len(others) - validation if test is None else test
    if validation < 0 or test < 0 or validation + test > len(others):
        raise ValueError(
            f"few_labels_split: {validation} to validate and {test} to test; there are"
            f" {len(others)} beside the {len(chosen)} labelled"
        )
    masks = np.zeros((3, len(y)), bool)
    masks[0, chosen] = True
    masks[1, others[:validation]] = True
    masks[2, others[validation : validation + test]] = True
    return masks


def round_table(table, divisor):
    """Round table / divisor to integers that keep every row's and every column's sum.

    Each entry goes to its floor or its ceiling. An entry with a fraction has another in
    its row and another in its column (the sums are whole), so such entries form cycles;
    moving the same amount around a cycle, + − + −, keeps all sums and makes at least
    one entry whole. All in integers, so exact.

    Args:
        table: (rows, columns) integers whose row and column sums divisor divides.
        divisor: a positive integer.

    Returns:
        (rows, columns) int64.

    Source: the argument of Bacharach (1966), Matrix rounding problems, Management
    Science 12(9).

    >>> round_table(np.array([[3, 3], [3, 3]]), 2).sum(axis=0)
    array([3, 3])
    """
    table = np.array(table, np.int64)
    divisor = max(divisor, 1)
    while (table % divisor).any():
        cycle = _cycle(table % divisor != 0)
        up, down = cycle[::2], cycle[1::2]
        rise = min(divisor - table[cell] % divisor for cell in up)
        fall = min(table[cell] % divisor for cell in down)
        for cell in cycle:
            table[cell] += min(rise, fall) * (1 if cell in up else -1)
    return table // divisor


def _cycle(fractional):
    """Cells of a cycle that turns alternately along rows and along columns."""
    row = int(np.flatnonzero(fractional.any(axis=1))[0])
    column = int(np.flatnonzero(fractional[row])[0])
    path = [(row, column)]
    while True:
        along_row = len(path) % 2 == 1
        line = fractional[row] if along_row else fractional[:, column]
        here = column if along_row else row
        there = next(int(i) for i in np.flatnonzero(line) if i != here)
        row, column = (row, there) if along_row else (there, column)
        if (row, column) in path:
            start = path.index((row, column))
            return path[start + (len(path) - start) % 2 :]
        path.append((row, column))


def _checked_labels(what, labels):
    labels = np.asarray(labels)
    if labels.ndim != 1:
        raise ValueError(f"{what} is {labels.shape}; expected (N,) labels")
    return labels


def _checked_sizes(where, sizes, total, what):
    sizes = np.asarray(sizes)
    if sizes.ndim != 1 or sizes.dtype.kind not in "iu" or (sizes < 0).any():
        raise ValueError(
            f"{where}: sizes {sizes}; expected whole numbers, none negative"
        )
    if sizes.sum() != total:
        raise ValueError(
            f"{where}: sizes sum to {sizes.sum()}; there are {total} {what}"
        )
    return sizes.astype(np.int64)


def _shuffled(n, seed):
    """0 … n − 1 in an order of the seed's."""
    return np.argsort(np.random.PCG64(seed).random_raw(n), kind="stable")
