"""The notation of networks, as PyTorch modules. The tests read the same words (Model/Stack.cs).

A network is a line of words, a program with a cursor: every layer reads the value where the cursor stands, and those that it names, and
moves the cursor to what it gives. A word may carry a name, conv@stem:16,k3; a name means the layer beside the word, else one around the
block that holds it, and so on outwards.

    in:CxHxW, in:CxL or in:N    input shape of a sample; over (C, L) convolutions and poolings are the 1-d ones
    in@NAME:SHAPE               a further input, to which the cursor moves
    in:LxC,upto                 an input of which each sample has a number of positions of its own, L at most
    in:SHAPE,int                an input of ints, the numbers of rows of the tables that they are looked up in
    bag:ROWS,DIM[,sum|max][,padROW][,weights=NAME]      EmbeddingBag of ints, the mean if not the sum or maximum; what NAME gives are
                                per_sample_weights
    emb:ROWS,DIM[,padROW][,maxNORM][,scaleFACTOR]       Embedding of ints, times the factor
    out:NAME                    the value where the cursor stands is an output; without any, the only one is what the last layer gives
    KIND:...,&NAME              any layer or block: with the parameters of an earlier one of its kind
    KIND:...,frozen             any layer with tensors, or block: requires_grad_(False) and eval() for good
    from:NAME                   the cursor moves to the value of that name; `input` is what arrives at the block, or at the network
    add: mul: maximum: minimum:NAME,...   sub: div:NAME     what arrives, then those that are named, broadcast to each other, from left to
                                right; where . (what arrives) is among the names, they are all the operands
    addc: subc: mulc: divc: maximumc: minimumc:NUMBER       what arrives and a number
    concat:NAME,...[,dimD]      the same operands one behind the other, along the channels or features if not along dimension D
    matmul:NAME[,ta][,tb]       the product of two such operands as matrices, of which either may be transposed
    conv:OUT,kK[xK][,sS][,pP][,dD][,gG][,same][,reflect|replicate|circular][,nobias]      linear:OUT[,nobias]
    convt:OUT,kK[,sS][,pP][,oO][,dD][,gG][,nobias]      (o: output padding)
    zeropad:P reflectionpad:P replicationpad:P      (P: one number, or LEFTxRIGHTxTOPxBOTTOM)
    max:kK[,sS][,pP][,dD][,ceil]     avg:kK[,sS][,pP][,ceil][,nopad][,byN]     (nopad: count_include_pad=False; by: divisor_override)
    aavg:OUT[xOUT] amax:OUT[xOUT]    adaptive pooling; _ keeps the input's extent
    max@NAME:...,indices  unpool:NAME     MaxPool2d with returned indices, and MaxUnpool2d to them, to the size of the pool's input
    rnn:HIDDEN lstm:HIDDEN gru:HIDDEN [,lLAYERS][,bi][,projP][,nobias][,relu][,initial=NAME][,cell=NAME]       over (L, C); NAME.h and, of an LSTM, NAME.c are the last states,
                                by layer and direction, a vector where there is one
    attgru:HIDDEN,MEMORY[,initial=NAME][,dot][,sizeS][,nobias]      a GRU over (L, C) that looks at MEMORY before each step, with additive
                                scores of S features; NAME.h its last state, NAME.context and NAME.attention those of each step
    bil:OUT,NAME[,nobias]       Bilinear of what arrives and the output of the layer NAME
    attention:QUERY,KEY[,headsH][,kvH][,scaleS][,causal][,windowN][,alibi][,mask=NAME]      ScaledDotProductAttention; what arrives are the
                                values; what MASK gives is added to the scores
    mha:HEADS[,key=NAME][,value=NAME][,nobias][,causal]         MultiheadAttention over what arrives, or over what NAME gives
    enc:FEATURES,headsH,ffF[,dropP][,gelu][,prenorm][,epsE][,causal][,deepN]      dec:...,memory=NAME      TransformerEncoderLayer and
                                TransformerDecoderLayer, which is causal unless it says all; N layers of DeepNorm
    swiglu:FEATURES,HIDDEN[,bias] geglu:FEATURES,HIDDEN[,bias][,tanh]
    rotary:headsH[,baseB][,interleaved][,factorF][,lengthL]     positions[:ROWS]  sinusoids      positions: turned, learned, added
    cossim:NAME[,epsE]          CosineSimilarity of what arrives and the output of the layer NAME, as a vector of one number
    up:F[xF] up:oN[xN]          Upsample by factors, or to a size; then ,linear (bilinear of images) and ,align
    flatten:START,END unflatten:DIM,AxBxC identity
    reshape:AxB squeeze:DIM unsqueeze:DIM       (the batch is not listed)
    permute:AxBxC transpose:A,B flip:AxB        (dimensions, the batch being 0 and not listed)
    slice:DIM,START[,END][,sSTEP] select:DIM,INDEX chunk:CHUNKS,INDEX[,dDIM] shuffle:R unshuffle:R
    sum:AxB[,keep] mean:... maxof:... minof:... var:...[,biased]        along dimensions; none left makes a vector of one number
    normalize[:DIM][,epsE]      vectors divided by their norms
    relu sigmoid tanh gelu gelutanh softmax[:DIM] logsoftmax flatten prelu[:CHANNELS]
    layernorm[:SHAPE][,epsE][,plain][,nobias]   rmsnorm[:SHAPE][,epsE][,plain]   (no shape: the whole sample; plain: no weights)
    groupnorm:GROUPS[,epsE][,plain]     instancenorm[:affine][,epsE]
    leakyrelu[:SLOPE] elu[:ALPHA] selu silu mish exp hardswish hardsigmoid relu6 hardtanh[:MIN,MAX] softplus[:BETA,THRESHOLD]
    user:FUNCTION               a function of the user's own, written below and in Functions/UserFunctions.cs
    drop:P drop2d:P             Dropout, Dropout2d (in what is frozen, where they drop nothing)
    bn[:epsE][,momentumM][,cumulative][,plain]      BatchNorm2d of images, BatchNorm1d of others (plain: not affine)
    res[ ... ]                  x + body(x)
    res[ ... | ... ]            shortcut(x) + body(x); the shortcut's names are below `shortcut`
    seq[ ... ]                  a block under a name of its own
    add[ ... | ... ]            the results of blocks that all read what arrives, joined; their names are below `branch1`, `branch2` ...; so
                                are sub[ mul[ div[ maximum[ minimum[ matmul[ concat[ and concat[:dimD

Behind the last layer stand the losses, if there are any (losses.py).
"""

