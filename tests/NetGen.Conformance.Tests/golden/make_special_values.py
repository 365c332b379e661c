#!/usr/bin/env python3
"""Writes special_values.txt: what PyTorch computes of NaN, infinity, and numbers whose exponential is not a normal float32 number.

    OPENBLAS_NUM_THREADS=1 /usr/bin/python3 make_special_values.py

Made with PyTorch 1.13 (Debian's python3-torch) on a CPU, in double precision. A line is a network in the words of stacks.py, its
parameters as they are initialised, for one sample; behind it, each after a tab, the input, the target (numbers, or a label; nothing
without a
loss), the loss, the output and the input's gradient. Without a loss the output's gradient is 1, 2, 3, 1, 2, 3, and so on.

For single numbers and for vectors PyTorch's loops differ in what they do with NaN (hardtanh, elu, hardswish). Activations are asked number
by number both ways; of two answers the file has the one in which the NaN shows most: NaN, then what is not zero.

Results of activations that are no float32 number for their size are infinite.

Left out is what NetGen defines otherwise (docs/numerics.md): infinity where PyTorch multiplies it by zero, L1Loss at NaN.
"""

import math
from pathlib import Path

import torch

from stacks import Declaration

NAN, INF = math.nan, math.inf
F = torch.nn.functional

LARGE = [-3e38, -1e30, -200, -104, -103, -95, -90, -88, -87.5, -87, -60, -50, -43, -42, 42, 43, 50, 60, 87, 88, 88.5, 90, 95, 104, 200,
         1e30, 3e38, 0]
ACTIVATIONS = {
    "relu": [NAN, INF, -INF], "relu6": [NAN, INF, -INF], "hardtanh": [NAN, INF, -INF], "hardtanh:-0.5,2": [NAN, INF, -INF, -0.5, 2],
    "leakyrelu": [NAN, INF, -INF], "leakyrelu:-0.5": [NAN], "prelu": [NAN, INF, -INF], "elu": [NAN, INF, -INF], "elu:-2": [NAN, INF,
    -INF], "selu": [NAN, INF, -INF],
    "hardswish": [NAN, INF, -INF], "hardsigmoid": [NAN, INF, -INF], "sigmoid": [NAN, INF, -INF], "tanh": [NAN, INF, -INF],
    "softplus": [NAN, INF, -INF], "softplus:2.5,4": [NAN, INF, -INF], "exp": [NAN, INF, -INF],
    "silu": [NAN], "mish": [NAN], "gelu": [NAN], "gelutanh": [NAN],
    "addc:0.75": [NAN, INF, -INF], "subc:1.25": [NAN, INF, -INF], "mulc:-0.5": [NAN, INF, -INF], "divc:1.5": [NAN, INF, -INF],
    "maximumc:-0.25": [NAN, INF, -INF, -0.25], "minimumc:0.5": [NAN, INF, -INF, 0.5],
}
WINDOWS = [[1, NAN, 3, 2], [NAN, 2, 3, 4], [NAN, 1, NAN, 2], [1, 2, NAN, NAN], [NAN] * 4, [-INF] * 4, [1, INF, 3, INF], [-INF, NAN, INF,
           5], [2, 2, 1, 2]]
ROWS = [[0, -INF, 1], [-INF] * 3, [INF, 0, 1], [INF, INF, 0], [NAN, 0, 1], [0, -100, -88], [0, -1e9, -1e30], [5, -95, -97], [-1e30,
        -2e30, -1e30]]


def number(x):
    return repr(float(x))


def single(x):
    """Infinity for what is larger than float32's numbers; all digits of others."""
    return math.copysign(INF, x) if abs(x) > torch.finfo(torch.float32).max else x


def grad_of(shape):
    return torch.tensor([1.0 + i % 3 for i in range(math.prod(shape))], dtype=torch.float64).reshape(shape)


def line(stack, values, target=(), loss=None, output=(), gradient=()):
    texts = [" ".join(number(v) for v in part) for part in (values, target, [] if loss is None else [loss], output, gradient)]
    return "\t".join([stack] + texts)


def run(stack, values, criterion=None):
    network = Declaration(stack)
    x = torch.tensor(values, dtype=torch.float64).reshape((1,) + network.inputs[0][1]).requires_grad_()
    y = network.module(x)[0]
    loss = None if criterion is None else criterion(y)
    (y * grad_of(y.shape)).sum().backward() if criterion is None else loss.backward()
    return y.detach().reshape(-1).tolist(), x.grad.reshape(-1).tolist(), None if loss is None else loss.item()


def activation(word):
    values, outputs, gradients = ACTIVATIONS[word] + LARGE, [], []
    for i, value in enumerate(values):
        upstream, answers = 1.0 + i % 3, []
        for copies in (1, 64):
            module = Declaration(f"in:{copies} {word}").module
            x = torch.full((1, copies), float(value), dtype=torch.float64, requires_grad=True)
            y = module(x)[0]
            y.backward(torch.full_like(y, upstream))
            answers.append((single(y[0, 0].item()), single(x.grad[0, 0].item())))
        outputs.append(answers[0][0])
        gradients.append(max((a[1] for a in answers), key=lambda g: (math.isnan(g), g != 0)))
    return line(f"in:{len(values)} {word}", values, output=outputs, gradient=gradients)


