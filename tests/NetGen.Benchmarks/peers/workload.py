"""A network of the benchmark with what its samples are."""

from typing import Callable, NamedTuple, Optional, Tuple

import torch
from torch import nn


class Workload(NamedTuple):
    factory: Callable[[], nn.Module]
    shape: Tuple[int, ...]            # of one sample
    classes: int = 10
    vocabulary: Optional[int] = None  # samples are tokens below it, int64; without one they are float32

    @property
    def is_convolutional(self):
        """A sample is a feature map of channels, rows and columns."""
        return len(self.shape) == 3

    def random_batch(self, batch):
        """Samples and labels, the same at each call."""
        generator = torch.Generator().manual_seed(7)
        if self.vocabulary is None:
            samples = torch.rand(batch, *self.shape, generator=generator)
        else:
            samples = torch.randint(self.vocabulary, (batch, *self.shape), generator=generator)
        return samples, torch.randint(self.classes, (batch,), generator=generator)

    def read_samples(self, path):
        """Float32 numbers or int32 tokens, as the benchmark wrote them."""
        samples = read(path, torch.float32) if self.vocabulary is None else read(path, torch.int32).long()
        return samples.reshape(-1, *self.shape)

    def description(self):
        """What libtorch must be told, one thing a line: TorchScript does not keep it."""
        lines = [" ".join(map(str, ("shape", *self.shape))), f"classes {self.classes}"]
        if self.vocabulary is not None:
            lines.append(f"vocabulary {self.vocabulary}")
        return "\n".join(lines) + "\n"


def read(path, dtype):
    with open(path, "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=dtype)