import functools
import re

import numpy as np
import torch

from hashed import hash32
from losses import LOSSES, make_criterion, weight

LAYERS = {}


class Value:
    """An edge of the graph: its number, and an example of a sample."""

    def __init__(self, number, example):
        self.number = number
        self.example = example
        # The input whose ints it is.
        self.ints = None


class Node:
    """A layer at its place: its module, what it reads and what it gives."""

    def __init__(self, module, inputs, *outputs):
        self.module = module
        self.inputs = inputs
        self.outputs = outputs
        self.output = outputs[0]


class Word:
    def __init__(self, text):
        head, _, rest = text.partition(":")
        self.kind, _, self.name = head.partition("@")
        options = rest.split(",") if rest else []
        self.options = [o for o in options if o != "frozen" and not o.startswith("&")]
        self.frozen = "frozen" in options
        self.shares = next((o[1:] for o in options if o.startswith("&")), None)
        self._letters = {o[0]: o[1:] for o in self.options if re.fullmatch(r"[kspdgo]\d+(x\d+)?", o)}

    def has(self, flag):
        return flag in self.options

    def number(self, index):
        return int(self.options[index])

    def pair(self, letter, otherwise):
        """What stands behind the letter, as two numbers."""
        if letter not in self._letters:
            return otherwise if isinstance(otherwise, tuple) else (otherwise, otherwise)
        parts = [int(p) for p in self._letters[letter].split("x")]
        return (parts[0], parts[0]) if len(parts) == 1 else tuple(parts)

    def after(self, prefix):
        return next((o[len(prefix):] for o in self.options if o.startswith(prefix)), None)

    def constants(self):
        """Constants as the layers hold them: float32 numbers."""
        return [float(np.float32(o)) for o in self.options]


class Network(torch.nn.Module):
    """The graph: modules with the numbers of the values that they read and give. Values of the inputs come first."""

    def __init__(self, inputs):
        super().__init__()
        self.inputs = inputs
        self.modules_in_order = torch.nn.ModuleList()
        self.values = 0
        self.edges = []
        self.outputs = []

    def add(self, module, inputs):
        """Appends a layer and gives it at its place, with its outputs."""
        module = module.double()
        with torch.no_grad():
            examples = module.eval()(*[value.example for value in inputs])
        module.train()
        self.modules_in_order.append(module)
        examples = examples if isinstance(examples, tuple) else (examples,)
        outputs = [Value(self.values + number, example) for number, example in enumerate(examples, 1)]
        self.values += len(outputs)
        self.edges.append(([value.number for value in inputs], [output.number for output in outputs]))
        return Node(module, inputs, *outputs)

    def forward(self, *inputs):
        values = {-i: x for i, x in enumerate(inputs)}
        for module, (read, given) in zip(self.modules_in_order, self.edges):
            results = module(*[values[number] for number in read])
            values.update(zip(given, results if isinstance(results, tuple) else (results,)))
        return [values[number] for number in self.outputs]


# --- layers: one function for each, which makes the module ------------------------------------------------------------------

class Layer:
    """What a kind of word stands for.

    make(word, x, *named) gives the module for what arrives, x, and the nodes of the names that reads(word) gives; or a pair of the
    module and the values that it reads, None for x, where those are not x and the outputs of what is named.
    """

    def __init__(self, make, stem, reads):
        self.make = make
        self.stem = stem
        self.reads = reads


def layer(*kinds, stem=None, reads=lambda word: []):
    """Enters the function for these kinds of words; the stem is what a layer without a name is called."""

    def enter(make):
        for kind in kinds:
            LAYERS[kind] = Layer(make, stem or kind, reads)
        return make

    return enter


@layer("from", reads=lambda word: word.options)
def moved(word, x, named):
    return torch.nn.Identity(), [named.output]


ARITHMETIC = {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "maximum": torch.maximum, "minimum": torch.minimum}


def named_values(word):
    return [option for option in word.options if option != "." and is_name(option)]


def operands(word, named):
    """The values that a layer of several operands reads, None for what arrives."""
    found = iter(named)
    values = [None if option == "." else next(found).output for option in word.options if is_name(option)]
    return values if "." in word.options else [None] + values


