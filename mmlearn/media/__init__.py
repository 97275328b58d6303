"""Files to arrays and back: sound, images, video with its sound, text.

What cannot be read or written raises `MediaError` with one sentence that names the
file and the cause; a file is written whole or not at all.
"""

from mmlearn.media.arriving import camera, pieces
from mmlearn.media.files import MediaError
from mmlearn.media.header import VideoInfo, probe
from mmlearn.media.image import read_image, write_image
from mmlearn.media.subtitles import Caption, read_subtitles, write_subtitles
from mmlearn.media.text import read_text
from mmlearn.media.video import Clip, frames, read_video
from mmlearn.media.video_writer import write_video
from mmlearn.media.wav import read_wav, write_wav

__all__ = [
    "Caption",
    "Clip",
    "MediaError",
    "VideoInfo",
    "camera",
    "frames",
    "pieces",
    "probe",
    "read_image",
    "read_subtitles",
    "read_text",
    "read_video",
    "read_wav",
    "write_image",
    "write_subtitles",
    "write_video",
    "write_wav",
]