def lossy(word, values, target, criterion):
    stack = f"in:1x1x{len(values)} flatten"
    output, gradient, loss = run(stack, values, criterion)
    return line(f"{stack} {word}", values, target, loss, output, gradient)


def as_tensor(numbers, shape):
    return torch.tensor(numbers, dtype=torch.float64).reshape(shape)


def main():
    lines = [activation(word) for word in ACTIVATIONS]

    for window in WINDOWS:
        for stack in ("in:1x2x2 max:k2", "in:1x2x2 amax:1", "in:1x2x2 max:k2,s1,p1", "in:1x2x2 relu max:k2",
                      "in:1x2x2 hardtanh:-9,9 max:k2", "in:1x2x2 max@p:k2,indices unpool:p",
                      "in:1x4 max:k4", "in:1x4 amax:2", "in:1x4 max:k2,s1"):
            output, gradient, _ = run(stack, window)
            lines.append(line(stack, window, output=output, gradient=gradient))
        # Windows that are written out as loops, and the one that is the whole plane.
        for stack in ("in:1x6x6 amax:1", "in:1x6x6 max:k5,s1", "in:1x6x6 max@p:k5,s1,indices unpool:p", "in:1x6x6 max:k3,s3"):
            values = [i % 7 - 9 for i in range(36)]
            for place, v in zip((8, 14, 15, 27), window):
                values[place] = v
            output, gradient, _ = run(stack, values)
            lines.append(line(stack, values, output=output, gradient=gradient))

    for row in ROWS:
        for word in ("softmax", "logsoftmax"):
            output, gradient, _ = run(f"in:3 {word}", row)
            lines.append(line(f"in:3 {word}", row, output=output, gradient=gradient))
        for label in range(3):
            index = torch.tensor([label])
            weight = torch.tensor([1, 0.5, 2], dtype=torch.float64)
            lines.append(lossy("ce", row, [label], lambda y: F.cross_entropy(y, index)))
            lines.append(lossy("ce:w=1/0.5/2", row, [label], lambda y: F.cross_entropy(y, index, weight=weight)))
            lines.append(lossy("ce:e=0.1", row, [label], lambda y: F.cross_entropy(y, index, label_smoothing=0.1)))
            lines.append(lossy("nll", row, [label], lambda y: F.nll_loss(y, index)))
        share = [0.25, 0.5, 0.25]
        lines.append(lossy("ce:prob", row, share, lambda y: F.cross_entropy(y, as_tensor(share, y.shape))))

    logits = [-50, -10, -5, 10, 200, -200, 95, -95, 88, -88]
    for target in (1, 0, 0.25):
        targets = [target] * len(logits)
        output, gradient, loss = run(f"in:{len(logits)} sigmoid", logits, lambda y: F.binary_cross_entropy(y, as_tensor(targets, y.shape)))
        lines.append(line(f"in:{len(logits)} sigmoid bce", logits, targets, loss, output, gradient))
        lines.append(lossy("bcelogits", logits, targets, lambda y: F.binary_cross_entropy_with_logits(y, as_tensor(targets, y.shape))))
        lines.append(lossy("bce", [0, 1, 0.5], [target] * 3, lambda y: F.binary_cross_entropy(y, as_tensor([target] * 3, y.shape))))
        for value in (INF, -INF, NAN):
            lines.append(lossy("bcelogits", [value], [target], lambda y: F.binary_cross_entropy_with_logits(y, as_tensor([target],
                               y.shape))))
    for value in (-INF, -200, -1, NAN):
        for target in (0, 0.5):
            lines.append(lossy("kl", [value, -2], [target, 0.25], lambda y: F.kl_div(y, as_tensor([target, 0.25], y.shape),
                               reduction="mean")))
        for target in (-INF, -200, -95, -88, -1, 60, 80):
            # The probability e^-200 is zero in single precision, and its product with infinity no number.
            if value == -INF and target == -200:
                continue
            lines.append(lossy("kl:log", [value, -2], [target, -1], lambda y: F.kl_div(y, as_tensor([target, -1], y.shape),
                               reduction="mean", log_target=True)))
    for value in (NAN, INF, -INF):
        zeros = [0, 1, -1]
        for word, criterion in (("mse", F.mse_loss), ("huber", F.huber_loss), ("smoothl1", F.smooth_l1_loss)):
            lines.append(lossy(word, [value, 2, 3], zeros, lambda y: criterion(y, as_tensor(zeros, y.shape))))
    for value in (INF, -INF):
        lines.append(lossy("l1", [value, 2, 3], zeros, lambda y: F.l1_loss(y, as_tensor(zeros, y.shape))))

    (Path(__file__).parent / "special_values.txt").write_text("\n".join(lines) + "\n")
    print(len(lines), "lines")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