class Fold(torch.nn.Module):
    """A function of two values, from left to right."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *values):
        return functools.reduce(self.function, values)


class WithNumber(torch.nn.Module):
    """A function of what arrives and a number."""

    def __init__(self, function, number):
        super().__init__()
        self.function = function
        self.number = torch.tensor(number, dtype=torch.float64)

    def forward(self, x):
        return self.function(x, self.number)


@layer(*ARITHMETIC, reads=named_values)
def arithmetic(word, x, *named):
    return Fold(ARITHMETIC[word.kind]), operands(word, named)


for name, function in ARITHMETIC.items():
    layer(name + "c", stem=name)(lambda word, x, function=function: WithNumber(function, word.constants()[0]))


class Concatenation(torch.nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.dim = dim

    def forward(self, *values):
        return torch.cat(values, self.dim)


def is_name(option):
    return not is_dim(option) and option not in ("ta", "tb")


def is_dim(option):
    return re.fullmatch(r"dim-?\d+", option) is not None


def dim_of(word):
    return next((int(option[3:]) for option in word.options if is_dim(option)), 1)


@layer("concat", reads=named_values)
def concatenation(word, x, *named):
    return Concatenation(dim_of(word)), operands(word, named)


class Product(torch.nn.Module):
    """matmul of the samples of two values, whatever their ranks; of two vectors a vector of one number."""

    def __init__(self, word):
        super().__init__()
        self.first, self.second = word.has("ta"), word.has("tb")

    def forward(self, a, b):
        a, b = (x.transpose(-1, -2) if exchange else x for x, exchange in ((a, self.first), (b, self.second)))
        products = torch.stack([torch.matmul(x, y) for x, y in zip(a, b)])
        return products if products.dim() > 1 else products[:, None]


@layer("matmul", reads=named_values)
def product(word, x, *named):
    return Product(word), operands(word, named)


@layer("conv")
def convolution(word, x):
    mode = next((o for o in word.options if o in ("reflect", "replicate", "circular")), "zeros")
    one_row = x.dim() == 3
    make, extent = (torch.nn.Conv1d, lambda p: p[1]) if one_row else (torch.nn.Conv2d, lambda p: p)
    padding = "same" if word.has("same") else extent(word.pair("p", 0))
    return make(x.shape[1], word.number(0), extent(word.pair("k", 1)), extent(word.pair("s", 1)), padding, extent(word.pair("d", 1)),
                word.pair("g", 1)[0], not word.has("nobias"), mode)


@layer("convt", stem="convtranspose")
def transposed_convolution(word, x):
    return torch.nn.ConvTranspose2d(x.shape[1], word.number(0), word.pair("k", 1), word.pair("s", 1), word.pair("p", 0), word.pair("o", 0),
                                    word.pair("g", 1)[0], not word.has("nobias"), word.pair("d", 1))


@layer("zeropad", "reflectionpad", "replicationpad")
def border(word, x):
    sides = [int(p) for p in word.options[0].split("x")]
    return {"zeropad": torch.nn.ZeroPad2d, "reflectionpad": torch.nn.ReflectionPad2d,
            "replicationpad": torch.nn.ReplicationPad2d}[word.kind](sides[0] if len(sides) == 1 else tuple(sides))


@layer("linear")
def linear(word, x):
    return torch.nn.Linear(x.shape[-1], word.number(0), bias=not word.has("nobias"))


class Bag(torch.nn.EmbeddingBag):
    """A bag whose ints may have weights, as a vector or as positions with one feature."""

    def forward(self, x, weights=None):
        return super().forward(x, per_sample_weights=None if weights is None else weights.reshape(x.shape))


@layer("bag", stem="embeddingbag", reads=lambda word: [word.after("weights=")] if word.after("weights=") else [])
def embedding_bag(word, x, weights=None):
    mode = next((option for option in word.options if option in ("sum", "max")), "mean")
    padding = word.after("pad")
    return Bag(word.number(0), word.number(1), mode=mode, padding_idx=None if padding is None else int(padding))


class ScaledEmbedding(torch.nn.Embedding):
    """Rows times a factor."""

    scale = 1.0

    def forward(self, x):
        return super().forward(x) * self.scale


@layer("emb", stem="embedding")
def embedding(word, x):
    padding, norm = word.after("pad"), word.after("max")
    module = ScaledEmbedding(word.number(0), word.number(1), padding_idx=None if padding is None else int(padding),
                             max_norm=None if norm is None else float(norm))
    module.scale = float(np.float32(word.after("scale") or 1))
    return module
def alibi_slopes(heads):
    """The published slopes of attention with linear biases, and its interpolation where the heads are no power of two."""
    if heads & (heads - 1) == 0:
        return [2 ** (-8 * h / heads) for h in range(1, heads + 1)]
    lower = 1 << (heads.bit_length() - 1)
    return alibi_slopes(lower) + alibi_slopes(2 * lower)[0::2][: heads - lower]


class Attention(torch.nn.Module):
    """softmax(scale · q kᵀ + bias) v of each head, by its definition; the features of the heads lie one behind the other."""

    def __init__(self, heads, shared, causal, scale, window=None, alibi=False):
        super().__init__()
        self.heads, self.shared, self.causal, self.scale, self.window, self.alibi = heads, shared, causal, scale, window, alibi

    def forward(self, value, query, key, mask=None):
        def split(x, heads):
            return x.unflatten(2, (heads, -1)).transpose(1, 2).repeat_interleave(self.heads // heads, 1)

        q, k, v = split(query, self.heads), split(key, self.shared), split(value, self.shared)
        scores = q @ k.transpose(2, 3) * (q.shape[3] ** -0.5 if self.scale is None else self.scale)
        if self.alibi:
            distance = (torch.arange(q.shape[2])[:, None] - torch.arange(k.shape[2])).abs()
            scores = scores - torch.tensor(alibi_slopes(self.heads), dtype=torch.double)[:, None, None] * distance
        if mask is not None:
            scores = scores + (mask if mask.dim() == 4 else mask[:, None])
        if self.causal:
            scores = scores.masked_fill(torch.ones_like(scores[0, 0]).triu(1).bool(), -torch.inf)
        if self.window:
            scores = scores.masked_fill(torch.ones_like(scores[0, 0]).tril(-self.window).bool(), -torch.inf)
        return (torch.softmax(scores, 3) @ v).transpose(1, 2).flatten(2)


class Rotary(torch.nn.Module):
    """Pairs of features turned by position times frequency; the scaling of long waves is that of transformers' `llama3`."""

    def __init__(self, heads, base, interleaved, factor, length):
        super().__init__()
        self.heads, self.base, self.interleaved, self.factor, self.length = heads, base, interleaved, factor, length

    def frequencies(self, size):
        frequency = self.base ** -(torch.arange(0, size, 2, dtype=torch.double) / size)
        wave, low, high = 2 * torch.pi / frequency, 1, 4
        smooth = ((self.length / wave - low) / (high - low)).clamp(0, 1)
        return (1 - smooth) * frequency / self.factor + smooth * frequency

    def forward(self, x):
        heads = x.unflatten(2, (self.heads, -1))
        size = heads.shape[3]
        angle = torch.arange(x.shape[1], dtype=torch.double)[:, None, None] * self.frequencies(size)
        cosine, sine = torch.cos(angle), torch.sin(angle)
        a, b = (heads[..., 0::2], heads[..., 1::2]) if self.interleaved else heads.chunk(2, 3)
        turned = (a * cosine - b * sine, b * cosine + a * sine)
        return (torch.stack(turned, 4).flatten(3) if self.interleaved else torch.cat(turned, 3)).flatten(2)


