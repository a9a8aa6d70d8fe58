"""The network: an LSTM that reads a lead sheet token by token, beside four numbers that say how it shall sound."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call

from moodtrain.composer.condition import NAMES
from moodtrain.composer.vocabulary import WORDS

State = tuple[Tensor, Tensor]  # h and c, each layers x N x hidden


@dataclass(frozen=True)
class Shape:
    """How large the network is."""

    embedding: int = 128
    hidden: int = 256
    layers: int = 2
    dropout: float = 0.3


class Composer(nn.Module):
    """Predict the next token: N x T tokens and N x T x 4 standardised conditions become N x T x 127 logits."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embed = nn.Embedding(len(WORDS), shape.embedding)
        self.inner = nn.LSTM(
            shape.embedding + len(NAMES), shape.hidden, shape.layers, batch_first=True, dropout=shape.dropout
        )
        self.drop = nn.Dropout(shape.dropout)
        self.answer = nn.Linear(shape.hidden, len(WORDS))

    def forward(self, tokens: Tensor, conditions: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Return the logits and the state after the last token."""
        seen = torch.cat([self.embed(tokens), conditions], dim=-1)
        heard, state = self._lstm(self.drop(seen), state)
        return self.answer(self.drop(heard).to(self.answer.weight.dtype)), state

    def _lstm(self, seen: Tensor, state: State | None) -> tuple[Tensor, State]:
        """Reckon in bf16 while training on a CPU, weights kept in fp32: three times as fast here as autocast's fp32."""
        if not self.training or seen.is_cuda:
            heard, after = self.inner(seen, state)
            return heard, after
        weights = {name: weight.bfloat16() for name, weight in self.inner.named_parameters()}
        heard, after = functional_call(self.inner, weights, (seen.bfloat16(),))
        return heard, after

    def start(self, count: int) -> State:
        """Return the state before the first token of `count` pieces."""
        zero = torch.zeros(self.shape.layers, count, self.shape.hidden)
        return zero, zero.clone()
