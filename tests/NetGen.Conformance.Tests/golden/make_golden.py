#!/usr/bin/env python3
"""Writes the golden files of NetGen's conformance tests: what PyTorch computes for a table of networks.

    OPENBLAS_NUM_THREADS=2 /usr/bin/python3 make_golden.py [NAME ...]

Made with PyTorch 1.13 (Debian's python3-torch) on a CPU, in double precision from parameters and inputs that are exact
float32 numbers, so that a file is a better answer than any float32 program gives. Without names all files are
written. The tests read the files; they need no Python.

A network is a line of words (stacks.py), in the table networks.py.

Nothing that can be computed is stored. Parameters, inputs, targets and labels come from an integer hash (hashed.py)
that C# computes bit for bit; the file keeps the seed in its metadata. Tensors up to FULL elements are stored whole; of
larger ones SAMPLES elements at hashed places, and their sum and sum of magnitudes.

Two files, `<name>.parameters.safetensors`, hold the parameters themselves as a PyTorch user's script would store them.

Entries of a file: `output`, or `output.<name>` where outputs are declared, `loss` (F64), `grad.<input>`, `grad.<parameter>`, or
`<entry>.sample` with `<entry>.check` = F64 [sum, sum of magnitudes]; with batch normalisation `evaluation`, the outputs in evaluation, and
`after.<buffer>`, what one forward pass of training leaves in the buffers; `losses.<optimiser>` F64 [10], the loss before each of ten steps
on the same batch.
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch

from hashed import hash32, places, uniform
from networks import NETWORKS
from stacks import Declaration

FULL = 1536
SAMPLES = 384
HERE = Path(__file__).resolve().parent


def fill(parameters, seed):
    """Weights U(±sqrt(3 / fan_in)), biases and running means U(±0.25), running variances 1 + U(±0.25), 3 batches; by number of the tensor.
    """
    for number, (name, p) in enumerate(parameters):
        if name.endswith("num_batches_tracked"):
            p.fill_(3)
            continue
        scale = np.float32(0.25)
        if name.rpartition(".")[2].startswith("weight") or name.endswith("_proj_weight"):
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
    "sgd,lr=0.05,momentum=0.9,decay=0.01,nesterov":
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.01, nesterov=True),
    "sgd,lr=0.05,momentum=0.8,dampening=0.3,decay=0.02": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, dampening=0.3, weight_decay=0.02),
    "adam,lr=0.01,beta1=0.8,beta2=0.95,eps=1e-6,decay=0.05":
        lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.05),
}


def put(tensors, name, value):
    flat = value.detach().double().reshape(-1).numpy()
    if flat.size <= FULL:
        tensors[name] = value.detach().double().numpy().astype(np.float32)
    else:
        tensors[name + ".sample"] = flat[places(flat.size, SAMPLES)].astype(np.float32)
        tensors[name + ".check"] = np.array([flat.sum(), np.abs(flat).sum()])


# Trained with every optimiser that there is.
TINY = {"tiny", "tiny_mse"}

# Networks that momentum at the usual rate would blow up.
STEEP = {"cifar_sequential", "cifar_sequential_32", "mnist_conv_net", "transformer"}
GENTLE = {
    "sgd,lr=0.002,momentum=0.9": lambda p: torch.optim.SGD(p, lr=0.002, momentum=0.9),
    "adam,lr=0.0005": lambda p: torch.optim.Adam(p, lr=0.0005),
    "adamw,lr=0.0005,decay=0.1": lambda p: torch.optim.AdamW(p, lr=0.0005, weight_decay=0.1),
}


def entry(kind, output):
    """An only output that nobody has named is called output."""
    return kind if output == "output" else f"{kind}.{output}"


def golden(name, stack, batch, seed, optimisers):
    network = Declaration(stack)
    module, parameters = network.module, network.parameters
    fill(parameters, seed)
    start = [p.detach().clone() for _, p in parameters]
    inputs = []
    for number, (input_name, shape) in enumerate(network.inputs):
        own, positions = seed * 1000 + 500 * number, network.positions(input_name, batch)
        shape = (batch,) + shape if positions is None else (positions,) + shape[1:]
        count = int(np.prod(shape))
        if input_name in network.rows:
            rows = hash32(own, np.arange(count)).astype(np.int64) % (network.rows[input_name] or 1)
            inputs.append(torch.from_numpy(rows).reshape(shape))
            continue
        values = uniform(own, count)
        inputs.append(torch.from_numpy(values.astype(np.float64)).reshape(shape).requires_grad_())
    if name in PARAMETER_FILES:
        stored = {n: p.detach().numpy().astype(np.int64 if n.endswith("tracked") else np.float32) for n, p in sorted(parameters)}
        write_safetensors(HERE / f"{name}.parameters.safetensors", stored, {"format": "pt"})
    tensors = {}
    buffers = [(n, p) for n, p in parameters if not isinstance(p, torch.nn.Parameter)]
    if buffers:
        for output_name, y in zip(network.outputs, module.eval()(*inputs)):
            put(tensors, entry("evaluation", output_name), y)
        module.train()
    outputs = network.run(inputs, batch)
    for buffer_name, b in buffers:
        put(tensors, "after." + buffer_name, b)
    for output_name, y in zip(network.outputs, outputs):
        put(tensors, entry("output", output_name), y)

    criterion = network.criterion(outputs, seed * 1000 + 999)
    loss = criterion(outputs)
    loss.backward()
    if network.losses:
        tensors["loss"] = np.array(loss.item())
    for (input_name, _), x in [(port, x) for port, x in zip(network.inputs, inputs) if x.requires_grad]:
        put(tensors, "grad." + input_name, x.grad)
    learned = [(n, p) for n, p in parameters if p.requires_grad]
    for parameter_name, p in learned:
        put(tensors, "grad." + parameter_name, p.grad)

    if network.losses and learned:
        for optimiser_name, make in optimisers.items():
            for (_, p), initial in zip(parameters, start):
                p.data = initial.clone()
            optimiser = make([p for _, p in learned])
            losses = []
            for _ in range(10):
                optimiser.zero_grad()
                step_loss = criterion(network.run([x.detach() for x in inputs], batch))
                step_loss.backward()
                losses.append(step_loss.item())
                optimiser.step()
            # Where a training run blows up, losses say nothing but how rounding grew: such a network belongs to STEEP.
            if not max(map(abs, losses)) < 100 * abs(losses[0]) + 100:
                raise ValueError(f"{name} with {optimiser_name} diverges: {losses}")
            tensors["losses." + optimiser_name] = np.array(losses)

    metadata = {"stack": stack, "batch": str(batch), "seed": str(seed), "torch": torch.__version__}
    write_safetensors(HERE / f"{name}.safetensors", tensors, metadata)
    print(f"{name}: {stack}: {sum(t.nbytes for t in tensors.values())} bytes" + (f", loss {loss.item():.6f}" if network.losses else ""))


PARAMETER_FILES = {"image_pool_ce", "residual_nested", "batchnorm_cumulative"}

if __name__ == "__main__":
    torch.set_num_threads(2)
    wanted = sys.argv[1:] or list(NETWORKS)
    for number, (name, (stack, batch)) in enumerate(NETWORKS.items()):
        if name in wanted:
            golden(name, stack, batch, number + 1, MORE_OPTIMISERS if name in TINY else GENTLE if name in STEEP else OPTIMISERS)
