"""The losses at the end of a network's words, with their options behind a colon, e.g. ce:w=1/0.5/2,e=0.1,sum. Several add up.

    ce nll                  CrossEntropyLoss, NLLLoss; w= class weights, i= index to ignore, e= label smoothing;
                            prob: targets are probabilities; dim=-1: a class at each position of (positions, classes)
    mse l1 huber smoothl1   MSELoss, L1Loss, HuberLoss (d= delta), SmoothL1Loss (b= beta)
    bce bcelogits           BCELoss, BCEWithLogitsLoss; w= weights, p= positive weights: one, or one for each feature or channel
    kl cosine               KLDivLoss (log: log target), CosineEmbeddingLoss of one output or of two (m= margin)
    contrastive triplet     ContrastiveLoss of two outputs (t= temperature), TripletMarginLoss of three (m= margin, p= eps= swap), without a
                            target
    sum batchmean           the reduction, for each of them; the mean otherwise
    of=NAME/... factor=F    for each of them: the outputs that it is of, where there are several, and what it counts
"""

import numpy as np
import torch

from hashed import hash32, uniform

LOSSES = {}


class Options:
    """A loss's options, and its targets, which come from a seed."""

    def __init__(self, options, output, seed):
        self.options = options
        self.named = dict(o.split("=") for o in options if "=" in o)
        self.output = output
        self.seed = seed
        self.reduction = "sum" if "sum" in options else "batchmean" if "batchmean" in options else "mean"

    def number(self, key, otherwise):
        return float(self.named.get(key, otherwise))

    def factors(self, key, by_channel=False):
        if key not in self.named:
            return None
        numbers = torch.tensor([float(np.float32(f)) for f in self.named[key].split("/")], dtype=torch.float64)
        return numbers.reshape((-1,) + (1,) * (self.output.dim() - 2)) if by_channel and self.output.dim() > 2 else numbers

    def values(self, change=lambda x: x):
        """Targets like the output. Float32 numbers, exactly: uniform ones have 24 bits."""
        changed = change(uniform(self.seed, self.output.numel()))
        return torch.from_numpy(changed.astype(np.float64)).reshape(self.output.shape)

    def probabilities(self):
        return self.values(lambda x: (x + np.float32(1)) / np.float32(2))

    def rows(self, y):
        """The output as a row for each class to be found: of a sample, or of each of its positions."""
        return y.reshape(-1, y.shape[-1]) if self.named.get("dim") == "-1" else y

    def labels(self, ignored):
        """With -1 to ignore, labels start there."""
        rows = self.rows(self.output)
        batch, width = rows.shape[0], rows[0].numel()
        places = np.arange(batch)
        labels = hash32(self.seed, places) % (width + 1) - 1 if ignored == -1 else hash32(self.seed, places) % width
        return torch.from_numpy(labels.astype(np.int64))


def loss(kind):
    """Enters a function that makes, from the options, a function from the output, or from several, to the loss."""

    def enter(make):
        LOSSES[kind] = make
        return make

    return enter


F = torch.nn.functional


@loss("ce")
def cross_entropy(o):
    weight, ignored, smoothing = o.factors("w"), int(o.named.get("i", -100)), o.number("e", 0)
    target = o.probabilities() if "prob" in o.options else o.labels(ignored)
    return lambda y: F.cross_entropy(o.rows(y), target, weight=weight, ignore_index=ignored, reduction=o.reduction, label_smoothing=smoothing)


@loss("nll")
def negative_log_likelihood(o):
    weight, ignored = o.factors("w"), int(o.named.get("i", -100))
    target = o.labels(ignored)
    return lambda y: F.nll_loss(o.rows(y), target, weight=weight, ignore_index=ignored, reduction=o.reduction)


@loss("mse")
def squares(o):
    target = o.values()
    return lambda y: F.mse_loss(y, target, reduction=o.reduction)


@loss("l1")
def absolute(o):
    target = o.values()
    return lambda y: F.l1_loss(y, target, reduction=o.reduction)


@loss("huber")
def huber(o):
    target, delta = o.values(), o.number("d", 1)
    return lambda y: F.huber_loss(y, target, reduction=o.reduction, delta=delta)


@loss("smoothl1")
def smooth_absolute(o):
    target, beta = o.values(), o.number("b", 1)
    return lambda y: F.smooth_l1_loss(y, target, reduction=o.reduction, beta=beta)


@loss("bce")
def binary_cross_entropy(o):
    target, weight = o.probabilities(), o.factors("w", by_channel=True)
    return lambda y: F.binary_cross_entropy(y, target, weight=weight, reduction=o.reduction)


@loss("bcelogits")
def binary_cross_entropy_of_logits(o):
    target, weight, positive = o.probabilities(), o.factors("w", by_channel=True), o.factors("p", by_channel=True)
    return lambda y: F.binary_cross_entropy_with_logits(y, target, weight=weight, pos_weight=positive, reduction=o.reduction)


@loss("kl")
def divergence(o):
    log = "log" in o.options
    target = o.values(lambda x: x - np.float32(1) if log else np.maximum(x, np.float32(0)))
    return lambda y: F.kl_div(y, target, reduction=o.reduction, log_target=log)


@loss("cosine")
def cosine(o):
    target, margin = o.values(), o.number("m", 0)
    labels = torch.from_numpy((1 - 2 * (hash32(o.seed - 1, np.arange(o.output.shape[0])).astype(np.int64) % 2)))
    return lambda y, other=target: F.cosine_embedding_loss(y, other, labels, margin=margin, reduction=o.reduction)


@loss("contrastive")
def contrastive(o):
    temperature = o.number("t", 1)

    def criterion(a, b):
        scores = a @ b.T / temperature
        pairs = torch.arange(len(a))
        return (F.cross_entropy(scores, pairs, reduction=o.reduction) + F.cross_entropy(scores.T, pairs, reduction=o.reduction)) / 2

    return criterion


@loss("triplet")
def triplet(o):
    margin, norm, eps, swap = o.number("m", 1), o.number("p", 2), o.number("eps", 1e-6), "swap" in o.options
    return lambda a, p, n: F.triplet_margin_loss(a, p, n, margin=margin, p=norm, eps=eps, swap=swap, reduction=o.reduction)


def weight(word):
    """The names of the outputs that a loss is of, none where there is only one; and its factor."""
    named = dict(o.split("=") for o in word.partition(":")[2].split(",") if "=" in o)
    return named["of"].split("/") if "of" in named else [], float(named.get("factor", 1))


def make_criterion(word, output, seed):
    """From the output, or those that the loss is of, to the loss; targets are like the output, and come from the seed."""
    if word is None:
        # No loss: the gradient of the output is given.
        target = Options([], output, seed).values()
        return lambda y: (y * target).sum()
    kind, _, rest = word.partition(":")
    return LOSSES[kind](Options(rest.split(",") if rest else [], output, seed))
