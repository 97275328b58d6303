"""A clip as a picture: frames, sound and captions above each other on one clock."""

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.show.figure import new
from mmlearn.show.sound import draw_waveform


def clip(clip, captions=(), *, frames=6, title="", alt="", width=9.0):
    """Frames at the time they appear, the sound below, the captions below that.

    Args:
        clip: anything with frames (T, H, W, 3) uint8, times (T,) in s, sound (S, C) or
            None, sound_rate in Hz (`media.read_video` gives one); sound_start in s
            where the sound does not begin at 0.
        captions: (start, end, text) each, in s, as `media.read_subtitles` gives them.
        frames: how many are drawn, evenly over the clip.
        title: the figure's finding.
        alt: in words; by default lengths, rates and the captions.
        width: of the figure in inches.

    Returns:
        the Figure: three axes (two without sound or captions) that share time in s.
    """
    pictures, times = np.asarray(clip.frames), np.asarray(clip.times, float)
    sizes = expect_shape("clip", "frames", pictures, "T H W 3")
    expect_shape("clip", "times", times, "T", sizes=sizes)
    if not len(times):
        raise ValueError("clip: no frames; expected at least one")
    rows = 1 + (clip.sound is not None) + bool(len(captions))
    shown = min(frames, len(times))
    shape = sizes["H"] / sizes["W"]
    # As high as keeps a frame's shape, in rows of 1.15 in once labels have their room.
    heights = [0.94 * (width - 1.0) / shown * shape * 1.06 / 1.15]
    heights += [1.0] if clip.sound is not None else []
    heights += [0.5] if len(captions) else []
    end = _end(clip, times, captions)
    figure, axes = new(
        rows,
        1,
        size=(width, 1.4 * sum(heights) + 0.6),
        title=title,
        alt=alt or _alt(clip, sizes, end, captions),
        height_ratios=heights,
        sharex=True,
    )
    column = list(axes[:, 0])
    _frames(column[0], pictures, times, frames, end)
    if clip.sound is not None:
        mono = np.asarray(clip.sound, float).reshape(len(clip.sound), -1).mean(axis=1)
        start = float(getattr(clip, "sound_start", 0.0) or 0.0)
        draw_waveform(column[1], mono, clip.sound_rate, start)
        column[1].set_ylabel("amplitude\n(full scale = 1)")
    if len(captions):
        _captions(column[-1], captions)
    column[-1].set(xlabel="time (s)", xlim=(0, end))
    return figure


def _end(clip, times, captions):
    """When the last of the three is over, in s."""
    step = np.diff(times).mean() if len(times) > 1 else 1.0
    ends = [times[-1] + step, *(float(c[1]) for c in captions)]
    if clip.sound is not None:
        start = float(getattr(clip, "sound_start", 0.0) or 0.0)
        ends.append(start + len(clip.sound) / clip.sound_rate)
    return max(ends)


def _frames(ax, pictures, times, count, end):
    """Each frame begins, at its left edge, at its time on the axis."""
    count = min(count, len(times))
    chosen = np.unique(np.linspace(0, len(times) - 1, count + 1).astype(int)[:count])
    room = end / len(chosen)
    for k in chosen:
        box = (times[k], times[k] + 0.94 * room, 0, 1)
        ax.imshow(pictures[k], extent=box, aspect="auto", interpolation="bilinear")
    ax.vlines(times[chosen], 0, 1.06, color="black", linewidth=1.2)
    ax.set(ylim=(0, 1.06), yticks=[], ylabel="frame at\nits time")
    ax.grid(False)


def _captions(ax, captions):
    for start, end, text in captions:
        ax.barh(0, end - start, left=start, height=0.8, color="C2", alpha=0.35)
        ax.text((start + end) / 2, 0, text, ha="center", va="center", fontsize=10)
    ax.set(yticks=[], ylim=(-0.5, 0.5), ylabel="captions")


def _alt(clip, sizes, end, captions):
    text = f"A clip of {end:.3g} s: {sizes['T']} frames of {sizes['H']} × {sizes['W']}"
    if clip.sound is not None:
        text += f", sound at {clip.sound_rate:g} Hz"
    spoken = "; ".join(f"{c[0]:.2g}–{c[1]:.2g} s “{c[2]}”" for c in captions)
    return f"{text}. Captions: {spoken}." if spoken else f"{text}."
