#!/usr/bin/env python3
"""Writes pairs/dcgan.safetensors: what PyTorch computes when a generator and a discriminator train against each other.

    OPENBLAS_NUM_THREADS=1 /usr/bin/python3 gan.py

Made with PyTorch 1.13 (Debian's python3-torch) on a CPU, in double precision, of the networks dcgan_generator and dcgan_discriminator of
networks.py, with numbers from the same hash (hashed.py). A step of the pair:

1. The generator makes images of noise.
2. The discriminator learns from one batch, real images with target 1 in front of those with target 0.
3. It looks at the generator's images once more, with target 1. Its parameters stay what they are: the gradient of its input is the
   gradient of the generator's output, from which the generator learns.

Entries: `losses.discriminator` and `losses.generator` of ten steps, F64 [10]; of the first step `grad.images`, what the discriminator sends
back, and `grad.<parameter>` of the generator; `images`, what the trained generator makes of the first noise in evaluation. Tensors are
stored as make_golden.py does.
"""

import numpy as np
import torch

import make_golden as golden
from hashed import uniform
from networks import NETWORKS
from stacks import Declaration

SEED = 900
BATCH = 6
STEPS = 10
F = torch.nn.functional


def numbers(seed, *shape):
    return torch.from_numpy(uniform(seed, int(np.prod(shape))).astype(np.float64)).reshape(shape)


def adam(network):
    return torch.optim.Adam([p for _, p in network.parameters if p.requires_grad], lr=0.002, betas=(0.5, 0.999))


def main():
    words = {part: NETWORKS["dcgan_" + part][0] for part in ("generator", "discriminator")}
    generator, discriminator = Declaration(words["generator"]), Declaration(words["discriminator"])
    golden.fill(generator.parameters, SEED)
    golden.fill(discriminator.parameters, SEED + 1)
    optimisers = adam(generator), adam(discriminator)
    noise_shape, image_shape = generator.inputs[0][1], discriminator.inputs[0][1]
    ones, zeros = torch.ones(BATCH, 1, dtype=torch.float64), torch.zeros(BATCH, 1, dtype=torch.float64)
    tensors, losses = {}, {"discriminator": [], "generator": []}
    for step in range(STEPS):
        noise, real = numbers(SEED * 1000 + 2 * step, BATCH, *noise_shape), numbers(SEED * 1000 + 2 * step + 1, BATCH, *image_shape)
        images = generator.module(noise)[0]
        images.retain_grad()

        optimisers[1].zero_grad()
        verdict = discriminator.module(torch.cat([real, images.detach()]))[0]
        loss = F.binary_cross_entropy_with_logits(verdict, torch.cat([ones, zeros]))
        loss.backward()
        optimisers[1].step()
        losses["discriminator"].append(loss.item())

        optimisers[0].zero_grad()
        loss = F.binary_cross_entropy_with_logits(discriminator.module(images)[0], ones)
        loss.backward()
        losses["generator"].append(loss.item())
        if step == 0:
            golden.put(tensors, "grad.images", images.grad)
            for name, p in generator.parameters:
                if p.requires_grad:
                    golden.put(tensors, "grad." + name, p.grad)
        optimisers[0].step()

    tensors.update({"losses." + part: np.array(values) for part, values in losses.items()})
    golden.put(tensors, "images", generator.module.eval()(numbers(SEED * 1000, BATCH, *noise_shape))[0])
    folder = golden.HERE / "pairs"
    folder.mkdir(exist_ok=True)
    metadata = {**words, "batch": str(BATCH), "seed": str(SEED), "torch": torch.__version__}
    golden.write_safetensors(folder / "dcgan.safetensors", tensors, metadata)
    for part, values in losses.items():
        print(f"{part}: loss {values[0]:.5f} to {values[-1]:.5f}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
