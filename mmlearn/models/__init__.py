"""Models: composition only, of layers that Keras or `mmlearn.layers` has.

Each function returns a `keras.Model`, uncompiled, with named layers and logits out. The
seed fixes the initial weights; pixels are scaled before (`mmlearn.preprocess.images`).
"""

from mmlearn.models.audio import (
    audio_encoder,
    mean_over_time,
    spoken_digit_classifier,
)
from mmlearn.models.classifiers import (
    dense_classifier,
    hidden_units,
    small_cnn,
    softmax_regression,
)
from mmlearn.models.conv_lstm import conv_lstm
from mmlearn.models.dual_encoder import DualEncoder
from mmlearn.models.encoders import dense_head, image_encoder, vector_encoder
from mmlearn.models.frames import frame_classifier
from mmlearn.models.fused import fused_classifier
from mmlearn.models.fusions import fusion_layer, fusion_parameters, matched_units
from mmlearn.models.gaps import gap_classifier
from mmlearn.models.gcn import gcn
from mmlearn.models.multimodal import MultimodalModel
from mmlearn.models.ngrams import ngram_classifier
from mmlearn.models.opinions import feature_classifier, opinion_classifier
from mmlearn.models.sequence_model import SequenceModel
from mmlearn.models.sequences import conv1d_classifier, recurrent_classifier
from mmlearn.models.side_by_side import side_by_side
from mmlearn.models.skeletons import flat_rnn, flat_units, skeleton_network
from mmlearn.models.storyboard import storyboard_encoders, storyboard_model
from mmlearn.models.text import (
    character_model,
    masked_mean,
    mean_units,
    text_classifier,
    text_encoder,
)
from mmlearn.models.transformer import (
    attention_maps,
    spectrogram_front,
    transformer_block,
    transformer_classifier,
    transformer_encoder,
)
from mmlearn.models.video import (
    attention_over_time,
    cnn_gru,
    conv2plus1d,
    conv3d,
    frame_average,
    middle_channels,
)
from mmlearn.models.video_size import (
    multiply_adds,
    video_model,
    video_parameters,
    video_units,
)

__all__ = [
    "DualEncoder",
    "MultimodalModel",
    "SequenceModel",
    "attention_maps",
    "attention_over_time",
    "audio_encoder",
    "character_model",
    "cnn_gru",
    "conv1d_classifier",
    "conv2plus1d",
    "conv3d",
    "conv_lstm",
    "dense_classifier",
    "dense_head",
    "feature_classifier",
    "flat_rnn",
    "flat_units",
    "frame_average",
    "frame_classifier",
    "fused_classifier",
    "fusion_layer",
    "fusion_parameters",
    "gap_classifier",
    "gcn",
    "hidden_units",
    "image_encoder",
    "masked_mean",
    "matched_units",
    "mean_over_time",
    "mean_units",
    "middle_channels",
    "multiply_adds",
    "ngram_classifier",
    "opinion_classifier",
    "recurrent_classifier",
    "skeleton_network",
    "side_by_side",
    "small_cnn",
    "softmax_regression",
    "spectrogram_front",
    "spoken_digit_classifier",
    "storyboard_encoders",
    "storyboard_model",
    "text_classifier",
    "text_encoder",
    "transformer_block",
    "transformer_classifier",
    "transformer_encoder",
    "vector_encoder",
    "video_model",
    "video_parameters",
    "video_units",
]
