"""Writes schedules.json: learning rates and momentum of PyTorch's schedules before each of a hundred steps.

Made with PyTorch 1.13 (Debian's python3-torch):  python3 schedules.py > schedules.json
"""
import json
import math
import sys
import warnings

import torch
from torch.optim import lr_scheduler as lrs

STEPS = 100
RATES = [0.1, 0.02]  # of the optimiser and of a group with a rate of its own

SGD = lambda groups: torch.optim.SGD(groups, lr=RATES[0], momentum=0.9)
ADAM = lambda groups: torch.optim.Adam(groups, lr=RATES[0])

CASES = {
    "step": (SGD, lambda o: lrs.StepLR(o, 7)),
    "step gamma": (SGD, lambda o: lrs.StepLR(o, 30, gamma=0.5)),
    "multi-step": (SGD, lambda o: lrs.MultiStepLR(o, [30, 80])),
    "multi-step twice": (SGD, lambda o: lrs.MultiStepLR(o, [50, 10, 50], gamma=0.3)),
    "exponential": (SGD, lambda o: lrs.ExponentialLR(o, 0.95)),
    "cosine": (SGD, lambda o: lrs.CosineAnnealingLR(o, 100)),
    "cosine minimum": (SGD, lambda o: lrs.CosineAnnealingLR(o, 60, eta_min=0.001)),
    "cosine again": (SGD, lambda o: lrs.CosineAnnealingLR(o, 15, eta_min=0.03)),
    "linear": (SGD, lambda o: lrs.LinearLR(o)),
    "linear warm-up": (SGD, lambda o: lrs.LinearLR(o, start_factor=0.01, total_iters=40)),
    "linear down": (SGD, lambda o: lrs.LinearLR(o, start_factor=1.0, end_factor=0.1, total_iters=70)),
    "constant": (SGD, lambda o: lrs.ConstantLR(o, factor=0.2, total_iters=12)),
    "lambda": (SGD, lambda o: lrs.LambdaLR(o, lambda t: 1 / math.sqrt(1 + t))),
    "one-cycle": (SGD, lambda o: lrs.OneCycleLR(o, 0.5, total_steps=100)),
    "one-cycle Adam": (ADAM, lambda o: lrs.OneCycleLR(o, 0.01, total_steps=100, pct_start=0.25, base_momentum=0.8, max_momentum=0.9)),
    "one-cycle linear": (SGD, lambda o: lrs.OneCycleLR(o, 0.5, epochs=20, steps_per_epoch=5, anneal_strategy="linear", div_factor=10.0, final_div_factor=100.0)),
    "one-cycle three phases": (SGD, lambda o: lrs.OneCycleLR(o, 0.5, total_steps=101, pct_start=0.37, three_phase=True)),
    "one-cycle no momentum": (SGD, lambda o: lrs.OneCycleLR(o, 0.5, total_steps=110, pct_start=0.0, cycle_momentum=False)),
    "warm-up, cosine": (SGD, lambda o: lrs.SequentialLR(o, [lrs.LinearLR(o, 0.01, total_iters=10), lrs.CosineAnnealingLR(o, 90, eta_min=0.0005)], [10])),
    "constant, exponential, step": (SGD, lambda o: lrs.SequentialLR(
        o, [lrs.ConstantLR(o, 0.5, total_iters=5), lrs.ExponentialLR(o, 0.9), lrs.StepLR(o, 10, gamma=0.4)], [8, 40])),
}

# Two descents with plateaus between them, and some noise.
METRICS = [round(2 * math.exp(-t / 3) + 0.6 * (1 if t < 60 else math.exp(-(t - 60) / 9)) + 0.05 * math.sin(7.0 * t), 6) for t in range(STEPS)]

PLATEAU = {
    "plateau": dict(patience=3),
    "plateau defaults": dict(),
    "plateau factor": dict(factor=0.5, patience=2, threshold=0.01),
    "plateau absolute": dict(factor=0.3, patience=2, threshold=0.05, threshold_mode="abs"),
    "plateau cooldown": dict(factor=0.5, patience=1, cooldown=6),
    "plateau minimum": dict(factor=0.2, patience=1, min_lr=0.004),
    "plateau epsilon": dict(factor=0.5, patience=0, eps=0.003),
    "plateau max": dict(mode="max", factor=0.5, patience=4),
    "plateau max absolute": dict(mode="max", factor=0.5, patience=4, threshold=0.1, threshold_mode="abs"),
}


def optimizer(make):
    return make([dict(params=[torch.nn.Parameter(torch.zeros(1))]), dict(params=[torch.nn.Parameter(torch.zeros(1))], lr=RATES[1])])


def numbers(o):
    group = o.param_groups[0]
    return [g["lr"] for g in o.param_groups] + [group["momentum"] if "momentum" in group else group["betas"][0]]


def main():
    warnings.simplefilter("ignore")
    cases = {}
    for name, (make, schedule) in CASES.items():
        o = optimizer(make)
        scheduler = schedule(o)
        cases[name] = [numbers(o)]
        for _ in range(STEPS):
            o.step()
            scheduler.step()
            cases[name].append(numbers(o))
    for name, arguments in PLATEAU.items():
        o = optimizer(SGD)
        scheduler = lrs.ReduceLROnPlateau(o, **arguments)
        cases[name] = [numbers(o)]
        for metric in METRICS:
            scheduler.step(-metric if arguments.get("mode") == "max" else metric)
            cases[name].append(numbers(o))
    lines = [f'"torch": {json.dumps(torch.__version__)}', f'"metrics": {json.dumps(METRICS)}']
    lines.append('"cases": {\n' + ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in cases.items()) + "\n}")
    sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")


main()