@layer("rotary")
def rotary(word, x):
    return Rotary(int(word.after("heads") or 1), float(word.after("base") or 10000), word.has("interleaved"),
                  float(word.after("factor") or 1), int(word.after("length") or 8192))


class PositionalEmbedding(torch.nn.Embedding):
    def forward(self, x):
        return x + super().forward(torch.arange(x.shape[1]))


@layer("positions", stem="positionalembedding")
def positions(word, x):
    return PositionalEmbedding(word.number(0) if word.options else x.shape[1], x.shape[2])


@layer("sinusoids", stem="positionalencoding")
def sinusoids(word, x):
    features = x.shape[2]
    angle = torch.arange(x.shape[1], dtype=torch.double)[:, None] / 10000 ** (torch.arange(0, features, 2, dtype=torch.double) / features)
    table = torch.stack((torch.sin(angle), torch.cos(angle)), 2).flatten(1)[:, :features]
    return Function(lambda x: x + table[:x.shape[1]])


def mask_read(word):
    return [word.after("mask=")] if word.after("mask=") else []


@layer("attention", stem="scaleddotproductattention", reads=lambda word: word.options[:2] + mask_read(word))
def attention(word, x, *named):
    heads = int(word.after("heads") or 1)
    return Attention(heads, int(word.after("kv") or heads), word.has("causal"), float(word.after("scale") or 0) or None,
                     int(word.after("window") or 0) or None, word.has("alibi"))


class MultiheadAttention(torch.nn.MultiheadAttention):
    causal = False

    def forward(self, x, *named):
        key = named[0] if named else x
        value = named[1] if len(named) > 1 else key
        mask = torch.ones(x.shape[1], key.shape[1]).triu(1).bool() if self.causal else None
        return super().forward(x, key, value, attn_mask=mask, need_weights=False)[0]


def memory_read(word):
    return [word.after(name) for name in ("key=", "value=") if word.after(name)]


@layer("mha", stem="multiheadattention", reads=memory_read)
def multihead_attention(word, x, *named):
    key = named[0].output.example if named else x
    value = named[1].output.example if len(named) > 1 else key
    module = MultiheadAttention(x.shape[2], word.number(0), bias=not word.has("nobias"), kdim=key.shape[2], vdim=value.shape[2],
                                batch_first=True)
    module.causal = word.has("causal")
    return module


def in_order(module, *names):
    """The modules in the order in which they run, which is that of the tensors here."""
    for name in names:
        module._modules[name] = module._modules.pop(name)
    return module


class EncoderLayer(torch.nn.TransformerEncoderLayer):
    causal, depth = False, None

    def forward(self, x):
        # The fast path of evaluation rounds otherwise.
        self.activation_relu_or_gelu = 0
        mask = torch.full((x.shape[1], x.shape[1]), -torch.inf, dtype=x.dtype).triu(1) if self.causal else None
        if not self.depth:
            return super().forward(x, mask)
        alpha = float(np.float32((2 * self.depth) ** 0.25))
        x = self.norm1(alpha * x + self._sa_block(x, mask, None))
        return self.norm2(alpha * x + self._ff_block(x))


class DecoderLayer(torch.nn.TransformerDecoderLayer):
    causal, depth = True, None

    def forward(self, x, memory):
        mask = torch.full((x.shape[1], x.shape[1]), -torch.inf, dtype=x.dtype).triu(1) if self.causal else None
        if not self.depth:
            return super().forward(x, memory, mask)
        alpha = float(np.float32((3 * self.depth) ** 0.25))
        x = self.norm1(alpha * x + self._sa_block(x, mask, None))
        x = self.norm2(alpha * x + self._mha_block(x, memory, None, None))
        return self.norm3(alpha * x + self._ff_block(x))


def transformer_layer(make, word):
    module = make(word.number(0), int(word.after("heads")), int(word.after("ff")), float(word.after("drop") or 0.1),
                  "gelu" if word.has("gelu") else "relu", float(word.after("eps") or 1e-5), batch_first=True, norm_first=word.has("prenorm"))
    module.depth = int(word.after("deep") or 0) or None
    return module


@layer("enc", stem="transformerencoderlayer")
def encoder_layer(word, x):
    module = transformer_layer(EncoderLayer, word)
    module.causal = word.has("causal")
    first, second = ("self_attn", "norm1"), ("linear1", "linear2", "norm2")
    return in_order(module, *(first[::-1] + ("norm2", "linear1", "linear2") if word.has("prenorm") else first + second))


@layer("dec", stem="transformerdecoderlayer", reads=lambda word: [word.after("memory=")])
def decoder_layer(word, x, memory):
    module = transformer_layer(DecoderLayer, word)
    module.causal = not word.has("all")
    if word.has("prenorm"):
        return in_order(module, "norm1", "self_attn", "norm2", "multihead_attn", "norm3", "linear1", "linear2")
    return in_order(module, "self_attn", "norm1", "multihead_attn", "norm2", "linear1", "linear2", "norm3")


class GatedLayer(torch.nn.Module):
    def __init__(self, features, hidden, bias, function):
        super().__init__()
        self.gate_proj, self.up_proj = torch.nn.Linear(features, hidden, bias), torch.nn.Linear(features, hidden, bias)
        self.down_proj, self.function = torch.nn.Linear(hidden, features, bias), function

    def forward(self, x):
        return self.down_proj(self.function(self.gate_proj(x)) * self.up_proj(x))


