#!/usr/bin/env python3
"""Writes the golden files of NetGen's conformance tests: what PyTorch computes for a table of networks.

    OPENBLAS_NUM_THREADS=2 /usr/bin/python3 make_golden.py [NAME ...]

Made with PyTorch 1.13 (Debian's python3-torch) on a CPU, in double precision from parameters and inputs that are exact
float32 numbers, so that a file is a better answer than any float32 program gives. Without names all files are
written. The tests read the files; they need no Python.

A network is a line of words, the same that the tests read (Model/Stack.cs):

    in:CxHxW, in:CxL or in:N    input shape of a sample; over (C, L) convolutions and poolings are the 1-d ones
    conv:OUT,kK[xK][,sS][,pP][,dD][,gG][,same][,reflect|replicate|circular][,nobias]      linear:OUT[,nobias]
    convt:OUT,kK[,sS][,pP][,oO][,dD][,gG][,nobias]      (o: output padding)
    zeropad:P reflectionpad:P replicationpad:P      (P: one number, or LEFTxRIGHTxTOPxBOTTOM)
    max:kK[,sS][,pP][,dD][,ceil]     avg:kK[,sS][,pP][,ceil][,nopad][,byN]     (nopad: count_include_pad=False; by: divisor_override)
    aavg:OUT[xOUT] amax:OUT[xOUT]    adaptive pooling; _ keeps the input's extent
    max@NAME:…,indices  unpool:NAME     MaxPool2d with returned indices, and MaxUnpool2d to them, with the pool's input size as output size
    bil:OUT,NAME[,nobias]       Bilinear of what arrives and the output of the layer NAME
    up:F[xF] up:oN[xN]          Upsample by factors, or to a size; then ,linear (bilinear of images) and ,align
    flatten:START,END unflatten:DIM,AxBxC identity
    relu sigmoid tanh gelu gelutanh softmax flatten
    relu sigmoid tanh gelu gelutanh softmax logsoftmax flatten prelu[:CHANNELS]
    layernorm[:SHAPE][,epsE][,plain][,nobias]   rmsnorm[:SHAPE][,epsE][,plain]   (no shape: the whole sample; plain: no weights)
    groupnorm:GROUPS[,epsE][,plain]     instancenorm[:affine][,epsE]
    leakyrelu[:SLOPE] elu[:ALPHA] selu silu mish hardswish hardsigmoid relu6 hardtanh[:MIN,MAX] softplus[:BETA,THRESHOLD]
    bn[:epsE][,momentumM][,cumulative][,plain]      BatchNorm2d of images, BatchNorm1d of others (plain: not affine)
    res[ ... ]                  x + body(x)
    res[ ... | ... ]            shortcut(x) + body(x); the shortcut's names are below `shortcut`
    seq[ ... ]                  a block under a name of its own
    the loss, last, with its options behind a colon, e.g. ce:w=1/0.5/2,e=0.1,sum:
    ce nll                      CrossEntropyLoss, NLLLoss; w= class weights, i= index to ignore, e= label smoothing; prob: targets are probabilities
    mse l1 huber smoothl1       MSELoss, L1Loss, HuberLoss (d= delta), SmoothL1Loss (b= beta)
    bce bcelogits               BCELoss, BCEWithLogitsLoss; w= weights, p= positive weights: one, or one for each feature or channel
    kl cosine                   KLDivLoss (log: log target), CosineEmbeddingLoss (m= margin)
    sum batchmean               the reduction, for each of them; the mean otherwise

A word may carry a name: conv@stem:16,k3.

Nothing that can be computed is stored. Parameters, inputs, targets and labels come from an integer hash (`uniform` below)
that C# computes bit for bit; the file keeps the seed in its metadata. Tensors up to FULL elements are stored whole; of
larger ones SAMPLES elements at hashed places, and their sum and sum of magnitudes.

Two files, `<name>.parameters.safetensors`, hold the parameters themselves as a PyTorch user's script would store them.

Entries of a file: `output`, `loss` (F64), `grad.input`, `grad.<parameter>`, or `<entry>.sample` with `<entry>.check` = F64
[sum, sum of magnitudes]; with batch normalisation `evaluation`, the output in evaluation, and `after.<buffer>`, what one forward
pass of training leaves in the buffers; `losses.<optimiser>` F64 [10], the loss before each of ten steps on the same batch.
"""

import json
import re
import struct
import sys
from pathlib import Path

import numpy as np
import torch

FULL = 1536
SAMPLES = 384
HERE = Path(__file__).resolve().parent


# --- numbers from an integer hash ---------------------------------------------------------------------------------------

def hash32(seed, index):
    """MurmurHash3's finaliser over seed and index, in 32-bit arithmetic; index may be an array."""
    x = (np.asarray(index, dtype=np.uint64) * 0x9E3779B9 + np.uint64(seed * 0x85EBCA6B & 0xFFFFFFFF)) & 0xFFFFFFFF
    x ^= x >> np.uint64(16)
    x = x * 0x85EBCA6B & 0xFFFFFFFF
    x ^= x >> np.uint64(13)
    x = x * 0xC2B2AE35 & 0xFFFFFFFF
    x ^= x >> np.uint64(16)
    return x


def uniform(seed, count, scale=1.0):
    """count float32 numbers in [-scale, scale): 24 hash bits each, one rounded multiplication."""
    bits = (hash32(seed, np.arange(count)) >> np.uint64(8)).astype(np.int64) - (1 << 23)
    return bits.astype(np.float32) * np.float32(2.0 ** -23) * np.float32(scale)


def places(count):
    """The sampled elements of a tensor of count elements: one in each of SAMPLES equal parts, ascending."""
    i = np.arange(SAMPLES, dtype=np.int64)
    return (i * count + (hash32(0, i).astype(np.int64) % count)) // SAMPLES


# --- the stack language --------------------------------------------------------------------------------------------------

class Residual(torch.nn.Module):
    def __init__(self, body, shortcut):
        super().__init__()
        self.body = body
        self.shortcut = shortcut

    def forward(self, x):
        return self.shortcut(x) + self.body(x)


class IndexedPool(torch.nn.Module):
    """A MaxPool2d that keeps the indices of its last pass."""

    def __init__(self, pool):
        super().__init__()
        self.pool = pool

    def forward(self, x):
        y, self.indices = torch.nn.functional.max_pool2d(x, self.pool.kernel_size, self.pool.stride, self.pool.padding, self.pool.dilation, self.pool.ceil_mode, True)
        self.size = x.size()
        return y


