#!/usr/bin/env python3
"""Writes the golden files of the large models: what PyTorch computes for networks that the reference interpreter is too slow for.

    OPENBLAS_NUM_THREADS=2 /usr/bin/python3 models.py [NAME ...]

Made with PyTorch 1.13 (Debian's python3-torch) on a CPU. Numbers come from the same hash (hashed.py), tensors in the order of
declaration. Everything is computed twice, in double and in single precision: the file has the doubles, and how far PyTorch's own single
precision is from them, which is what the tests allow a multiple of.

Entries: `output`, `grad.<number of the tensor>`: SAMPLES elements at hashed places (all of smaller tensors). `loss` and `losses`, of ten
steps of SGD, F64. `norm.<entry>`, F64 [root of the mean square of all elements, the same of single precision's error].
"""

import sys

import numpy as np
import torch

import make_golden as golden
from hashed import hash32, places, uniform
from stacks import Declaration

SAMPLES = 96


def vgg(classifier):
    words = []
    for channels, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        words += [f"conv:{channels},k3,p1 relu"] * count + ["max:k2"]
    return " ".join(words) + " flatten " + classifier + " ce"


def basic(channels, stride, shortcut):
    body = f"conv:{channels},k3,s{stride},p1,nobias bn relu conv:{channels},k3,p1,nobias bn"
    return f"res[ {body}{f' | conv:{channels},k1,s{stride},nobias bn' if shortcut else ''} ] relu"


def bottleneck(channels, stride, shortcut):
    body = f"conv:{channels},k1,nobias bn relu conv:{channels},k3,s{stride},p1,nobias bn relu conv:{4 * channels},k1,nobias bn"
    return f"res[ {body}{f' | conv:{4 * channels},k1,s{stride},nobias bn' if shortcut else ''} ] relu"


def stages(unit, counts, first_shortcut):
    words = []
    for stage, count in enumerate(counts):
        for i in range(count):
            stride = 2 if stage > 0 and i == 0 else 1
            words.append(unit(64 << stage, stride, i == 0 and (stage > 0 or first_shortcut)))
    return " ".join(words)


# A residual network of random weights is chaotic: at the usual rate single precision would leave double within a few steps.
RATES = {"resnet50_224": 1e-6}

MODELS = {
    "vgg16": ("in:3x32x32 " + vgg("linear:512 relu linear:512 relu linear:10"), 2),
    "resnet18": ("in:3x32x32 conv:64,k3,p1,nobias bn relu " + stages(basic, (2, 2, 2, 2), False) + " aavg:1 flatten linear:10 ce", 3),
    "vgg16_224": ("in:3x224x224 " + vgg("linear:4096 relu linear:4096 relu linear:1000"), 1),
    "resnet50_224": ("in:3x224x224 conv:64,k7,s2,p3,nobias bn relu max:k3,s2,p1 " + stages(bottleneck, (3, 4, 6, 3), True)
                     + " aavg:1 flatten linear:1000 ce", 2),
}


def run(stack, batch, seed, dtype, rate):
    """Output, gradients and losses, all as doubles."""
    network = Declaration(stack)
    module, (_, shape), parameters = network.module, network.inputs[0], network.parameters
    golden.fill(parameters, seed)
    module.to(dtype)
    if dtype == torch.float32:
        # Converting replaces the buffers, which the names still refer to in double.
        parameters = [(n, p) for n, p in parameters if p.requires_grad]
    learned = [p for _, p in parameters if p.requires_grad]
    numbers = [i for i, (_, p) in enumerate(golden_order(stack)) if p]
    size = int(np.prod(shape))
    x = torch.from_numpy(uniform(seed * 1000, batch * size)).reshape((batch,) + shape).to(dtype)
    module.train()
    output = module(x)[0]
    labels = torch.from_numpy((hash32(seed * 1000 + 999, np.arange(batch)) % output.shape[1]).astype(np.int64))
    entries = {"output": output.detach().double().numpy()}
    optimiser = torch.optim.SGD(learned, lr=rate, momentum=0.9)
    losses = []
    for step in range(10):
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(module(x)[0] if step > 0 else output, labels)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            for number, p in zip(numbers, learned):
                entries[f"grad.{number}"] = p.grad.double().numpy().copy()
        optimiser.step()
    return entries, np.array(losses)


def golden_order(stack):
    """For every tensor of the network, in order, whether it is learned."""
    return [(name, p.requires_grad) for name, p in Declaration(stack).parameters]


def root_mean_square(values):
    return float(np.sqrt(np.mean(np.square(values))))


def write(name, stack, batch, seed):
    rate = RATES.get(name, 0.001)
    exact, losses = run(stack, batch, seed, torch.float64, rate)
    single, single_losses = run(stack, batch, seed, torch.float32, rate)
    tensors = {}
    for entry, values in exact.items():
        flat = values.reshape(-1)
        tensors[entry] = (flat if flat.size <= SAMPLES else flat[places(flat.size, SAMPLES)]).astype(np.float32)
        tensors["norm." + entry] = np.array([root_mean_square(values), root_mean_square(values - single[entry])])
    tensors["losses"] = losses
    tensors["norm.losses"] = np.abs(losses - single_losses)
    folder = golden.HERE / "models"
    folder.mkdir(exist_ok=True)
    metadata = {"rate": repr(rate), "batch": str(batch), "seed": str(seed), "torch": torch.__version__}
    golden.write_safetensors(folder / f"{name}.safetensors", tensors, metadata)
    print(f"{name}: {sum(t.nbytes for t in tensors.values())} bytes, losses {losses[0]:.5f} to {losses[-1]:.5f}, "
          f"single precision off by {np.max(np.abs(losses - single_losses)):.2g}")


if __name__ == "__main__":
    torch.set_num_threads(2)
    for number, (name, (stack, batch)) in enumerate(MODELS.items()):
        if name in (sys.argv[1:] or MODELS):
            write(name, stack, batch, number + 101)
