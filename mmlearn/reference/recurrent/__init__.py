"""Recurrent networks: one equation, the same weights, at every step of a sequence.

Each operator's pullback is backpropagation through time: the same loop, backwards.
"""

from .gru import gru, gru_gates
from .lstm import lstm, lstm_gates
from .simple_rnn import simple_rnn

__all__ = ["gru", "gru_gates", "lstm", "lstm_gates", "simple_rnn"]
