"""Writes optimizers.json: parameters after some of a hundred steps of PyTorch's optimisers, with groups and clipping.

Made with PyTorch 1.13 (Debian's python3-torch):  OPENBLAS_NUM_THREADS=1 python3 optimizers.py > optimizers.json
"""
import json
import sys

import numpy as np
import torch

PARTS = [16, 5, 16]  # elements of the parameters a, b, c; together not a multiple of any vector width
STEPS = 100
SHOWN = [1, 2, 3, 5, 10, 25, 50, 75, 100]  # steps after which the parameters are written down
NEW_RATE_AT = 60  # step before which the optimiser's learning rate is multiplied by 0.3

CASES = [
    ("SGD", dict(lr=0.1)),
    ("SGD", dict(lr=0.1, weight_decay=0.01)),
    ("SGD", dict(lr=0.05, momentum=0.9)),
    ("SGD", dict(lr=0.05, momentum=0.9, dampening=0.5)),
    ("SGD", dict(lr=0.05, momentum=0.9, weight_decay=0.02)),
    ("SGD", dict(lr=0.05, momentum=0.8, weight_decay=0.02, nesterov=True)),
    ("SGD", dict(lr=0.05, momentum=0.8, weight_decay=0.02, dampening=0.1, maximize=True)),
    ("Adam", dict(lr=0.001)),
    ("Adam", dict(lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1)),
    ("Adam", dict(lr=0.01, betas=(0.8, 0.95), weight_decay=0.1, amsgrad=True)),
    ("Adam", dict(lr=0.01, weight_decay=0.1, maximize=True)),
    ("AdamW", dict(lr=0.001)),
    ("AdamW", dict(lr=0.01, betas=(0.85, 0.99), eps=1e-7, weight_decay=0.3)),
    ("AdamW", dict(lr=0.01, betas=(0.85, 0.99), weight_decay=0.3, amsgrad=True)),
    ("AdamW", dict(lr=0.01, weight_decay=0.3, maximize=True)),
    ("RMSprop", dict(lr=0.01)),
    ("RMSprop", dict(lr=0.01, alpha=0.9, eps=1e-6, weight_decay=0.1)),
    ("RMSprop", dict(lr=0.01, alpha=0.95, momentum=0.8)),
    ("RMSprop", dict(lr=0.01, alpha=0.95, centered=True)),
    ("RMSprop", dict(lr=0.01, alpha=0.95, centered=True, momentum=0.8, weight_decay=0.05)),
    ("RMSprop", dict(lr=0.01, momentum=0.8, weight_decay=0.05, maximize=True)),
    ("Adagrad", dict()),
    ("Adagrad", dict(lr=0.1, lr_decay=0.05, weight_decay=0.02)),
    ("Adagrad", dict(lr=0.1, initial_accumulator_value=0.5, eps=1e-6)),
    ("Adagrad", dict(lr=0.1, lr_decay=0.05, weight_decay=0.02, maximize=True)),
]

# What groups of the parameters say differently. Frozen are all steps from 30 up to 50, in which PyTorch sees no gradient.
GROUPS = [
    {"b": dict(lr=0.02)},
    {"a": dict(weight_decay=0.2), "c": dict(lr=0.003, weight_decay=0.0)},
    {"b": dict(frozen=True), "c": dict(lr=0.02)},
]
FROZEN = [30, 50]
GROUPED = [
    ("SGD", dict(lr=0.05, momentum=0.9, dampening=0.3, weight_decay=0.01)),
    ("Adam", dict(lr=0.01, weight_decay=0.01)),
    ("AdamW", dict(lr=0.01)),
    ("RMSprop", dict(lr=0.01, momentum=0.5, centered=True)),
    ("Adagrad", dict(lr=0.05, lr_decay=0.02)),
]

