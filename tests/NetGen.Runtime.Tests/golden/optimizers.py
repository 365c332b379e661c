"""Writes optimizers.json: parameters after each of ten steps of PyTorch's SGD, Adam and AdamW.

Made with PyTorch 1.13 (Debian's python3-torch):  OPENBLAS_NUM_THREADS=1 python3 optimizers.py > optimizers.json
"""
import json
import sys

import torch

COUNT = 37  # not a multiple of any vector width
STEPS = 10
NEW_RATE_AT = 6  # step before which the learning rate is multiplied by 0.3

CASES = [
    ("SGD", dict(lr=0.1)),
    ("SGD", dict(lr=0.1, weight_decay=0.01)),
    ("SGD", dict(lr=0.05, momentum=0.9)),
    ("SGD", dict(lr=0.05, momentum=0.9, dampening=0.5)),
    ("SGD", dict(lr=0.05, momentum=0.9, weight_decay=0.02)),
    ("SGD", dict(lr=0.05, momentum=0.8, weight_decay=0.02, nesterov=True)),
    ("Adam", dict(lr=0.001)),
    ("Adam", dict(lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1)),
    ("AdamW", dict(lr=0.001)),
    ("AdamW", dict(lr=0.01, betas=(0.85, 0.99), eps=1e-7, weight_decay=0.3)),
]


def numbers(tensor):
    return [float(x) for x in tensor]


def main():
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(20240229)
    initial = torch.randn(COUNT, generator=generator)
    # Gradients over five orders of magnitude, some exactly zero.
    gradients = [torch.randn(COUNT, generator=generator) * 10 ** torch.linspace(-4, 1, COUNT) for _ in range(STEPS)]
    for gradient in gradients:
        gradient[torch.rand(COUNT, generator=generator) < 0.1] = 0
    cases = []
    for name, arguments in CASES:
        weights = torch.nn.Parameter(initial.clone())
        optimizer = getattr(torch.optim, name)([weights], **arguments)
        trajectory = []
        for step in range(STEPS):
            if step == NEW_RATE_AT:
                optimizer.param_groups[0]["lr"] *= 0.3
            weights.grad = gradients[step].clone()
            optimizer.step()
            trajectory.append(numbers(weights.detach()))
        cases.append(dict(optimizer=name, arguments=arguments, trajectory=trajectory))
    result = dict(torch=torch.__version__, new_rate_at=NEW_RATE_AT, rate_factor=0.3, initial=numbers(initial),
                  gradients=[numbers(g) for g in gradients], cases=cases)
    json.dump(result, sys.stdout)
    print()


main()