class Unpool(torch.nn.Module):
    def __init__(self, indexed):
        super().__init__()
        # In a list, so that the pool is no module of this one.
        self.indexed = [indexed]
        self.unpool = torch.nn.MaxUnpool2d(indexed.pool.kernel_size, indexed.pool.stride, indexed.pool.padding)

    def forward(self, x):
        return self.unpool(x, self.indexed[0].indices, output_size=self.indexed[0].size)


class Kept(torch.nn.Module):
    """A module that keeps the output of its last pass, for another one."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, x):
        self.output = self.module(x)
        return self.output


class Bilinear(torch.nn.Module):
    """Bilinear of the input and what a module in front has given."""

    def __init__(self, bilinear, kept):
        super().__init__()
        self.bilinear = bilinear
        # In a list, so that it is no module of this one.
        self.kept = [kept]

    def forward(self, x):
        return self.bilinear(x, self.kept[0].output)


class RMSNorm(torch.nn.Module):
    """torch.nn.RMSNorm of PyTorch 2.4, which 1.13 does not have: x / sqrt(mean(x²) + eps) · weight."""

    def __init__(self, shape, eps, affine):
        super().__init__()
        self.dimensions, self.eps = tuple(range(-len(shape), 0)), eps
        self.weight = torch.nn.Parameter(torch.ones(shape)) if affine else None

    def forward(self, x):
        y = x * torch.rsqrt(x.pow(2).mean(self.dimensions, keepdim=True) + self.eps)
        return y if self.weight is None else y * self.weight


def sample_norm(kind, options, shape):
    """LayerNorm, RMSNorm, GroupNorm or InstanceNorm for samples of a shape; eps as the layers hold it, a float32 number."""
    eps = float(np.float32(next((o[3:] for o in options if o.startswith("eps")), 2.0 ** -23 if kind == "rmsnorm" else 1e-5)))
    if kind == "groupnorm":
        return torch.nn.GroupNorm(int(options[0]), shape[0], eps, affine="plain" not in options)
    if kind == "instancenorm":
        return (torch.nn.InstanceNorm1d if len(shape) == 2 else torch.nn.InstanceNorm2d)(shape[0], eps, affine="affine" in options)
    normalized = [int(d) for d in options[0].split("x")] if options and options[0][0].isdigit() else list(shape)
    if kind == "rmsnorm":
        return RMSNorm(normalized, eps, "plain" not in options)
    m = torch.nn.LayerNorm(normalized, eps, elementwise_affine="plain" not in options)
    if "nobias" in options:
        # PyTorch 1.13 has no option for it.
        m.bias = None
    return m


def pair(text):
    parts = [int(p) for p in text.split("x")]
    return (parts[0], parts[0]) if len(parts) == 1 else tuple(parts)


def constants(options):
    """Constants as the layers hold them: float32 numbers."""
    return [float(np.float32(o)) for o in options]


def parse(stack):
    """Returns (module, input shape, loss name or None, [(parameter name, parameter)])."""
    words = stack.split()
    assert words[0].startswith("in:")
    shape = tuple(int(d) for d in words[0][3:].split("x"))
    loss = words.pop() if words[-1].partition(":")[0] in LOSSES else None
    parameters = []
    position = 1
    x = torch.zeros((1,) + shape)
    pools = {}
    kept = {}

    def find(known, path, name):
        """What the name means at the path: beside it, else around the block that holds it, and so on outwards."""
        scopes = path.split(".")[:-1]
        return next(known[p] for p in (".".join(scopes[:n] + [name]) for n in range(len(scopes), -1, -1)) if p in known)

    def layers(prefix, x):
        nonlocal position
        modules, numbers = [], {}
        while position < len(words) and words[position] not in ("]", "|"):
            word = words[position]
            position += 1
            head, _, rest = word.partition(":")
            kind, _, name = head.partition("@")
            options = rest.split(",") if rest else []
            kind_name = {"res[": "residual", "seq[": "sequential", "convt": "convtranspose", "bn": "batchnorm", "unpool": "maxunpool", "bil": "bilinear"}.get(kind, kind)
            numbers[kind_name] = numbers.get(kind_name, 0) + 1
            path = prefix + (name or f"{kind_name}{numbers[kind_name]}")
            named = {o[0]: o[1:] for o in options if re.fullmatch(r"[kspdgo]\d+(x\d+)?", o)}
            kernel = pair(named.get("k", "1"))
            padding = pair(named.get("p", "0"))
            if kind == "conv":
                mode = next((o for o in options if o in ("reflect", "replicate", "circular")), "zeros")
                one_row = x.dim() == 3
                convolution, extent = (torch.nn.Conv1d, lambda p: p[1]) if one_row else (torch.nn.Conv2d, lambda p: p)
                m = convolution(x.shape[1], int(options[0]), extent(kernel), extent(pair(named.get("s", "1"))), "same" if "same" in options else extent(padding),
                                extent(pair(named.get("d", "1"))), int(named.get("g", "1")), "nobias" not in options, mode)
            elif kind == "convt":
                m = torch.nn.ConvTranspose2d(x.shape[1], int(options[0]), kernel, pair(named.get("s", "1")), padding, pair(named.get("o", "0")),
                                             int(named.get("g", "1")), "nobias" not in options, pair(named.get("d", "1")))
            elif kind.endswith("pad"):
                sides = [int(p) for p in options[0].split("x")]
                m = {"zeropad": torch.nn.ZeroPad2d, "reflectionpad": torch.nn.ReflectionPad2d,
                     "replicationpad": torch.nn.ReplicationPad2d}[kind](sides[0] if len(sides) == 1 else tuple(sides))
            elif kind == "linear":
                m = torch.nn.Linear(x.shape[1], int(options[0]), bias="nobias" not in options)
            elif kind in ("max", "avg"):
                along = x.dim() == 3
                window = [kernel, pair(named["s"]) if "s" in named else kernel, padding]
                window = [w[1] for w in window] if along else window
                more = {"ceil_mode": "ceil" in options}
                if kind == "max":
                    dilation = pair(named.get("d", "1"))
                    more["dilation"] = dilation[1] if along else dilation
                else:
                    more["count_include_pad"] = "nopad" not in options
                    by = [int(o[2:]) for o in options if o.startswith("by")]
                    if by:
                        more["divisor_override"] = by[0]
                m = {("max", True): torch.nn.MaxPool1d, ("max", False): torch.nn.MaxPool2d,
                     ("avg", True): torch.nn.AvgPool1d, ("avg", False): torch.nn.AvgPool2d}[kind, along](*window, **more)
                if "indices" in options:
                    m = pools[path] = IndexedPool(m)
            elif kind == "unpool":
                m = Unpool(find(pools, path, options[0]))
            elif kind == "bil":
                second = find(kept, path, options[1])
                linear = torch.nn.Bilinear(x.shape[1], second.output.shape[1], int(options[0]), bias="nobias" not in options)
                m = Bilinear(linear, second)
                parameters.append((path + ".weight", linear.weight))
                if linear.bias is not None:
                    parameters.append((path + ".bias", linear.bias))
            elif kind in ("aavg", "amax"):
                size = tuple(None if d == "_" else int(d) for d in options[0].split("x"))
                size = size[0] if len(size) == 1 else size
                m = {("aavg", 3): torch.nn.AdaptiveAvgPool1d, ("aavg", 4): torch.nn.AdaptiveAvgPool2d,
                     ("amax", 3): torch.nn.AdaptiveMaxPool1d, ("amax", 4): torch.nn.AdaptiveMaxPool2d}[kind, x.dim()](size)
            elif kind == "up":
                sizes = options[0].lstrip("o").split("x")
                sizes = tuple((int if options[0][0] == "o" else float)(n) for n in sizes)
                sizes = sizes[-1] if len(sizes) == 1 or x.dim() == 3 else sizes
                mode = "nearest" if "linear" not in options else "linear" if x.dim() == 3 else "bilinear"
                m = torch.nn.Upsample(**{"size" if options[0][0] == "o" else "scale_factor": sizes}, mode=mode, align_corners=True if "align" in options else None)
            elif kind == "flatten" and options:
                m = torch.nn.Flatten(int(options[0]), int(options[1]))
            elif kind == "unflatten":
                m = torch.nn.Unflatten(int(options[0]) % x.dim(), tuple(int(n) for n in options[1].split("x")))
            elif kind == "identity":
                m = torch.nn.Identity()
            elif kind == "bn":
                settings = {k: float(o[len(k):]) for o in options for k in ("eps", "momentum") if o.startswith(k)}
                make = torch.nn.BatchNorm2d if x.dim() == 4 else torch.nn.BatchNorm1d
                m = make(x.shape[1], eps=settings.get("eps", 1e-5), momentum=None if "cumulative" in options else settings.get("momentum", 0.1), affine="plain" not in options)
            elif kind in ("layernorm", "rmsnorm", "groupnorm", "instancenorm"):
                m = sample_norm(kind, options, tuple(x.shape[1:]))
            elif kind == "res[":
                body, _ = layers(path + ".", x)
                shortcut = torch.nn.Identity()
                if words[position] == "|":
                    position += 1
                    shortcut, _ = layers(path + ".shortcut.", x)
                assert words[position] == "]"
                position += 1
                m = Residual(body, shortcut)
            elif kind == "seq[":
                m, _ = layers(path + ".", x)
                assert words[position] == "]"
                position += 1
            else:
                m = {"relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh, "gelu": torch.nn.GELU,
                     "gelutanh": lambda: torch.nn.GELU(approximate="tanh"), "softmax": lambda: torch.nn.Softmax(dim=1),
                     "logsoftmax": lambda: torch.nn.LogSoftmax(dim=1), "prelu": lambda: torch.nn.PReLU(*[int(o) for o in options]),
                     "flatten": torch.nn.Flatten,
                     "leakyrelu": lambda: torch.nn.LeakyReLU(*constants(options)), "elu": lambda: torch.nn.ELU(*constants(options)),
                     "selu": torch.nn.SELU, "silu": torch.nn.SiLU, "mish": torch.nn.Mish, "hardswish": torch.nn.Hardswish,
                     "hardsigmoid": torch.nn.Hardsigmoid, "relu6": torch.nn.ReLU6, "hardtanh": lambda: torch.nn.Hardtanh(*constants(options)),
                     "softplus": lambda: torch.nn.Softplus(*constants(options))}[kind]()
            if kind in ("conv", "convt", "linear"):
                parameters.append((path + ".weight", m.weight))
                if m.bias is not None:
                    parameters.append((path + ".bias", m.bias))
            m = m.double()
            if kind.endswith("norm") or kind == "prelu":
                parameters.extend((f"{path}.{n}", p) for n, p in m.named_parameters())
            if kind == "bn":
                parameters.extend((f"{path}.{n}", p) for n, p in m.named_parameters())
                parameters.extend((f"{path}.{n}", b) for n, b in m.named_buffers())
            if name:
                m = kept[path] = Kept(m)
            modules.append(m)
            x = m.eval()(x.double())
            m.train()
        return torch.nn.Sequential(*modules), x

    module, _ = layers("", x)
    return module, shape, loss, parameters


def fill(parameters, seed):
    """Weights U(±sqrt(3 / fan_in)), biases and running means U(±0.25), running variances 1 + U(±0.25), 3 batches; by number of the tensor."""
    for number, (name, p) in enumerate(parameters):
        if name.endswith("num_batches_tracked"):
            p.fill_(3)
            continue
        scale = np.float32(0.25)
        if name.endswith("weight"):
            scale = np.sqrt(np.float32(3.0) / np.float32(p[0].numel()))
        values = uniform(seed * 1000 + 1 + number, p.numel(), scale)
        if name.endswith("running_var"):
            values = np.float32(1) + values
        p.data = torch.from_numpy(values.astype(np.float64)).reshape(p.shape)


# --- safetensors, by hand ---------------------------------------------------------------------------------------------------

def write_safetensors(path, tensors, metadata):
    header, offset, blobs = {"__metadata__": metadata}, 0, []
    for name, array in tensors.items():
        array = np.ascontiguousarray(array)
        dtype = {np.dtype(np.float32): "F32", np.dtype(np.float64): "F64", np.dtype(np.int64): "I64"}[array.dtype]
        blob = array.astype(array.dtype.newbyteorder("<")).tobytes()
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [offset, offset + len(blob)]}
        offset += len(blob)
        blobs.append(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


# --- one network ----------------------------------------------------------------------------------------------------------------

OPTIMISERS = {
    "sgd,lr=0.05,momentum=0.9": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    "adam,lr=0.002": lambda p: torch.optim.Adam(p, lr=0.002),
    "adamw,lr=0.002,decay=0.1": lambda p: torch.optim.AdamW(p, lr=0.002, weight_decay=0.1),
}

MORE_OPTIMISERS = {
    **OPTIMISERS,
    "sgd,lr=0.1": lambda p: torch.optim.SGD(p, lr=0.1),
    "sgd,lr=0.05,momentum=0.9,decay=0.01,nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.01, nesterov=True),
    "sgd,lr=0.05,momentum=0.8,dampening=0.3,decay=0.02": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, dampening=0.3, weight_decay=0.02),
    "adam,lr=0.01,beta1=0.8,beta2=0.95,eps=1e-6,decay=0.05":
        lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.05),
}


LOSSES = ("ce", "nll", "mse", "l1", "huber", "smoothl1", "bce", "bcelogits", "kl", "cosine")


def make_criterion(word, output, seed):
    """From output to loss; targets come from the seed."""
    F = torch.nn.functional
    batch, width = output.shape[0], output[0].numel()
    # Float32 numbers, exactly: uniform ones have 24 bits.
    values = uniform(seed, batch * width)
    as_target = lambda array: torch.from_numpy(array.astype(np.float64)).reshape(output.shape)
    if word is None:
        # No loss: the gradient of the output is given.
        target = as_target(values)
        return lambda y: (y * target).sum()

    kind, _, rest = word.partition(":")
    options = rest.split(",") if rest else []
    named = dict(o.split("=") for o in options if "=" in o)
    reduction = "sum" if "sum" in options else "batchmean" if "batchmean" in options else "mean"

    def factors(key, by_channel):
        if key not in named:
            return None
        numbers = torch.tensor([float(np.float32(f)) for f in named[key].split("/")], dtype=torch.float64)
        return numbers.reshape((-1,) + (1,) * (output.dim() - 2)) if by_channel and output.dim() > 2 else numbers

    if kind in ("ce", "nll"):
        weight, ignored = factors("w", False), int(named.get("i", -100))
        if "prob" in options:
            target = as_target((values + np.float32(1)) / np.float32(2))
        else:
            # With -1 to ignore, labels start there.
            target = hash32(seed, np.arange(batch)) % (width + 1) - 1 if ignored == -1 else hash32(seed, np.arange(batch)) % width
            target = torch.from_numpy(target.astype(np.int64))
        if kind == "nll":
            return lambda y: F.nll_loss(y, target, weight=weight, ignore_index=ignored, reduction=reduction)
        smoothing = float(named.get("e", 0))
        return lambda y: F.cross_entropy(y, target, weight=weight, ignore_index=ignored, reduction=reduction, label_smoothing=smoothing)
    if kind in ("bce", "bcelogits"):
        target, weight = as_target((values + np.float32(1)) / np.float32(2)), factors("w", True)
        if kind == "bce":
            return lambda y: F.binary_cross_entropy(y, target, weight=weight, reduction=reduction)
        positive = factors("p", True)
        return lambda y: F.binary_cross_entropy_with_logits(y, target, weight=weight, pos_weight=positive, reduction=reduction)
    if kind == "kl":
        log = "log" in options
        target = as_target(values - np.float32(1) if log else np.maximum(values, np.float32(0)))
        return lambda y: F.kl_div(y, target, reduction=reduction, log_target=log)
    target = as_target(values)
    if kind == "cosine":
        labels = torch.from_numpy((1 - 2 * (hash32(seed - 1, np.arange(batch)).astype(np.int64) % 2)))
        margin = float(named.get("m", 0))
        return lambda y: F.cosine_embedding_loss(y, target, labels, margin=margin, reduction=reduction)
    if kind == "huber":
        return lambda y: F.huber_loss(y, target, reduction=reduction, delta=float(named.get("d", 1)))
    if kind == "smoothl1":
        return lambda y: F.smooth_l1_loss(y, target, reduction=reduction, beta=float(named.get("b", 1)))
    return lambda y: {"mse": F.mse_loss, "l1": F.l1_loss}[kind](y, target, reduction=reduction)


def put(tensors, name, value):
    flat = value.detach().double().reshape(-1).numpy()
    if flat.size <= FULL:
        tensors[name] = value.detach().double().numpy().astype(np.float32)
    else:
        tensors[name + ".sample"] = flat[places(flat.size)].astype(np.float32)
        tensors[name + ".check"] = np.array([flat.sum(), np.abs(flat).sum()])


# Stacks that momentum at the usual rate would blow up.
GENTLE = {
    "sgd,lr=0.002,momentum=0.9": lambda p: torch.optim.SGD(p, lr=0.002, momentum=0.9),
    "adam,lr=0.0005": lambda p: torch.optim.Adam(p, lr=0.0005),
    "adamw,lr=0.0005,decay=0.1": lambda p: torch.optim.AdamW(p, lr=0.0005, weight_decay=0.1),
}


def golden(name, stack, batch, seed, optimisers):
    module, shape, loss_name, parameters = parse(stack)
    fill(parameters, seed)
    start = [p.detach().clone() for _, p in parameters]
    size = int(np.prod(shape))
    x = torch.from_numpy(uniform(seed * 1000, batch * size).astype(np.float64)).reshape((batch,) + shape).requires_grad_()
    if name in PARAMETER_FILES:
        stored = {n: p.detach().numpy().astype(np.int64 if n.endswith("tracked") else np.float32) for n, p in sorted(parameters)}
        write_safetensors(HERE / f"{name}.parameters.safetensors", stored, {"format": "pt"})
    tensors = {}
    buffers = [(n, p) for n, p in parameters if not p.requires_grad]
    if buffers:
        put(tensors, "evaluation", module.eval()(x))
        module.train()
    output = module(x)
    for buffer_name, b in buffers:
        put(tensors, "after." + buffer_name, b)
    put(tensors, "output", output)
    width = output[0].numel()

    criterion = make_criterion(loss_name, output, seed * 1000 + 999)
    loss = criterion(output)
    loss.backward()
    if loss_name:
        tensors["loss"] = np.array(loss.item())
    put(tensors, "grad.input", x.grad)
    learned = [(n, p) for n, p in parameters if p.requires_grad]
    for parameter_name, p in learned:
        put(tensors, "grad." + parameter_name, p.grad)

    if loss_name and learned:
        for optimiser_name, make in optimisers.items():
            for (_, p), initial in zip(parameters, start):
                p.data = initial.clone()
            optimiser = make([p for _, p in learned])
            losses = []
            for _ in range(10):
                optimiser.zero_grad()
                step_loss = criterion(module(x.detach()))
                step_loss.backward()
                losses.append(step_loss.item())
                optimiser.step()
            tensors["losses." + optimiser_name] = np.array(losses)

    write_safetensors(HERE / f"{name}.safetensors", tensors, {"stack": stack, "batch": str(batch), "seed": str(seed), "torch": torch.__version__})
    print(f"{name}: {stack}: {sum(t.nbytes for t in tensors.values())} bytes" + (f", loss {loss.item():.6f}" if loss_name else ""))


# --- the table ----------------------------------------------------------------------------------------------------------------

NETWORKS = {
    # Whole networks: the and the benchmark's.
    "mnist_conv_net": ("in:1x28x28 conv:32,k7,p3 relu max:k2 conv:64,k5,p2 relu max:k2 flatten linear:128 relu linear:10 ce", 5),
    "lenet": ("in:1x28x28 conv:6,k5,p2 sigmoid avg:k2 conv:16,k5 sigmoid avg:k2 flatten linear:120 sigmoid linear:84 sigmoid linear:10 ce", 17),
    "mlp": ("in:784 linear:256 relu linear:128 relu linear:10 ce", 17),
    "tiny": ("in:16 linear:32 relu linear:16 relu linear:4 ce", 3),
    "tiny_mse": ("in:16 linear:32 tanh linear:4 mse", 17),
    "residual": ("in:3x12x12 conv@stem:16,k3,p1 relu res[ conv:16,k3,p1 relu conv:16,k3,p1 ] relu "
                 "res[ conv:16,k3,p1 relu conv:16,k3,p1,nobias ] relu max:k2 flatten linear:10 ce", 3),
    "residual_nested": ("in:8 linear@embed:12 res[ linear:12 tanh res[ linear:12 gelu linear:12 ] ] gelutanh linear:5 ce", 17),
    "cifar_sequential": ("in:3x16x16 conv:32,k5,p2 max:k2 conv:32,k5,p2 max:k2 conv:64,k5,p2 max:k2 flatten linear:64 linear:10 ce", 2),
    "feed_forward": ("in:1x125x128 conv:16,k15x16,s15x16,nobias gelu flatten", 2),
    "softmax_mse": ("in:10 linear:7 softmax mse", 17),
    "image_mse": ("in:3x6x6 conv:5,k3,p1 tanh conv:3,k1 sigmoid mse", 3),
    "image_pool_ce": ("in:5x11x9 conv:17,k3,s2 gelu avg:k2,s1,p1,nopad conv:20,k2x3 relu max:k3,s2,p1,ceil flatten linear:33 tanh linear:10 ce", 17),

    # Convolutions without a loss: strides, kernels, paddings, odd channel counts.
    "conv_1x1": ("in:5x7x7 conv:33,k1", 3),
    "conv_k3": ("in:3x8x9 conv:17,k3", 1),
    "conv_k3_p1": ("in:16x9x9 conv:20,k3,p1", 3),
    "conv_k3_s2": ("in:17x9x10 conv:3,k3,s2", 3),
    "conv_k3_s2_p1": ("in:3x10x10 conv:16,k3,s2,p1", 17),
    "conv_k2_s3": ("in:4x11x10 conv:5,k2,s3", 3),
    "conv_k5_p4": ("in:2x6x6 conv:8,k5,p4", 3),
    "conv_k3x2_s2x1": ("in:5x9x7 conv:7,k3x2,s2x1,p1x0", 3),
    "conv_k1x5": ("in:3x6x12 conv:33,k1x5,s1x2,p0x2", 3),
    "conv_whole_input": ("in:6x5x4 conv:20,k5x4", 17),
    "conv_one_pixel": ("in:33x1x1 conv:40,k1", 17),
    "conv_one_pixel_p1": ("in:7x1x1 conv:9,k3,p1", 3),
    "conv_nobias": ("in:20x5x5 conv:17,k3,p1,nobias", 3),
    "conv_wide": ("in:1x3x40 conv:6,k3,p1", 1),
    "conv_s3_p2": ("in:3x13x13 conv:18,k4,s3,p2", 3),
    "conv_big_stride": ("in:2x12x12 conv:5,k2,s5", 3),

    "linear_odd": ("in:33 linear:17", 3),
    "linear_one": ("in:1 linear:1", 17),
    "linear_nobias": ("in:20 linear:5,nobias", 1),
    "linear_wide": ("in:7 linear:130", 17),

    "max_2": ("in:5x8x8 max:k2", 3),
    "max_3_s2": ("in:3x9x9 max:k3,s2", 3),
    "max_3_s1_p1": ("in:17x6x7 max:k3,s1,p1", 3),
    "max_3_s2_p1_ceil": ("in:20x8x9 max:k3,s2,p1,ceil", 3),
    "max_2x3_p0x1": ("in:3x8x10 max:k2x3,p0x1", 17),
    "max_ceil_skips": ("in:4x2x2 max:k3,s3,p1,ceil", 3),
    "max_1_s2_ceil": ("in:2x32x5 max:k1,s2,ceil", 1),
    "max_drops_rows": ("in:33x7x5 max:k2", 3),
    "avg_2": ("in:5x8x8 avg:k2", 3),
    "avg_3_s2": ("in:3x9x9 avg:k3,s2", 3),
    "avg_3_s1_p1": ("in:17x6x7 avg:k3,s1,p1", 3),
    "avg_3_s1_p1_nopad": ("in:17x6x7 avg:k3,s1,p1,nopad", 3),
    "avg_3_s2_p1_ceil": ("in:20x8x9 avg:k3,s2,p1,ceil", 3),
    "avg_3_s2_p1_ceil_nopad": ("in:3x8x9 avg:k3,s2,p1,ceil,nopad", 3),
    "avg_4_s4_p2_ceil": ("in:5x9x9 avg:k4,s4,p2,ceil", 3),
    "avg_2x3_s1x2": ("in:33x5x9 avg:k2x3,s1x2,p1x1", 1),
    "avg_global": ("in:20x7x7 avg:k7 flatten", 17),
    "avg_s3_k2_ceil": ("in:3x9x8 avg:k2,s3,ceil", 3),

    "relu": ("in:5x4x3 relu", 3),
    "sigmoid": ("in:33 sigmoid", 3),
    "tanh": ("in:5x4x3 tanh", 3),
    "gelu": ("in:17 gelu", 17),
    "gelu_image": ("in:3x5x5 gelu", 1),
    "gelu_tanh": ("in:33 gelutanh", 3),
    "softmax": ("in:33 softmax", 3),
    "softmax_two": ("in:2 softmax", 17),
    "flatten": ("in:3x4x5 flatten", 3),
    "flatten_channels": ("in:17x3x3 flatten linear:5", 3),
    "residual_activation": ("in:20 res[ tanh ] res[ relu ]", 3),
    "residual_image": ("in:5x6x6 res[ max:k3,s1,p1 ] res[ avg:k3,s1,p1 relu ]", 3),
    "loss_only_linear_ce": ("in:5 linear:2 ce", 17),
    "loss_only_linear_mse": ("in:3 linear:1 mse", 1),
    "ce_many_classes": ("in:20 linear:33 ce", 3),

    "conv_dilated": ("in:16x9x10 conv:20,k3,p2,d2 relu conv:7,k3x2,s2x3,p1,d3x2", 3),
    "conv1d": ("in:5x30 conv:18,k4,s2,p3 relu conv:7,k3,p4,d3 tanh conv:20,k5,same,nobias flatten linear:3 ce", 3),
    "conv1d_modes": ("in:17x12 conv:6,k4,same,reflect relu conv:9,k3,p2,s2,circular conv:16,k3,p4,replicate", 3),
    "conv1d_groups": ("in:12x15 conv:24,k3,p1,g12 relu conv:6,k3,g2,s2 conv:6,k5,p2,g6", 3),
    "conv_groups_of_16": ("in:32x7x8 conv:64,k3,p1,g2 relu conv:32,k3x2,s2,g2 conv:16,k1", 3),
    "conv_groups_odd": ("in:6x8x7 conv:15,k3,p1,g3 gelu conv:40,k3,s2,p1,g5 relu conv:16,k2,g8,nobias", 3),
    "conv_depthwise": ("in:20x9x8 conv:20,k3,p1,g20 relu conv:20,k5,p2,s2,d2,g20 sigmoid conv:33,k1 mse", 17),
    "conv_depthwise_multiplier": ("in:7x8x9 conv:21,k3,p1,g7 relu conv:42,k3x2,s2x1,g21,nobias", 3),
    "convt": ("in:5x4x5 convt:18,k3,s2,p1,o1 relu convt:7,k4x2,s3x1,p2x0 tanh convt:3,k2,s2,nobias", 3),
    "convt_options": ("in:6x4x3 convt:20,k3,s2x3,d2x3,p1x2,o1x2 relu convt:6,k3,d4,p3,o3 conv:4,k3,s2", 3),
    "convt_wide": ("in:32x5x6 convt:32,k3,p1 relu convt:16,k4,s2,p1 sigmoid convt:20,k5,p2", 2),
    "convt_groups": ("in:8x4x4 convt:12,k3,s2,g4 relu convt:12,k3,p1,g12 relu convt:24,k2,s2,g12,nobias", 3),
    "autoencoder": ("in:1x16x16 conv:16,k3,s2,p1 relu conv:32,k3,s2,p1 relu convt:16,k3,s2,p1,o1 relu convt:1,k3,s2,p1,o1 sigmoid mse", 3),
    "conv_same": ("in:5x7x8 conv:18,k4x2,same relu conv:6,k3x4,d2x1,same", 3),
    "conv_reflect": ("in:3x8x7 conv:17,k3,p2x1,reflect relu conv:5,k5,s2,p2,reflect", 3),
    "conv_replicate": ("in:16x6x7 conv:20,k3x4,p3x2,replicate tanh conv:4,k4,same,replicate", 3),
    "conv_circular": ("in:4x6x5 conv:19,k3,p1x5,s2x1,circular relu conv:7,k2x4,same,d1x2,circular", 3),
    "pads": ("in:5x6x7 zeropad:1x2x0x3 conv:17,k3 relu reflectionpad:2x0x3x1 conv:6,k3,s2 replicationpad:3x1x0x2 conv:3,k2 zeropad:2", 3),
    "conv_dilated_plain": ("in:3x12x11 conv:17,k3,s2,p3,d4x3", 3),
    "adaptive_avg_global": ("in:20x7x7 aavg:1 flatten linear:5 ce", 17),
    "adaptive_avg_global_16": ("in:32x9x8 relu aavg:1 flatten linear:5 ce", 3),
    "adaptive_avg_divides": ("in:5x6x8 aavg:3x4", 3),
    "adaptive_avg_uneven": ("in:17x7x9 aavg:3x4", 3),
    "adaptive_avg_enlarges": ("in:5x2x3 aavg:7", 3),
    "adaptive_avg_keeps": ("in:3x5x7 aavg:_x3", 3),
    "adaptive_avg_same": ("in:16x7x7 aavg:7 flatten linear:3 ce", 3),
    "adaptive_avg_one_pixel": ("in:16x1x1 aavg:7x7 flatten linear:3 ce", 3),
    "adaptive_avg_1d": ("in:17x11 aavg:4", 3),
    "adaptive_avg_1d_global": ("in:5x13 relu aavg:1 flatten linear:3 ce", 17),

    # Activations with constants.
    "leakyrelu": ("in:33 leakyrelu", 3),
    "leakyrelu_slope": ("in:3x4x5 leakyrelu:-0.3", 3),
    "elu": ("in:33 elu", 3),
    "elu_alpha": ("in:3x4x5 elu:0.6", 3),
    "selu": ("in:33 selu", 3),
    "silu": ("in:33 silu", 3),
    "mish": ("in:33 mish", 3),
    "hardswish": ("in:33 linear:40 hardswish", 3),
    "hardsigmoid": ("in:33 linear:40 hardsigmoid", 3),
    "relu6": ("in:33 relu6", 3),
    "hardtanh": ("in:3x4x5 hardtanh", 3),
    "hardtanh_range": ("in:33 hardtanh:-0.25,0.5", 3),
    "softplus": ("in:17x3x4 softplus", 3),
    "softplus_beta": ("in:33 softplus:2.5,0.75", 3),
    "activations_conv": ("in:3x7x8 conv:17,k3,p1 leakyrelu:0.2 conv:20,k3 elu max:k2 conv:18,k2 softplus flatten linear:16 silu linear:9 mish linear:5 ce", 3),
    "batchnorm_image": ("in:5x6x7 bn", 3),
    "batchnorm_vector": ("in:33 bn", 17),
    "batchnorm_plain": ("in:20x4x5 bn:plain,eps0.1 relu", 3),
    "batchnorm_cumulative": ("in:3x8x8 conv:17,k3 bn:cumulative relu max:k2 flatten linear:20,nobias bn:momentum0.5 tanh linear:5 ce", 17),
    "batchnorm_residual": ("in:3x9x9 conv:16,k3,p1,nobias bn relu res[ conv:16,k3,p1,nobias bn relu conv:16,k3,p1,nobias bn ] relu avg:k9 flatten linear:10 ce", 5),
    "shortcut": ("in:5x7x8 res[ conv:18,k3,s2,p1,nobias bn relu conv:18,k3,p1,nobias bn | conv:18,k1,s2,nobias bn ] relu seq[ conv:7,k3 tanh ] flatten linear:4 ce", 5),
    "fashion_cnn": ("in:1x28x28 conv:16,k3,p1 bn relu max:k2 conv:32,k3 bn relu max:k2 flatten linear:64 relu linear:10 ce", 5),
    "adaptive_max_global": ("in:20x7x7 amax:1 flatten linear:5 ce", 3),
    "adaptive_max_uneven": ("in:17x7x9 amax:3x4", 3),
    "adaptive_max_keeps": ("in:5x2x3 amax:_x5", 3),
    "adaptive_max_1d": ("in:17x11 amax:4", 3),
    "max_dilated": ("in:17x9x10 max:k3,s2,p1,d2", 3),
    "max_dilated_pairs": ("in:3x10x11 max:k2x3,s1x2,p1,d3x2,ceil", 3),
    "avg_divisor": ("in:17x7x7 avg:k3,s2,p1,ceil,by5", 3),
    "avg_divisor_nopad": ("in:3x7x8 avg:k2,nopad,by-3", 3),
    "max_1d": ("in:17x12 max:k3", 3),
    "max_1d_options": ("in:5x13 max:k3,s2,p1,d2,ceil", 17),
    "max_1d_network": ("in:6x21 max:k2,ceil relu avg:k3,s2,p1 flatten linear:4 ce", 3),
    "avg_1d": ("in:17x12 avg:k4", 3),
    "avg_1d_options": ("in:5x12 avg:k3,s2,p1,ceil,nopad", 17),

    # Normalisation of single samples.
    "layernorm_vector": ("in:33 layernorm", 3),
    "layernorm_image": ("in:5x4x6 layernorm", 3),
    "layernorm_plane": ("in:5x4x6 layernorm:4x6,nobias,eps0.01", 3),
    "layernorm_row": ("in:17x3x5 layernorm:5", 3),
    "layernorm_plain": ("in:3x7 layernorm:7,plain", 3),
    "rmsnorm_vector": ("in:40 rmsnorm", 3),
    "rmsnorm_image": ("in:5x4x6 rmsnorm:6,eps0.001", 3),
    "groupnorm": ("in:20x4x3 groupnorm:4", 3),
    "groupnorm_vector": ("in:18 groupnorm:3,eps0.01", 3),
    "groupnorm_plain": ("in:6x9 groupnorm:2,plain", 3),
    "instancenorm": ("in:5x4x6 instancenorm", 3),
    "instancenorm_affine": ("in:17x9 instancenorm:affine,eps0.001", 3),
    "norms_conv": ("in:3x8x8 conv:16,k3,p1 groupnorm:4 relu max:k2 conv:20,k3,p1 instancenorm:affine silu conv:12,k2 layernorm elu flatten linear:24 layernorm gelu linear:10 rmsnorm linear:5 ce", 3),

    "loss_ce_weights": ("in:9 linear:5 ce:w=1/0.5/2/0.25/3", 17),
    "loss_ce_ignored": ("in:9 linear:3 ce:i=1", 17),
    "loss_ce_ignored_weights": ("in:9 linear:3 ce:w=1/0.5/2,i=-1", 17),
    "loss_ce_smooth": ("in:9 linear:5 ce:e=0.1", 17),
    "loss_ce_smooth_many": ("in:9 linear:20 ce:e=0.3,i=-1", 17),
    "loss_ce_smooth_weights": ("in:9 linear:5 ce:w=1/0.5/2/0.25/3,e=0.2,i=2", 17),
    "loss_ce_smooth_weights_sum": ("in:9 linear:5 ce:w=1/0.5/2/0.25/3,e=0.2,i=2,sum", 17),
    "loss_ce_sum": ("in:9 linear:5 ce:sum", 3),
    "loss_ce_probabilities": ("in:9 linear:20 ce:prob", 17),
    "loss_ce_probabilities_all": ("in:9 linear:5 ce:w=1/0.5/2/0.25/3,e=0.2,prob", 17),
    "loss_ce_probabilities_sum": ("in:9 linear:5 ce:e=0.2,prob,sum", 3),
    "loss_nll": ("in:9 linear:5 nll", 3),
    "loss_nll_all": ("in:9 linear:5 nll:w=1/0.5/2/0.25/3,i=-1", 17),
    "loss_nll_sum": ("in:9 linear:5 nll:w=1/0.5/2/0.25/3,i=2,sum", 17),
    "loss_mse_sum": ("in:9 linear:5 mse:sum", 3),
    "loss_l1": ("in:9 linear:19 l1", 3),
    "loss_l1_sum": ("in:9 linear:5 l1:sum", 3),
    "loss_huber": ("in:9 linear:19 huber", 3),
    "loss_huber_delta": ("in:9 linear:5 huber:d=0.25,sum", 3),
    "loss_smoothl1": ("in:9 linear:19 smoothl1", 3),
    "loss_smoothl1_beta": ("in:9 linear:5 smoothl1:b=0.25,sum", 3),
    "loss_smoothl1_zero": ("in:9 linear:5 smoothl1:b=0", 3),
    "loss_bce": ("in:9 linear:19 sigmoid bce", 3),
    "loss_bce_weights": ("in:9 linear:5 sigmoid bce:w=1/0.5/2/0.25/3,sum", 3),
    "loss_bce_image": ("in:3x5x5 conv:3,k3,p1 sigmoid bce:w=1/0.5/2", 3),
    "loss_bcelogits": ("in:9 linear:19 bcelogits", 3),
    "loss_bcelogits_weights": ("in:9 linear:5 bcelogits:w=1/0.5/2/0.25/3,p=2/1/0.5/4/0.25", 3),
    "loss_bcelogits_image": ("in:3x5x5 conv:3,k3,p1 bcelogits:p=2/1/0.5,sum", 3),
    "loss_bcelogits_one": ("in:3x5x5 conv:20,k3 bcelogits:w=0.5,p=2", 3),
    "loss_kl": ("in:9 linear:19 kl", 3),
    "loss_kl_batchmean": ("in:9 linear:5 kl:batchmean", 3),
    "loss_kl_log": ("in:9 linear:5 kl:log", 3),
    "loss_kl_log_sum": ("in:9 linear:19 kl:log,sum", 3),
    "loss_cosine": ("in:9 linear:19 cosine", 17),
    "loss_cosine_margin": ("in:9 linear:5 cosine:m=0.25,sum", 17),
    "loss_l1_image": ("in:3x5x5 conv:5,k3 l1", 3),
    "loss_smoothl1_image": ("in:3x5x5 conv:20,k3 relu smoothl1:b=0.5", 3),
    "up_nearest": ("in:17x3x4 up:2", 3),
    "up_nearest_factors": ("in:3x5x7 up:1.7x2.3", 3),
    "up_nearest_size": ("in:3x7x5 up:o4x13", 3),
    "up_bilinear": ("in:17x3x4 up:2,linear", 3),
    "up_bilinear_factors": ("in:3x5x7 up:1.7x2.3,linear", 3),
    "up_bilinear_align": ("in:3x5x4 up:o9x11,linear,align", 3),
    "up_bilinear_down": ("in:3x9x11 up:o4x5,linear", 3),
    "up_1d": ("in:5x7 up:3 relu up:1.5,linear flatten linear:3 ce", 3),
    "up_network": ("in:3x6x6 conv:16,k3,p1 relu up:2 conv:5,k3,p1 relu up:1.5,linear conv:2,k3 mse", 3),
    "flatten_dims": ("in:5x4x3 flatten:2,-1 flatten:1,2", 3),
    "flatten_first": ("in:17x2x3 flatten:1,2 relu", 3),
    "unflatten": ("in:12 linear:48 relu unflatten:1,3x4x4 conv:5,k3,p1 identity flatten linear:3 ce", 3),
    "unflatten_length": ("in:6x12 unflatten:2,3x-1 max:k2", 3),
    "prelu": ("in:33 prelu", 3),
    "prelu_channels": ("in:17x3x4 prelu:17", 3),
    "logsoftmax": ("in:33 logsoftmax", 3),
    "prelu_conv": ("in:3x7x8 conv:17,k3 prelu:17 max:k2 flatten linear:12 prelu linear:6 logsoftmax", 5),

    # The named models that the table above has not, or only smaller or without a loss.
    "logistic_regression": ("in:20 linear:1 bcelogits", 17),
    "softmax_regression": ("in:784 linear:10 ce", 17),
    "feed_forward_trained": ("in:1x125x128 conv:16,k15x16,s15x16,nobias gelu flatten linear:10 ce", 2),
    "cifar_sequential_32": ("in:3x32x32 conv:32,k5,p2 max:k2 conv:32,k5,p2 max:k2 conv:64,k5,p2 max:k2 flatten linear:64 linear:10 ce", 2),
    "autoencoder_upsample": ("in:1x28x28 conv:16,k3,s2,p1 relu conv:8,k3,s2,p1 relu up:2 conv:16,k3,p1 relu up:2 conv:1,k3,p1 sigmoid mse", 3),
    "autoencoder_norm": ("in:1x20x20 conv:16,k3,s2,p1,nobias bn relu conv:32,k3,s2,p1,nobias bn relu convt:16,k2,s2,nobias bn relu convt:1,k2,s2 mse", 5),
    "unpool": ("in:5x8x8 max@p:k2,indices unpool:p", 3),
    "unpool_drops": ("in:17x7x9 max@p:k2,indices tanh unpool:p", 3),
    "unpool_overlaps": ("in:3x9x8 max@p:k3,s2,p1,indices sigmoid unpool:p", 3),
    "unpool_gaps": ("in:4x11x8 max@p:k2,s3,indices unpool:p relu", 3),
    "unpool_ceil": ("in:20x7x7 max@p:k3,s2,ceil,indices unpool:p", 3),
    "unpool_autoencoder": ("in:1x16x16 conv:16,k3,p1 relu max@a:k2,indices conv:20,k3,p1 relu max@b:k2,indices unpool:b convt:16,k3,p1 relu unpool:a convt:1,k3,p1 sigmoid mse", 3),
    "unpool_blocks": ("in:3x8x8 seq[@encoder conv:16,k3,p1 bn relu max@pool:k2,indices ] seq[@decoder conv:16,k1 relu unpool:encoder.pool ] conv:5,k3 flatten linear:3 ce", 3),
    "bilinear": ("in:9 linear@a:17 tanh linear:6 bil:5,a ce", 5),
    "bilinear_blocks": ("in:3x4x4 conv:5,k3 relu flatten@map seq[@encoder linear@fc:7 gelu linear:17 ] tanh bil:4,encoder.fc,nobias relu bil:6,encoder bil:3,map mse", 3),
}

PARAMETER_FILES = {"image_pool_ce", "residual_nested", "batchnorm_cumulative"}

if __name__ == "__main__":
    torch.set_num_threads(2)
    wanted = sys.argv[1:] or list(NETWORKS)
    for number, (name, (stack, batch)) in enumerate(NETWORKS.items()):
        if name in wanted:
            golden(name, stack, batch, number + 1, MORE_OPTIMISERS if name in ("tiny", "tiny_mse") else GENTLE if name in ("cifar_sequential", "cifar_sequential_32", "mnist_conv_net") else OPTIMISERS)