# Groups with a momentum of their own.
MOMENTUM = [
    ("SGD", dict(lr=0.05, momentum=0.9, dampening=0.3, weight_decay=0.01), {"b": dict(momentum=0.5), "c": dict(momentum=0.0, lr=0.02)}),
    ("SGD", dict(lr=0.05), {"b": dict(momentum=0.8)}),
    ("SGD", dict(lr=0.02, momentum=0.9, nesterov=True), {"a": dict(momentum=0.6)}),
    ("RMSprop", dict(lr=0.01, momentum=0.5), {"b": dict(momentum=0.0), "c": dict(momentum=0.9)}),
    ("RMSprop", dict(lr=0.01, alpha=0.95), {"b": dict(momentum=0.8)}),
    ("RMSprop", dict(lr=0.01, alpha=0.95, centered=True), {"b": dict(momentum=0.8)}),
]

CLIPPING = [dict(norm=1.5), dict(value=0.2), dict(norm=0.7, value=0.3), dict(norm=1e6)]


def numbers(tensor):
    return [float(str(np.float32(x))) for x in tensor]


def train(name, arguments, groups, clipping, initial, gradients):
    parts = dict(zip("abc", (torch.nn.Parameter(p.clone()) for p in initial.split(PARTS))))
    param_groups, frozen = [dict(params=[p for key, p in parts.items() if key not in groups])], []
    for key, settings in groups.items():
        settings = dict(settings)
        if settings.pop("frozen", False):
            frozen.append(key)
        param_groups.append(dict(params=[parts[key]], **settings))
    optimizer = getattr(torch.optim, name)(param_groups, **arguments)
    trajectory = []
    for step in range(STEPS):
        if step == NEW_RATE_AT:
            for group, settings in zip(optimizer.param_groups, [{}] + list(groups.values())):
                if "lr" not in settings:
                    group["lr"] *= 0.3
        for key, gradient in zip("abc", gradients[step].split(PARTS)):
            rests = key in frozen and FROZEN[0] <= step < FROZEN[1]
            parts[key].grad = None if rests else gradient.clone()
        learned = [p for p in parts.values() if p.grad is not None]
        if "value" in clipping:
            torch.nn.utils.clip_grad_value_(learned, clipping["value"])
        if "norm" in clipping:
            torch.nn.utils.clip_grad_norm_(learned, clipping["norm"])
        optimizer.step()
        if step + 1 in SHOWN:
            trajectory.append(numbers(torch.cat([p.detach() for p in parts.values()])))
    return dict(optimizer=name, arguments=arguments, groups=groups, clipping=clipping, trajectory=trajectory)


def main():
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(20240229)
    initial = torch.randn(sum(PARTS), generator=generator)
    # Gradients over five orders of magnitude, some exactly zero.
    gradients = [torch.randn(sum(PARTS), generator=generator) * 10 ** torch.linspace(-4, 1, sum(PARTS)) for _ in range(STEPS)]
    for gradient in gradients:
        gradient[torch.rand(sum(PARTS), generator=generator) < 0.1] = 0
    cases = [train(name, arguments, {}, {}, initial, gradients) for name, arguments in CASES]
    cases += [train(name, arguments, groups, {}, initial, gradients) for name, arguments in GROUPED for groups in GROUPS]
    cases += [train("SGD", dict(lr=0.05, momentum=0.9), {}, clipping, initial, gradients) for clipping in CLIPPING]
    cases += [train("AdamW", dict(lr=0.01), GROUPS[2], clipping, initial, gradients) for clipping in CLIPPING[:3]]
    cases += [train(name, arguments, groups, {}, initial, gradients) for name, arguments, groups in MOMENTUM]
    result = dict(torch=torch.__version__, parts=PARTS, steps=STEPS, shown=SHOWN, new_rate_at=NEW_RATE_AT, rate_factor=0.3, frozen=FROZEN,
                  initial=numbers(initial), gradients=[numbers(g) for g in gradients])
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in result.items()]
    lines.append('"cases": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n]")
    sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")


main()