@layer("swiglu")
def swiglu(word, x):
    return GatedLayer(word.number(0), word.number(1), word.has("bias"), torch.nn.functional.silu)


@layer("geglu")
def geglu(word, x):
    function = torch.nn.GELU(approximate="tanh" if word.has("tanh") else "none")
    return GatedLayer(word.number(0), word.number(1), word.has("bias"), function)


def recurrent(base):
    """A recurrent layer of PyTorch's that gives its last states behind the states of all positions, all by sample."""

    class Recurrent(base):
        ports = ("h", "c") if base is torch.nn.LSTM else ("h",)

        def forward(self, x, *first):
            """first are states and, of an LSTM, cell states before the first step, both or none."""
            rows = [own.unsqueeze(0) if own.dim() == 2 else own.transpose(0, 1) for own in first]
            states, last = super().forward(x, tuple(rows) if len(rows) > 1 else rows[0]) if rows else super().forward(x)
            last = last if isinstance(last, tuple) else (last,)
            return (states, *[rows[0] if len(rows) == 1 else rows.transpose(0, 1) for rows in last])

    return Recurrent


RECURRENT = {"rnn": recurrent(torch.nn.RNN), "lstm": recurrent(torch.nn.LSTM), "gru": recurrent(torch.nn.GRU)}


def first_states(word):
    return [word.after(kind) for kind in ("initial=", "cell=") if word.after(kind)]


@layer("rnn", reads=first_states)
@layer("lstm", reads=first_states)
@layer("gru", reads=first_states)
def recurrent_layer(word, x, *first):
    more = {"nonlinearity": "relu"} if word.has("relu") else {"proj_size": int(word.after("proj"))} if word.after("proj") else {}
    return RECURRENT[word.kind](x.shape[2], word.number(0), int(word.after("l") or 1), bias=not word.has("nobias"), batch_first=True,
                                bidirectional=word.has("bi"), **more)


class AttentionGRU(torch.nn.Module):
    """Bahdanau's decoder, step by step with PyTorch's GRUCell over input and context side by side."""

    ports = ("h", "context", "attention")

    def __init__(self, features, hidden, memory, size, dot, bias):
        super().__init__()

        def parameter(*shape):
            return torch.nn.Parameter(torch.zeros(*shape))

        self.weight_ih, self.weight_ch = parameter(3 * hidden, features), parameter(3 * hidden, memory)
        self.weight_hh = parameter(3 * hidden, hidden)
        if bias:
            self.bias_ih, self.bias_hh = parameter(3 * hidden), parameter(3 * hidden)
        if not dot:
            self.weight_query, self.weight_key = parameter(size, hidden), parameter(size, memory)
            self.weight_score = parameter(1, size)
        self.hidden, self.dot, self.bias = hidden, dot, bias

    def forward(self, x, memory, state=None):
        state = x.new_zeros(x.shape[0], self.hidden) if state is None else state
        weight = torch.cat((self.weight_ih, self.weight_ch), 1)
        states, contexts, attention = [], [], []
        for t in range(x.shape[1]):
            if self.dot:
                scores = torch.bmm(memory, state.unsqueeze(2)).transpose(1, 2)
            else:
                query = torch.nn.functional.linear(state, self.weight_query).unsqueeze(1)
                keys = torch.nn.functional.linear(memory, self.weight_key)
                scores = torch.nn.functional.linear(torch.tanh(query + keys), self.weight_score).transpose(1, 2)
            weights = torch.softmax(scores, -1)
            context = torch.bmm(weights, memory).squeeze(1)
            biases = (self.bias_ih, self.bias_hh) if self.bias else ()
            state = torch.gru_cell(torch.cat((x[:, t], context), 1), state, weight, self.weight_hh, *biases)
            states.append(state)
            contexts.append(context)
            attention.append(weights.squeeze(1))
        return torch.stack(states, 1), state, torch.stack(contexts, 1), torch.stack(attention, 1)


@layer("attgru", stem="attentiongru", reads=lambda word: [word.options[1]] + ([word.after("initial=")] if word.after("initial=") else []))
def attention_gru(word, x, memory, initial=None):
    hidden = word.number(0)
    size = next((int(o[4:]) for o in word.options if re.fullmatch(r"size\d+", o)), hidden)
    return AttentionGRU(x.shape[2], hidden, memory.output.example.shape[2], size, word.has("dot"), not word.has("nobias"))


@layer("bil", stem="bilinear", reads=lambda word: [word.options[1]])
def bilinear(word, x, named):
    return torch.nn.Bilinear(x.shape[1], named.output.example.shape[1], word.number(0), bias=not word.has("nobias"))


class CosineOfRows(torch.nn.CosineSimilarity):
    """One number of each sample, as a vector."""

    def forward(self, x, named):
        return super().forward(x, named).unsqueeze(1)


@layer("cossim", stem="cosinesimilarity", reads=lambda word: [word.options[0]])
def cosine_similarity(word, x, named):
    return CosineOfRows(dim=1, eps=eps_of(word, 1e-8))


@layer("max", stem="maxpool")
@layer("avg", stem="avgpool")
def pooling(word, x):
    along = x.dim() == 3
    kernel = word.pair("k", 1)
    window = [kernel, word.pair("s", kernel), word.pair("p", 0)]
    window = [w[1] for w in window] if along else window
    more = {"ceil_mode": word.has("ceil")}
    if word.kind == "max":
        dilation = word.pair("d", 1)
        more["dilation"] = dilation[1] if along else dilation
    else:
        more["count_include_pad"] = not word.has("nopad")
        if word.after("by"):
            more["divisor_override"] = int(word.after("by"))
    return {("max", True): torch.nn.MaxPool1d, ("max", False): torch.nn.MaxPool2d,
            ("avg", True): torch.nn.AvgPool1d, ("avg", False): torch.nn.AvgPool2d}[word.kind, along](*window, **more)


