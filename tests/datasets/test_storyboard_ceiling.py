"""The best possible accuracy: against enumeration, simulation, and by hand."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.tree import DecisionTreeClassifier

from mmlearn.datasets import DataError
from mmlearn.datasets import storyboard as sb
from mmlearn.datasets.storyboard import script

EVEN = dict.fromkeys(sb.MODALITIES, 0.3)
NONE = dict.fromkeys(sb.MODALITIES, 0.0)
MIXED = sb.Dials(
    noise={"sound": 0.3, "text": 0.1, "video": 0.2},
    redundancy=0.4,
    uniqueness=0.3,
    synergy=0.6,
    imbalance=3,
    missing={"sound": 0.3, "video": 0.2},
)
shares = st.floats(0, 1)


def enumerated(dials, count, carriers, home):
    """p(o | z = 1), by going through every draw that `script.copy` may make."""
    found = np.zeros((count,) * len(carriers))
    coin = [(True, 1.0), (False, 0.0)]
    anything = list(itertools.product(range(count), repeat=len(carriers)))
    for (cipher, _), (alone, _), (together, _) in itertools.product(coin, repeat=3):
        chance = dials.synergy if cipher else 1 - dials.synergy
        chance *= dials.uniqueness if alone else 1 - dials.uniqueness
        chance *= dials.redundancy if together else 1 - dials.redundancy
        for key, others in itertools.product(range(count), anything):
            shown = []
            for m, other in zip(carriers, others, strict=True):
                half = (1 - key if m in ("video", "graph") else key) if cipher else 1
                shown.append(other if alone and not cipher and m != home else half)
            for steps, likely in errors(dials, count, carriers, together, anything):
                copies = tuple(
                    (s + e) % count for s, e in zip(shown, steps, strict=True)
                )
                found[copies] += chance * likely / count / len(anything)
    return found


def errors(dials, count, carriers, together, anything):
    """Who is off by how much, and how likely that is."""
    levels = [dials.noise[m] for m in carriers]
    if not together:
        for steps in anything:
            wrong = [
                e / (count - 1) if s else 1 - e
                for s, e in zip(steps, levels, strict=True)
            ]
            yield steps, np.prod(wrong)
        return
    cuts = sorted({0.0, 1.0, *levels})
    for low, high in itertools.pairwise(cuts):
        for step in range(1, count):
            off = tuple(step * (0.5 * (low + high) < e) for e in levels)
            yield off, (high - low) / (count - 1)


@pytest.mark.parametrize(
    ("name", "dials"),
    [
        ("target", MIXED),
        ("target", sb.Dials(noise={"graph": 0.5}, redundancy=1)),
        ("tone", MIXED),
    ],
)
def test_the_likelihood_is_that_of_every_draw_gone_through(name, dials):
    variable = sb.VARIABLES[name]
    expected = enumerated(dials, 3, variable.carriers, variable.home)
    assert expected.sum() == pytest.approx(1)
    found = sb.likelihood(dials, name, sb.MODALITIES)
    np.testing.assert_allclose(found[1], expected, atol=1e-12)
    # who looks at fewer sees the sum over the others
    one = sb.likelihood(dials, name, [variable.carriers[0]])[1]
    rest = tuple(range(1, len(variable.carriers)))
    np.testing.assert_allclose(one, expected.sum(axis=rest), atol=1e-12)


@pytest.mark.parametrize("dials", [sb.Dials(), MIXED], ids=["default", "mixed"])
def test_the_bayes_classifier_on_simulated_scripts_reaches_it(dials):
    n, rng = 10_000, np.random.default_rng(0)
    drawn = sb.draw(n, dials, rng)
    labels = drawn.labels()
    there = {m: rng.random(n) >= dials.missing[m] for m in sb.MODALITIES}
    for task in sb.TASKS:
        for looked in (["text", "video"], sb.MODALITIES):
            said = sb.predict(dials, task, drawn, looked, there)
            if task == "sentiment":
                wrong = (said - labels[task]) ** 2
                least = sb.least_error(dials, looked)
                assert abs(wrong.mean() - least) < 4 * wrong.std() / n**0.5
                continue
            best = sb.ceiling(dials, task, looked)
            spread = (best * (1 - best) / n) ** 0.5
            assert abs((said == labels[task]).mean() - best) < 4 * spread + 1e-9, task


@pytest.mark.parametrize("task", ["next", "anomaly", "sentiment"])
def test_who_learns_from_the_copies_comes_near_and_not_above(task):
    """An oracle that knows no formula: a tree grown on drawn copies."""
    rng = np.random.default_rng(1)
    rows = []
    for n in (20_000, 8_000):
        drawn = sb.draw(n, MIXED, rng)
        told = [
            np.eye(6, dtype=bool)[drawn.copies[m][name]]
            for name in sb.TASKS[task]
            for m in sb.VARIABLES[name].carriers
        ]
        y = drawn.labels()[task]
        rows += [np.concatenate(told, axis=1), y > 0 if task == "sentiment" else y]
    whole = sb.Dials(**{**MIXED.as_dict(), "missing": {}})
    x, y, test, labels = rows
    tree = DecisionTreeClassifier(min_samples_leaf=20, random_state=0).fit(x, y)
    best = sb.ceiling(whole, task)
    assert best - 0.02 < tree.score(test, labels) < best + 0.015


@settings(max_examples=15, deadline=None)
@given(
    st.tuples(*[shares] * 4),
    shares, shares, shares,
    st.floats(0.2, 5),
    st.sampled_from(["class", "next", "anomaly", "sentiment"]),
)  # fmt: skip
def test_another_modality_never_lowers_it(
    noise, redundancy, uniqueness, synergy, imbalance, task
):
    dials = sb.Dials(
        noise=dict(zip(sb.MODALITIES, noise, strict=True)),
        redundancy=redundancy,
        uniqueness=uniqueness,
        synergy=synergy,
        imbalance=imbalance,
        missing={"video": 0.5},
    )
    before, error = 0.0, np.inf
    for k in range(5):
        now = sb.ceiling(dials, task, sb.MODALITIES[:k])
        assert before - 1e-12 <= now <= 1 + 1e-12
        least = sb.least_error(dials, sb.MODALITIES[:k])
        assert least <= error + 1e-12
        before, error = now, least
    assert sb.bayes_gain(dials, task) >= -1e-12


def test_the_default_dials_have_gains_and_one_task_without():
    gains = {task: sb.bayes_gain(sb.Dials(), task) for task in sb.TASKS}
    assert gains.pop("scene") == pytest.approx(0, abs=1e-12)
    assert min(gains.values()) > 0.03
    a, b = 0.1, 0.15  # of video and sound
    assert sb.ceiling(sb.Dials(), "anomaly") == pytest.approx((1 - a) * (1 - b) + a * b)
    assert sb.ceiling(sb.Dials(), "class", ["sound"]) == pytest.approx(0.85)
    assert sb.least_error(sb.Dials(), []) == pytest.approx(sb.SCORES.var())


def test_redundancy_leaves_nothing_to_gain():
    dials = sb.Dials(noise=EVEN, redundancy=1)
    for task in ("class", "action", "next", "scene"):
        assert sb.bayes_gain(dials, task) == pytest.approx(0, abs=1e-12)
    assert sb.bayes_gain(sb.Dials(noise=EVEN), "class") > 0.1


def test_uniqueness_leaves_each_variable_to_its_own_modality():
    dials = sb.Dials(uniqueness=1)
    for task in ("class", "action", "next", "scene"):
        variable = sb.VARIABLES[sb.TASKS[task][0]]
        for m in sb.MODALITIES:
            best = sb.ceiling(dials, task, [m])
            at_home = 1 - dials.noise[m]
            chance = 1 / len(variable.values)
            assert best == pytest.approx(at_home if m == variable.home else chance)
        assert sb.bayes_gain(dials, task) == pytest.approx(0, abs=1e-12)


def test_synergy_hides_all_from_each_and_nothing_from_both():
    dials = sb.Dials(noise=NONE, synergy=1)
    for task in ("class", "action", "next", "anomaly"):
        count = len(sb.VARIABLES[sb.TASKS[task][0]].values)
        for m in sb.MODALITIES:
            assert sb.ceiling(dials, task, [m]) == pytest.approx(1 / count)
        assert sb.ceiling(dials, task, ["graph", "video"]) == pytest.approx(1 / count)
        assert sb.ceiling(dials, task) == pytest.approx(1)


def test_missing_imbalance_and_useless_copies():
    gone = sb.Dials(missing={"video": 1.0})
    assert sb.ceiling(gone, "scene") == pytest.approx(0.25)
    half = sb.Dials(missing={"video": 0.5})
    assert sb.ceiling(half, "scene") == pytest.approx(0.5 * 0.25 + 0.5 * 0.9)
    rare = sb.Dials(imbalance=9)
    assert sb.ceiling(rare, "anomaly", []) == pytest.approx(0.9)
    np.testing.assert_allclose(
        script.prior("digit", rare)[[0, 9]] @ [1, -9], 0, atol=1e-12
    )
    noise = sb.Dials(noise=dict.fromkeys(sb.MODALITIES, 0.9))  # of ten: chance
    assert sb.ceiling(noise, "class") == pytest.approx(0.1)


def test_what_happens_next_is_known_once_the_digit_turned():
    dials = sb.Dials()
    known = [sb.ceiling(dials, "next", seen=n) for n in range(1, sb.FRAMES + 1)]
    assert known == sorted(known) and known[0] == known[2] == pytest.approx(1 / 3)
    assert known[-1] == pytest.approx(sb.ceiling(dials, "next"))
    early = 1 / 6  # of the turns, the first
    assert known[3] == pytest.approx(early * known[-1] + (1 - early) / 3)
    assert sb.ceiling(dials, "class", seen=1) == sb.ceiling(dials, "class")


def test_impossible_dials_and_names_are_refused():
    for wrong in (
        {"noise": {"image": 0.1}},
        {"noise": {"video": 1.2}},
        {"missing": {"text": -0.1}},
        {"synergy": 2},
        {"imbalance": 0},
        {"offset": 0.5},
        {"shift": float("nan")},
    ):
        with pytest.raises(DataError, match="expected"):
            sb.Dials(**wrong)
    with pytest.raises(DataError, match="no task 'mood'; there are class, action"):
        sb.ceiling(sb.Dials(), "mood")
    with pytest.raises(DataError, match="expected some of graph, sound, text, video"):
        sb.ceiling(sb.Dials(), "class", ["image"])
    with pytest.raises(DataError, match="modalities are 'video'"):
        sb.ceiling(sb.Dials(), "class", "video")
