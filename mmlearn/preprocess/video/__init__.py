"""Video to one format: frames chosen, one rate, and all modalities on one clock.

`one_clock` for a clip in memory, `stream` for a file of any length or a camera.
"""

from mmlearn.preprocess.images import resize
from mmlearn.preprocess.video.clock import Aligned, align, one_clock, to_frame_rate
from mmlearn.preprocess.video.flow import optical_flow
from mmlearn.preprocess.video.sampling import crop_clips, fit_frames, sample_frames
from mmlearn.preprocess.video.windows import Window, stream

__all__ = [
    "Aligned",
    "Window",
    "align",
    "crop_clips",
    "fit_frames",
    "one_clock",
    "optical_flow",
    "resize",
    "sample_frames",
    "stream",
    "to_frame_rate",
]