class Unpool(torch.nn.Module):
    """Reads the values and what the pool reads: the indices follow from that, and no gradient goes there."""

    def __init__(self, pool):
        super().__init__()
        # In a list, so that the pool is no module of this one.
        self.pool = [pool]
        self.unpool = torch.nn.MaxUnpool2d(pool.kernel_size, pool.stride, pool.padding)

    def forward(self, values, pooled):
        p = self.pool[0]
        with torch.no_grad():
            _, indices = torch.nn.functional.max_pool2d(pooled, p.kernel_size, p.stride, p.padding, p.dilation, p.ceil_mode, True)
        return self.unpool(values, indices, output_size=pooled.size())


@layer("unpool", stem="maxunpool", reads=lambda word: word.options)
def unpooling(word, x, pool):
    return Unpool(pool.module), [None, pool.inputs[0]]


@layer("aavg", stem="adaptiveavgpool")
@layer("amax", stem="adaptivemaxpool")
def adaptive_pooling(word, x):
    size = tuple(None if d == "_" else int(d) for d in word.options[0].split("x"))
    size = size[0] if len(size) == 1 else size
    return {("aavg", 3): torch.nn.AdaptiveAvgPool1d, ("aavg", 4): torch.nn.AdaptiveAvgPool2d,
            ("amax", 3): torch.nn.AdaptiveMaxPool1d, ("amax", 4): torch.nn.AdaptiveMaxPool2d}[word.kind, x.dim()](size)


@layer("up", stem="upsample")
def upsampling(word, x):
    to_size = word.options[0][0] == "o"
    sizes = tuple((int if to_size else float)(n) for n in word.options[0].lstrip("o").split("x"))
    sizes = sizes[-1] if len(sizes) == 1 or x.dim() == 3 else sizes
    mode = "nearest" if not word.has("linear") else "linear" if x.dim() == 3 else "bilinear"
    return torch.nn.Upsample(**{"size" if to_size else "scale_factor": sizes}, mode=mode, align_corners=True if word.has("align") else None)


@layer("flatten")
def flattening(word, x):
    return torch.nn.Flatten(*[int(o) for o in word.options])


@layer("unflatten")
def unflattening(word, x):
    return torch.nn.Unflatten(word.number(0) % x.dim(), tuple(int(n) for n in word.options[1].split("x")))


