"""Stick figures: simulated bodies, in the format of the recorded ones.

The six actions are three pairs; the second of a pair is the first run backward. So a
single frame, and all frames together in any order, are as likely in both: what tells
them apart is the movement alone.
"""

import numpy as np

from mmlearn.datasets.card import DataError
from mmlearn.datasets.skeletons import JOINTS, Skeletons

ACTIONS = ("raise arm", "lower arm", "circle", "circle back", "sit down", "stand up")
FRAMES = (24, 48)  # the shortest and the longest sequence, at speed 1
DISTANCE = 2.7  # m from the camera
# Lengths of a body of about 1.7 m, in m.
THIGH, SHIN, FOOT, HIP = 0.42, 0.42, 0.12, 0.09
TORSO, NECK, HEAD, SHOULDER = 0.20, 0.30, 0.20, 0.18
UPPER_ARM, FOREARM, HAND = 0.27, 0.25, 0.09


def simulate_skeletons(
    *,
    takes=4,
    subjects=10,
    dimensions=3,
    noise=0.02,
    speed=1.0,
    amplitude=1.0,
    view=20.0,
    seed=0,
):
    """Make stick figures that raise and lower an arm, draw circles, sit and stand up.

    Origin: simulated by joint angles that go smoothly from one pose to another; bodies
        differ in size and in how far they move. The label is in the movement, never in
        a pose: each action is another one backward. Offline twin of `load_skeletons`.
    Licence and citation: CC BY 4.0, the mmlearn authors.

    Args:
        takes: how often each subject does each action. subjects: how many bodies.
        dimensions: D, 3, or 2 as a camera sees them: x and y only.
        noise: s.d. of each coordinate of each joint in each frame, m.
        speed: 2 takes half as many frames, 1 between 24 and 48.
        amplitude: 1 raises the arm overhead; at 0 nothing moves.
        view: the bodies are turned by up to so many degrees to either side.
        seed: of everything drawn.

    Returns:
        `Skeletons`, subjects × 6 × takes sequences (T, 20, D), ordered by action,
        subject and take; `.splits()` trains on the odd subjects, tests on the even.

    >>> bodies = simulate_skeletons(takes=1)
    >>> len(bodies), bodies.positions[0].shape[1:], bodies.action_names[0]
    (60, (20, 3), 'raise arm')
    """
    if dimensions not in (2, 3) or takes < 1 or subjects < 1 or not speed > 0:
        raise DataError(
            f"simulate_skeletons: dimensions {dimensions}, takes {takes}, subjects"
            f" {subjects}, speed {speed}; expected 2 or 3, 1 or more, 1 or more, > 0"
        )
    rows = np.array(
        [
            (action, subject, take)
            for action in range(len(ACTIONS))
            for subject in range(1, subjects + 1)
            for take in range(1, takes + 1)
        ],
        np.int64,
    )
    positions = []
    for action, subject, take in rows.tolist():
        person = np.random.default_rng([seed, subject])
        rng = np.random.default_rng([seed, subject, action, take])
        size, habit = person.uniform(0.85, 1.1), person.uniform(0.8, 1.1)
        frames = max(2, round(rng.integers(*FRAMES, endpoint=True) / speed))
        x = size * body(*angles(action, frames, amplitude * habit, rng))  # (T, J, 3)
        x = _turned(x, np.radians(view) * rng.uniform(-1, 1))
        x += [rng.normal(0, 0.1), 0, DISTANCE + rng.normal(0, 0.1)]
        x += noise * rng.standard_normal(x.shape)
        positions.append(x[..., :dimensions].astype(np.float32))
    return Skeletons(positions, rows[:, 0], rows[:, 1], rows[:, 2], ACTIONS)


def angles(action, frames, amplitude, rng):
    """What the joints do over time, for one action.

    Args:
        action: 0 … 5, as in ACTIONS. frames: T. amplitude: of the movement.
        rng: draws where the movement begins and ends, the circle's start, the sway.

    Returns:
        reach: (T, 3) unit vectors, where the right arm points; bend: (T,) rad, of the
        thighs against the vertical; sway: (T,) rad, of the other arm.
    """
    begin, end = rng.uniform(0, 0.25), rng.uniform(0.75, 1)
    time = np.linspace(0, 1, frames)
    part = np.clip((time - begin) / (end - begin), 0, 1)
    part = part**2 * (3 - 2 * part)  # from rest to rest
    pair, backward = divmod(action, 2)
    part = 1 - part if backward else part
    rise, bend = (
        np.full(frames, 0.15),
        np.zeros(frames),
    )  # the arm hangs, the knee's straight
    if pair == 0:
        rise = 0.15 + 2.6 * amplitude * part
    if pair == 2:
        bend = 1.3 * min(amplitude, 1.2) * part
    reach = np.stack([np.sin(rise), -np.cos(rise), -0.1 + 0 * rise], axis=1)
    if pair == 1:
        turn = 2 * np.pi * (rng.uniform() + 1.5 * part)
        radius = 0.6 * amplitude
        reach = np.stack(
            [radius * np.sin(turn), radius * np.cos(turn), -np.ones(frames)], axis=1
        )
    sway = 0.06 * np.sin(2 * np.pi * (rng.uniform(0.5, 1.5) * time + rng.uniform()))
    return reach / np.linalg.norm(reach, axis=1, keepdims=True), bend, sway


def body(reach, bend, sway):
    """Place the joints, from the feet upward; the body looks along -z, to the camera.

    Args:
        reach, bend, sway: see `angles`.

    Returns:
        (T, 20, 3) m, y = 0 at the height of a standing body's pelvis.
    """
    frames = len(bend)
    at: dict[str, np.ndarray] = {}
    zero = np.zeros(frames)
    # Sitting, the pelvis goes down and back; the feet stay.
    drop, back = THIGH * (1 - np.cos(bend)), THIGH * np.sin(bend)
    at["pelvis"] = np.stack([zero, -drop, back], axis=1)
    lean = 0.35 * np.sin(bend)  # forward, so as not to fall
    up = np.stack([zero, np.cos(lean), -np.sin(lean)], axis=1)
    at["spine"] = at["pelvis"] + TORSO * up
    at["neck"] = at["spine"] + NECK * up
    at["head"] = at["neck"] + HEAD * up
    hang = np.stack([-0.15 + sway, -np.ones(frames), -0.1 + sway], axis=1)
    hang /= np.linalg.norm(hang, axis=1, keepdims=True)
    thigh = np.stack([zero, -np.cos(bend), -np.sin(bend)], axis=1)
    for side, sign, arm in (("left", -1, hang), ("right", 1, reach)):
        outward = np.array([sign, 0.0, 0.0])
        at[f"{side} shoulder"] = at["neck"] + SHOULDER * outward - 0.04 * up
        at[f"{side} elbow"] = at[f"{side} shoulder"] + UPPER_ARM * arm
        at[f"{side} wrist"] = at[f"{side} elbow"] + FOREARM * arm
        at[f"{side} hand"] = at[f"{side} wrist"] + HAND * arm
        at[f"{side} hip"] = at["pelvis"] + HIP * outward
        at[f"{side} knee"] = at[f"{side} hip"] + THIGH * thigh
        at[f"{side} ankle"] = at[f"{side} knee"] + [0, -SHIN, 0]
        at[f"{side} foot"] = at[f"{side} ankle"] + [0, -0.05, -FOOT]
    return np.stack([at[name] for name in JOINTS], axis=1)  # (T, J, 3)


def _turned(x, angle):
    """Points turned about the vertical."""
    cos, sin = np.cos(angle), np.sin(angle)
    return x @ np.array([[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]])
