"""Figures, players and widgets: arrays in, pictures out.

Every figure function takes `title=` (state the finding) and `alt=` (in words, for who
cannot see it; a sensible one is made otherwise) and returns a `Figure`, which shows
itself when it is a cell's last value.
"""

from mmlearn.show.alias import AliasWidget
from mmlearn.show.arrays import draw_numbers, feature_maps, images, kernels, numbers
from mmlearn.show.attention import AttentionWidget, attention_maps
from mmlearn.show.backward import BackwardWidget
from mmlearn.show.blueprint import BlueprintWidget
from mmlearn.show.clip import clip
from mmlearn.show.contrast import ContrastWidget
from mmlearn.show.convolution import KERNELS, ConvolutionWidget
from mmlearn.show.course_map import course_map
from mmlearn.show.descent import DescentWidget
from mmlearn.show.figure import Figure, figure, new, style
from mmlearn.show.fusing import FusingWidget
from mmlearn.show.gates import gates
from mmlearn.show.graph import graph
from mmlearn.show.judgement import attributions, mistakes, reliability
from mmlearn.show.memory import MemoryWidget
from mmlearn.show.messages import MessagesWidget, draw_messages
from mmlearn.show.multisets import MultisetWidget, draw_star
from mmlearn.show.play import Player, play, video
from mmlearn.show.rank import RankWidget
from mmlearn.show.rare import RareClassWidget
from mmlearn.show.recurrence import RecurrenceWidget
from mmlearn.show.sampler import SamplerWidget
from mmlearn.show.skeleton import draw_skeleton, skeletons
from mmlearn.show.skeleton_widget import SkeletonWidget
from mmlearn.show.softmax import SoftmaxWidget
from mmlearn.show.sound import spectrogram, spectrum, waveform
from mmlearn.show.storyboard import storyboard
from mmlearn.show.system import system
from mmlearn.show.text import token_grid, word_by_word, word_plane
from mmlearn.show.training import confusion, curves, interval
from mmlearn.show.unrolled import gradient_lengths, states, unrolled
from mmlearn.show.verdicts import VerdictWidget
from mmlearn.show.worlds import expert_guesses, information_worlds
from mmlearn.show.writing import WritingWidget

__all__ = [
    "BlueprintWidget",
    "KERNELS",
    "AliasWidget",
    "AttentionWidget",
    "BackwardWidget",
    "ContrastWidget",
    "ConvolutionWidget",
    "DescentWidget",
    "Figure",
    "FusingWidget",
    "MemoryWidget",
    "MessagesWidget",
    "MultisetWidget",
    "Player",
    "RankWidget",
    "RareClassWidget",
    "RecurrenceWidget",
    "SamplerWidget",
    "SkeletonWidget",
    "SoftmaxWidget",
    "VerdictWidget",
    "attention_maps",
    "WritingWidget",
    "attributions",
    "clip",
    "confusion",
    "course_map",
    "curves",
    "draw_messages",
    "draw_numbers",
    "draw_skeleton",
    "draw_star",
    "expert_guesses",
    "feature_maps",
    "figure",
    "gates",
    "gradient_lengths",
    "graph",
    "images",
    "information_worlds",
    "interval",
    "kernels",
    "mistakes",
    "new",
    "numbers",
    "play",
    "reliability",
    "skeletons",
    "spectrogram",
    "spectrum",
    "states",
    "storyboard",
    "style",
    "system",
    "token_grid",
    "unrolled",
    "video",
    "waveform",
    "word_by_word",
    "word_plane",
]