class Function(torch.nn.Module):
    """A function of tensors as a module."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *values):
        y = self.function(*values)
        return y if y.dim() > 1 else y.unsqueeze(1)


def dimensions(text):
    return [int(d) for d in text.split("x")]


@layer("reshape")
def reshaping(word, x):
    return Function(lambda x: x.reshape(x.shape[0], *dimensions(word.options[0])))


@layer("squeeze")
def squeezing(word, x):
    return Function(lambda x: x.squeeze(word.number(0)))


@layer("unsqueeze")
def unsqueezing(word, x):
    return Function(lambda x: x.unsqueeze(word.number(0)))


@layer("permute")
def permutation(word, x):
    return Function(lambda x: x.permute(0, *dimensions(word.options[0])))


@layer("transpose")
def transposition(word, x):
    return Function(lambda x: x.transpose(word.number(0), word.number(1)))


@layer("flip")
def flipping(word, x):
    return Function(lambda x: x.flip(dimensions(word.options[0])))


@layer("slice")
def slicing(word, x):
    ends = [int(o) for o in word.options[2:] if o[0] != "s"]
    part = slice(word.number(1), ends[0] if ends else None, int(word.after("s") or 1))
    return Function(lambda x: x[(slice(None),) * (word.number(0) % x.dim()) + (part,)])


@layer("select")
def selection(word, x):
    return Function(lambda x: x.select(word.number(0), word.number(1)))


@layer("chunk")
def chunk(word, x):
    return Function(lambda x: x.chunk(word.number(0), int(word.after("d") or 1))[word.number(1)])


@layer("shuffle", stem="pixelshuffle")
def pixel_shuffle(word, x):
    return torch.nn.PixelShuffle(word.number(0))


@layer("unshuffle", stem="pixelunshuffle")
def pixel_unshuffle(word, x):
    return torch.nn.PixelUnshuffle(word.number(0))


@layer("sum")
@layer("mean")
@layer("maxof", stem="amax")
@layer("minof", stem="amin")
@layer("var")
def reduction(word, x):
    dims, keep = dimensions(word.options[0]), word.has("keep")
    more = {"unbiased": not word.has("biased")} if word.kind == "var" else {}
    reduce = {"sum": torch.sum, "mean": torch.mean, "maxof": torch.amax, "minof": torch.amin, "var": torch.var}[word.kind]
    return Function(lambda x: reduce(x, dim=dims, keepdim=keep, **more))


@layer("normalize")
def normalization(word, x):
    dim = word.number(0) if word.options and not word.options[0].startswith("eps") else 1
    return Function(lambda x: torch.nn.functional.normalize(x, dim=dim, eps=eps_of(word, 1e-12)))


@layer("bn", stem="batchnorm")
def batch_norm(word, x):
    make = torch.nn.BatchNorm2d if x.dim() == 4 else torch.nn.BatchNorm1d
    momentum = None if word.has("cumulative") else float(word.after("momentum") or 0.1)
    return make(x.shape[1], eps=float(word.after("eps") or 1e-5), momentum=momentum, affine=not word.has("plain"))


class RMSNorm(torch.nn.Module):
    """torch.nn.RMSNorm of PyTorch 2.4, which 1.13 does not have: x / sqrt(mean(x²) + eps) · weight."""

    def __init__(self, shape, eps, affine):
        super().__init__()
        self.dimensions, self.eps = tuple(range(-len(shape), 0)), eps
        self.weight = torch.nn.Parameter(torch.ones(shape)) if affine else None

    def forward(self, x):
        y = x * torch.rsqrt(x.pow(2).mean(self.dimensions, keepdim=True) + self.eps)
        return y if self.weight is None else y * self.weight


def eps_of(word, usual=1e-5):
    """As the layers hold it, a float32 number."""
    return float(np.float32(word.after("eps") or usual))


def normalized_shape(word, x):
    return [int(d) for d in word.options[0].split("x")] if word.options and word.options[0][0].isdigit() else list(x.shape[1:])


@layer("layernorm")
def layer_norm(word, x):
    module = torch.nn.LayerNorm(normalized_shape(word, x), eps_of(word), elementwise_affine=not word.has("plain"))
    if word.has("nobias"):
        # PyTorch 1.13 has no option for it.
        module.bias = None
    return module


@layer("rmsnorm")
def rms_norm(word, x):
    return RMSNorm(normalized_shape(word, x), eps_of(word, 2.0 ** -23), not word.has("plain"))


@layer("groupnorm")
def group_norm(word, x):
    return torch.nn.GroupNorm(word.number(0), x.shape[1], eps_of(word), affine=not word.has("plain"))


@layer("instancenorm")
def instance_norm(word, x):
    return (torch.nn.InstanceNorm1d if x.dim() == 3 else torch.nn.InstanceNorm2d)(x.shape[1], eps_of(word), affine=word.has("affine"))


class Hardsigmoid(torch.nn.Module):
    """torch.nn.Hardsigmoid, whose kernel for doubles multiplies the gradient by a sixth that is rounded to float32. NaN has no gradient."""

    def forward(self, x):
        return torch.where(x.isnan(), x.detach(), torch.nn.functional.relu6(x + 3) / 6)


@layer("exp")
def exponential(word, x):
    return Function(torch.exp)


USER_FUNCTIONS = {
    "quickgelu": lambda x: x * torch.sigmoid(1.702 * x),
    "swish": lambda x: x * torch.sigmoid(0.5 * x),
    "squaredrelu": lambda x: torch.relu(x) ** 2,
    "smoothrelu": lambda x: torch.log1p(torch.exp(x)),
    "cosine": torch.cos,
    "logarithm": torch.log,
    "mixed": lambda x: torch.where(x > 0, torch.tanh(x), 1 - torch.sqrt(1 - x.clamp(max=0))),
}


@layer("user", stem="activation")
def user_function(word, x):
    return Function(USER_FUNCTIONS[word.options[0]])


# One module of the same kind as the word, without options, or with constants as they stand there.
for kind, module in {
    "relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh, "gelu": torch.nn.GELU, "identity": torch.nn.Identity,
    "leakyrelu": torch.nn.LeakyReLU, "elu": torch.nn.ELU, "selu": torch.nn.SELU, "silu": torch.nn.SiLU, "mish": torch.nn.Mish,
    "hardswish": torch.nn.Hardswish, "hardsigmoid": Hardsigmoid, "relu6": torch.nn.ReLU6, "hardtanh": torch.nn.Hardtanh,
    "softplus": torch.nn.Softplus,
}.items():
    layer(kind)(lambda word, x, module=module: module(*word.constants()))


@layer("gelutanh", stem="gelu")
def gelu_tanh(word, x):
    return torch.nn.GELU(approximate="tanh")


@layer("drop", stem="dropout")
def dropout(word, x):
    return torch.nn.Dropout(*word.constants())


@layer("drop2d", stem="dropout")
def dropout_2d(word, x):
    return torch.nn.Dropout2d(*word.constants())


@layer("prelu")
def prelu(word, x):
    return torch.nn.PReLU(*[int(o) for o in word.options])


@layer("softmax")
def softmax(word, x):
    return torch.nn.Softmax(dim=int(word.options[0]) if word.options else 1)


@layer("logsoftmax")
def log_softmax(word, x):
    return torch.nn.LogSoftmax(dim=1)


# --- blocks: the name of each scope, empty for the block's own, and what joins their results ---------------------------------

class Block:
    def __init__(self, stem, scopes, join):
        self.stem = stem
        self.scopes = scopes
        self.join = join


def branches(count):
    return [f"branch{number + 1}" for number in range(count)]


BLOCKS = {
    "seq[": Block("sequential", [""], None),
    "res[": Block("residual", ["", "shortcut"], lambda word, x, body, shortcut=None: (Fold(torch.add), [shortcut or x, body])),
    "concat[": Block("concat", branches(6), lambda word, x, *results: (Concatenation(dim_of(word)), results)),
    "matmul[": Block("matmul", branches(2), lambda word, x, *results: (Product(word), results)),
    **{kind + "[": Block(kind, branches(2 if kind in ("sub", "div") else 4), lambda word, x, *results, f=f: (Fold(f), results))
       for kind, f in ARITHMETIC.items()},
}


def freeze(modules):
    """Training leaves them in evaluation."""
    for module in modules:
        module.requires_grad_(False).eval()
        module.train = lambda mode=True, module=module: module


class Reader:
    """Reads words into a network, and collects its tensors with their names."""

    def __init__(self, words):
        self.words = words
        self.position = 0
        self.network = Network(0)
        self.known = {}
        self.parameters = []
        self.inputs = []
        self.outputs = []
        # The inputs whose samples have lengths of their own.
        self.axes = []
        # Of each input of ints, rows of the smallest table that they are looked up in.
        self.rows = {}

    def input(self, word):
        shape = tuple(int(d) for d in word.options[0].split("x"))
        name = word.name or "input"
        value = Value(-self.network.inputs, torch.zeros((1,) + shape, dtype=torch.int64 if word.has("int") else torch.float64))
        if word.has("int"):
            value.ints = name
            self.rows[name] = None
        self.network.inputs += 1
        self.known[name] = Node(None, [], value)
        self.inputs.append((name, shape))
        if word.has("upto"):
            self.axes.append(name)
        return value

    def output(self, name, value):
        self.known[name] = Node(None, [value], value)
        self.outputs.append(name)
        self.network.outputs.append(value.number)

    def resolve(self, path, name):
        """The path of the layer that is meant."""
        scopes = path.split(".")[:-1]
        return next(p for p in (".".join(scopes[:n] + [name]) for n in range(len(scopes), -1, -1)) if p in self.known)

    def take(self, text):
        if self.position == len(self.words) or self.words[self.position] != text:
            return False
        self.position += 1
        return True

    def scope(self, prefix, x, owner=None):
        """Layers up to the end of the block; gives the value where the cursor stands behind them.

        owner is the prefix of the block whose parameters they use, where those are not their own.
        """
        if x is not None:
            # Unless a layer is called so, the name of a scope's input.
            self.known[prefix + "input"] = Node(None, [], x)
        numbers = {}
        while self.position < len(self.words) and self.words[self.position] not in ("]", "|"):
            word = Word(self.words[self.position])
            self.position += 1
            if word.kind == "in":
                x = self.input(word)
                continue
            if word.kind == "out":
                self.output(word.options[0], x)
                continue
            stem = (BLOCKS.get(word.kind) or LAYERS[word.kind]).stem
            numbers[stem] = numbers.get(stem, 0) + 1
            name = word.name or f"{stem}{numbers[stem]}"
            path = prefix + name
            shared = self.resolve(path, word.shares) if word.shares else owner + name if owner is not None else None
            first = len(self.network.modules_in_order)
            node = self.block(word, path, x, shared) if word.kind in BLOCKS else self.layer(word, path, x, shared)
            if word.frozen:
                freeze(self.network.modules_in_order[first:])
            self.known[path] = node
            for port, output in zip(getattr(node.module, "ports", ()), node.outputs[1:]):
                self.known[f"{path}.{port}"] = Node(node.module, node.inputs, output)
            x = node.output
        return x

    def layer(self, word, path, x, shared):
        kind = LAYERS[word.kind]
        named = [self.known[self.resolve(path, name)] for name in kind.reads(word)]
        made = kind.make(word, x.example, *named)
        module, inputs = made if isinstance(made, tuple) else (made, [None] + [node.output for node in named])
        if shared is not None:
            for name, p in list(module.named_parameters()) + list(module.named_buffers()):
                setattr(module, name, getattr(self.known[shared].module, name))
        read = [x if value is None else value for value in inputs]
        node = self.network.add(module, read)
        if read[0].ints and isinstance(module, torch.nn.Identity):
            node.output.ints = read[0].ints
        elif read[0].ints:
            rows = self.rows[read[0].ints]
            self.rows[read[0].ints] = min(rows or module.num_embeddings, module.num_embeddings)
        if shared is None:
            self.parameters.extend((f"{path}.{name}", p) for name, p in node.module.named_parameters())
            self.parameters.extend((f"{path}.{name}", b) for name, b in node.module.named_buffers())
        return node

    def block(self, word, path, x, shared):
        block = BLOCKS[word.kind]
        results = []
        for name in block.scopes:
            below = f".{name}." if name else "."
            results.append(self.scope(path + below, x, None if shared is None else shared + below))
            if not self.take("|"):
                break
        assert self.take("]"), path
        if block.join is None:
            return Node(None, [x], results[0])
        return self.network.add(*block.join(word, x, *results))


class Declaration:
    """What the words of a network stand for.

    module gives a list of the outputs; inputs are pairs of name and shape, outputs are names, losses words, parameters pairs of name and
    tensor; rows are those of the smallest table, by the names of inputs of ints.
    """

    def __init__(self, stack):
        words, self.losses = stack.split(), []
        while words[-1].partition(":")[0] in LOSSES:
            self.losses.insert(0, words.pop())
        reader = Reader(words)
        result = reader.scope("", None)
        if not reader.outputs:
            reader.output("output", result)
        self.module, self.inputs, self.outputs, self.parameters = reader.network, reader.inputs, reader.outputs, reader.parameters
        self.rows, self.axes = reader.rows, reader.axes

    def length_of(self, axis, sample):
        """How many positions a sample has: some, all, one, and then any number."""
        index = self.axes.index(axis)
        most = dict(self.inputs)[axis][0]
        return [(most + 1) // 2, most, 1][sample] if sample < 3 else 1 + int(hash32(77 + index, [sample])[0]) % most

    def positions(self, name, batch):
        """How many positions the samples have together of an input; None where all have as many."""
        return sum(self.length_of(name, n) for n in range(batch)) if name in self.axes else None

    def run(self, inputs, batch):
        """The outputs. Where samples have lengths of their own, each is computed by itself, without any padding; what inputs have of them
        stands one behind the other."""
        if not self.axes:
            return self.module(*inputs)
        starts, results = dict.fromkeys(self.axes, 0), []
        for n in range(batch):
            own = []
            for (name, _), x in zip(self.inputs, inputs):
                if name not in self.axes:
                    own.append(x[n:n + 1])
                    continue
                length = self.length_of(name, n)
                own.append(x[starts[name]:starts[name] + length].unsqueeze(0))
                starts[name] += length
            results.append(self.module(*own))
        # Positions, of which each sample has its own number, are rows of all samples.
        return [torch.cat([y.squeeze(0) if y.dim() > 2 else y for y in of]) for of in zip(*results)]

    def criterion(self, outputs, seed):
        """From outputs to the sum of the losses; the targets of each come from a seed of its own."""
        terms = []
        for number, word in enumerate(self.losses or [None] * len(self.outputs)):
            names, factor = weight(word) if self.losses else ([self.outputs[number]], 1)
            of = [self.outputs.index(name) for name in names or self.outputs]
            terms.append((of, factor, make_criterion(word, outputs[of[0]], seed + 7919 * number)))
        return lambda y: sum(factor * criterion(*[y[index] for index in of]) for of, factor, criterion in terms)
