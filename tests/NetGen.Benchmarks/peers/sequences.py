"""The benchmark's networks over tokens as PyTorch modules, named like NetGen's parameters."""

from collections import OrderedDict

import torch
from torch import nn
from torch.jit import Final

from workload import Workload

_fused_operator = None


def declare_fused_attention():
    """Tells a PyTorch before 2.0 the signature of aten::scaled_dot_product_attention, so that TorchScript made here can call it.

    Only libtorch 2 runs it; nothing in this process may.
    """
    global _fused_operator
    if _fused_operator is None and not hasattr(torch.nn.functional, "scaled_dot_product_attention"):
        _fused_operator = torch._C._dispatch_library("FRAGMENT", "aten", "")
        _fused_operator.define("scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, "
                               "float dropout_p=0.0, bool is_causal=False) -> Tensor")


def fuse_attention(net):
    """The same network for libtorch 2, its attention the fused operator; the network that is given is changed."""
    for module in list(net.modules()):
        for name, child in module.named_children():
            if isinstance(child, _Heads):
                setattr(module, name, _HeadsFused(child.heads, child.groups, child.causal, child.positions))
    return net


class _TextCnn(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, 100)
        self.widths = nn.ModuleDict({f"branch{i}": _Width(width) for i, width in enumerate((3, 4, 5), 1)})
        self.head = nn.Linear(300, 2)

    def forward(self, tokens):
        x = self.embedding(tokens).transpose(1, 2)
        return self.head(torch.cat([width(x) for width in self.widths.values()], 1))


class _Width(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv1d(100, 100, width)

    def forward(self, x):
        return torch.relu(self.conv(x)).amax(2)


class _Recurrent(nn.Module):
    def __init__(self, kind, vocabulary, layers, bidirectional):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, 100)
        self.recurrent = kind(100, 128, layers, batch_first=True, bidirectional=bidirectional)
        self.directions: Final[int] = 2 if bidirectional else 1
        self.head = nn.Linear(128 * self.directions, 2)


class _Lstm(_Recurrent):
    def __init__(self, vocabulary, layers=1, bidirectional=False):
        super().__init__(nn.LSTM, vocabulary, layers, bidirectional)

    def forward(self, tokens):
        _, (h, _) = self.recurrent(self.embedding(tokens))
        return self.head(h[-self.directions:].transpose(0, 1).flatten(1))


class _Gru(_Recurrent):
    def __init__(self, vocabulary):
        super().__init__(nn.GRU, vocabulary, 1, False)

    def forward(self, tokens):
        _, h = self.recurrent(self.embedding(tokens))
        return self.head(h[-1])


