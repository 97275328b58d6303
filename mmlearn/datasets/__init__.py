"""What was recorded: loaders, the registry, download and checks, splits.

    from mmlearn import datasets
    splits = datasets.load_digits()         # no network needed
    splits = datasets.load_mnist()          # downloaded once, checked each time

Each loader's docstring is the data set's card: origin, licence, citation, shapes.
"""

from mmlearn.datasets.av_digits import load_av_digits, load_small_av_digits
from mmlearn.datasets.clip import ShippedClip, load_clip
from mmlearn.datasets.clips import Fights, SpokenSentences, load_fights, load_grid
from mmlearn.datasets.digits import load_digits
from mmlearn.datasets.download import fetch
from mmlearn.datasets.graphs import Graph, load_digits_graph, load_karate_club
from mmlearn.datasets.idx import read_idx
from mmlearn.datasets.integrity import Finding, verify
from mmlearn.datasets.mnist import load_mnist
from mmlearn.datasets.mnist1d import load_mnist1d
from mmlearn.datasets.mosi import Opinions, load_mosi
from mmlearn.datasets.moves import Moves, simulate_moves
from mmlearn.datasets.planetoid import load_cora
from mmlearn.datasets.registry import DataError, Entry, File, entries, entry
from mmlearn.datasets.reviews import (
    Reviews,
    load_movie_reviews,
    load_reviews,
    load_text,
)
from mmlearn.datasets.simulated_modalities import (
    SimulatedModalities,
    simulate_modalities,
)
from mmlearn.datasets.simulated_sequences import (
    SimulatedRelation,
    simulate_offset,
    simulate_parity,
    simulate_pointer,
    simulate_trust,
)
from mmlearn.datasets.skeletons import Skeletons, load_skeletons
from mmlearn.datasets.speech import (
    SpokenDigits,
    load_fsdd,
    load_spoken_digits,
)
from mmlearn.datasets.splits import few_labels_split, group_split, stratified_split
from mmlearn.datasets.stick_figures import simulate_skeletons
from mmlearn.datasets.storage import data_home
from mmlearn.datasets.storyboard import load_storyboard
from mmlearn.datasets.ucf101 import (
    FrameFeatures,
    load_ucf101_features,
    pack_ucf101_features,
)

__all__ = [
    "DataError",
    "Entry",
    "Fights",
    "File",
    "Finding",
    "FrameFeatures",
    "Graph",
    "Moves",
    "Opinions",
    "Reviews",
    "ShippedClip",
    "SimulatedModalities",
    "SimulatedRelation",
    "Skeletons",
    "SpokenDigits",
    "SpokenSentences",
    "data_home",
    "entries",
    "entry",
    "fetch",
    "few_labels_split",
    "group_split",
    "load_av_digits",
    "load_clip",
    "load_cora",
    "load_digits",
    "load_digits_graph",
    "load_fights",
    "load_fsdd",
    "load_grid",
    "load_karate_club",
    "load_mnist",
    "load_mnist1d",
    "load_mosi",
    "load_movie_reviews",
    "load_reviews",
    "load_skeletons",
    "load_small_av_digits",
    "load_spoken_digits",
    "load_storyboard",
    "load_text",
    "load_ucf101_features",
    "pack_ucf101_features",
    "read_idx",
    "simulate_modalities",
    "simulate_moves",
    "simulate_offset",
    "simulate_parity",
    "simulate_pointer",
    "simulate_skeletons",
    "simulate_trust",
    "stratified_split",
    "verify",
]