class _HeadsOf(nn.Module):
    """What both forms of attention share: heads of queries over fewer heads of keys and values, with rotary positions where there are any.

    The features of the heads lie one behind the other in what comes in and goes out.
    """

    heads: Final[int]
    groups: Final[int]
    causal: Final[bool]
    positions: Final[int]
    turns: Final[bool]

    def __init__(self, heads, groups, causal, positions):
        super().__init__()
        self.heads, self.groups, self.causal, self.positions = heads, groups, causal, positions
        self.turns = positions > 0
        if self.turns:
            features = 32
            angles = torch.outer(torch.arange(positions).double(), 10000 ** -(torch.arange(0, features, 2).double() / features))
            angles = torch.cat((angles, angles), 1)
            self.register_buffer("cosine", angles.cos().float(), persistent=False)
            self.register_buffer("sine", angles.sin().float(), persistent=False)
            self.register_buffer("hidden", torch.ones(positions, positions).triu(1) * torch.finfo(torch.float32).min, persistent=False)

    def split(self, x, heads: int):
        return x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2)

    def turn(self, x):
        if self.turns:
            half = x.shape[3] // 2
            x = x * self.cosine + torch.cat((-x[..., half:], x[..., :half]), 3) * self.sine
        return x

    def shared(self, x):
        if self.groups != self.heads:
            x = x[:, :, None].expand(-1, -1, self.heads // self.groups, -1, -1).flatten(1, 2)
        return x


class _Heads(_HeadsOf):
    """softmax(q kᵀ / √features) v, as products and a softmax."""

    def forward(self, q, k, v):
        query = self.turn(self.split(q, self.heads))
        key, value = self.shared(self.turn(self.split(k, self.groups))), self.shared(self.split(v, self.groups))
        scores = (query * query.shape[3] ** -0.5) @ key.transpose(2, 3)
        if self.causal:
            scores = scores + self.hidden
        return (torch.softmax(scores, 3) @ value).transpose(1, 2).flatten(2)


class _HeadsFused(_HeadsOf):
    """The same by one operator of libtorch 2."""

    def forward(self, q, k, v):
        query = self.turn(self.split(q, self.heads))
        key, value = self.shared(self.turn(self.split(k, self.groups))), self.shared(self.split(v, self.groups))
        y = torch.ops.aten.scaled_dot_product_attention(query, key, value, None, 0.0, self.causal)
        return y.transpose(1, 2).flatten(2)


class _Attention(nn.Module):
    def __init__(self, norm, width, shared_width, heads, groups, bias, causal=False, positions=0):
        super().__init__()
        self.norm = norm
        self.q, self.k = nn.Linear(width, width, bias), nn.Linear(width, shared_width, bias)
        self.v, self.out = nn.Linear(width, shared_width, bias), nn.Linear(width, width, bias)
        self.attention = _Heads(heads, groups, causal, positions)

    def forward(self, x):
        y = self.norm(x)
        return x + self.out(self.attention(self.q(y), self.k(y), self.v(y)))


class _FeedForward(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.norm, self.up, self.down = nn.LayerNorm(width), nn.Linear(width, hidden), nn.Linear(hidden, width)

    def forward(self, x):
        return x + self.down(torch.relu(self.up(self.norm(x))))


class _Encoder(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, 128)
        self.layers = _blocks(2, lambda: nn.Sequential(OrderedDict([
            ("attention", _Attention(nn.LayerNorm(128), 128, 128, heads=4, groups=4, bias=True)),
            ("feed_forward", _FeedForward(128, 512)),
        ])))
        self.head = nn.Linear(128, 2)

    def forward(self, tokens):
        return self.head(self.layers(self.embedding(tokens)).mean(1))


class _RmsNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return self.weight * (x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5))


class _SwiGlu(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.norm = _RmsNorm(width)
        self.up, self.gate = nn.Linear(width, hidden, bias=False), nn.Linear(width, hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x):
        y = self.norm(x)
        return x + self.down(nn.functional.silu(self.gate(y)) * self.up(y))


class _Llama(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, 256)
        self.layers = _blocks(4, lambda: nn.Sequential(OrderedDict([
            ("attention", _Attention(_RmsNorm(256), 256, 128, heads=8, groups=4, bias=False, causal=True, positions=128)),
            ("feed_forward", _SwiGlu(256, 688)),
        ])))
        self.norm = _RmsNorm(256)
        self.score = nn.Linear(256, 2, bias=False)

    def forward(self, tokens):
        return self.score(self.norm(self.layers(self.embedding(tokens))[:, -1]))


def _blocks(count, create):
    return nn.Sequential(OrderedDict((f"block{i}", create()) for i in range(1, count + 1)))


def _over_tokens(factory, positions, vocabulary):
    return Workload(lambda: factory(vocabulary), (positions,), classes=2, vocabulary=vocabulary)


WORKLOADS = {
    "TextCnn": _over_tokens(_TextCnn, 64, 25002),
    "Lstm": _over_tokens(_Lstm, 64, 25002),
    "Gru": _over_tokens(_Gru, 64, 25002),
    "BiLstm2": _over_tokens(lambda vocabulary: _Lstm(vocabulary, layers=2, bidirectional=True), 64, 25002),
    "Encoder": _over_tokens(_Encoder, 64, 25002),
    "Llama": _over_tokens(_Llama, 128, 8000),
}
