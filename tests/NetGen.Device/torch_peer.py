"""PyTorch on the GPU: steps and passes of the networks that `device time` measures, a line of JSON for each.

usage: torch_peer.py [--device cuda] [--seconds 0.2] [NETWORK ...]

For each network and precision of products (highest, high, bfloat16 by autocast), in the ways to run a step:

  eager     forward, cross-entropy, backward, fused Adam, one call after the other
  compiled  the same with torch.compile(mode="reduce-overhead") around the network
  captured  the whole step, the optimiser's too, as one CUDA graph that is launched by hand

Each has the batch in pinned memory and copies it, as NetGen's step does. A way that fails is reported as such, and
stops no other. On the processor only `eager` and `highest` are run, to see that the script works.
"""

import argparse
import contextlib
import json
import pathlib
import statistics
import sys
import time

import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "NetGen.Benchmarks" / "peers"))
import networks  # noqa: E402

ROWS = {"Mlp": 64, "LeNet": 256, "MnistConvNet": 64, "Vgg16": 128, "ResNet18": 128}


def captured(compute):
    """The computation as a CUDA graph, recorded behind three runs on a stream of its own."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            compute()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        compute()
    return graph


def precision_of(device, autocast):
    """What the network is computed in: bfloat16 by autocast, or as it is."""
    return torch.autocast(device.type, dtype=torch.bfloat16) if autocast else contextlib.nullcontext()


class Step:
    """One training step on a batch that lies on the host."""

    def __init__(self, name, batch, device, way, autocast):
        self.device, self.autocast = device, autocast
        net, workload = networks.create(name)
        self.net = net.to(device).train()
        samples, labels = workload.random_batch(batch)
        on_gpu = device.type == "cuda"
        self.samples, self.labels = (samples.pin_memory(), labels.pin_memory()) if on_gpu else (samples, labels)
        self.x, self.y = samples.to(device), labels.to(device)
        options = {"fused": True, "capturable": True} if on_gpu else {}
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=1e-3, **options)
        self.criterion = nn.CrossEntropyLoss()
        self.forward = torch.compile(self.net, mode="reduce-overhead") if way == "compiled" else self.net
        self.loss = None
        self.graph = captured(self._compute) if way == "captured" else None

    def _compute(self):
        self.optimizer.zero_grad(set_to_none=True)
        with precision_of(self.device, self.autocast):
            loss = self.criterion(self.forward(self.x), self.y)
        loss.backward()
        self.optimizer.step()
        self.loss = loss.detach()

    def run(self):
        self.x.copy_(self.samples, non_blocking=True)
        self.y.copy_(self.labels, non_blocking=True)
        if self.graph is None:
            self._compute()
        else:
            self.graph.replay()


class Forward:
    """Inference of one sample that lies on the host; the result is read there."""

    def __init__(self, name, device, way, autocast):
        self.device, self.autocast = device, autocast
        net, workload = networks.create(name)
        self.net = net.to(device).eval()
        samples, _ = workload.random_batch(1)
        self.samples = samples.pin_memory() if device.type == "cuda" else samples
        self.x = samples.to(device)
        self.forward = torch.compile(self.net, mode="reduce-overhead") if way == "compiled" else self.net
        self.y = None
        self.graph = captured(self._compute) if way == "captured" else None

    def _compute(self):
        with torch.no_grad(), precision_of(self.device, self.autocast):
            self.y = self.forward(self.x)

    def run(self):
        self.x.copy_(self.samples, non_blocking=True)
        if self.graph is None:
            self._compute()
        else:
            self.graph.replay()
        return self.y.cpu()


def microseconds(run, synchronize, seconds):
    """The median of five measurements that take so many seconds each, at least."""

    def measure(count):
        synchronize()
        start = time.perf_counter()
        for _ in range(count):
            run()
        synchronize()
        return time.perf_counter() - start

    count = 1
    while measure(count) < seconds:
        count *= 2
    return statistics.median(1e6 * measure(count) / count for _ in range(5))


def rows(name, batch, device, seconds):
    on_gpu = device.type == "cuda"
    synchronize = torch.cuda.synchronize if on_gpu else (lambda: None)
    for precision in ("highest", "high", "bfloat16") if on_gpu else ("highest",):
        if precision != "bfloat16":
            torch.set_float32_matmul_precision(precision)
            torch.backends.cudnn.allow_tf32 = precision == "high"
        for way in ("eager", "compiled", "captured") if on_gpu else ("eager",):
            row = {"network": name, "batch": batch, "precision": precision, "way": way}
            try:
                start = time.perf_counter()
                step = Step(name, batch, device, way, precision == "bfloat16")
                step.run()
                synchronize()
                row["first_step_s"] = round(time.perf_counter() - start, 3)
                row["enqueued_us"] = round(microseconds(step.run, synchronize, seconds), 1)

                def waited(step=step):
                    step.run()
                    step.loss.item()

                row["step_us"] = round(microseconds(waited, synchronize, seconds), 1)
                del step
                forward = Forward(name, device, way, precision == "bfloat16")
                row["forward_us"] = round(microseconds(forward.run, synchronize, seconds), 1)
            except Exception as error:  # Whatever PyTorch cannot do on this machine is a row of the table too.
                row["error"] = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
            yield row


def main():
    parser = argparse.ArgumentParser(description="PyTorch's times for the networks of `device time`")
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help=", ".join(ROWS))
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--seconds", type=float, default=0.2, help="of one of five measurements")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.networks if name not in ROWS]
    if unknown:
        parser.error(f"no network {unknown[0]}: {', '.join(ROWS)}")
    device = torch.device(arguments.device)
    if device.type == "cuda" and not torch.cuda.is_available():
        sys.exit("PyTorch sees no GPU")
    for name in arguments.networks or ROWS:
        for row in rows(name, ROWS[name], device, arguments.seconds):
            print(json.dumps({**row, "torch": torch.__version__}), flush=True)


if __name__ == "__main__":
    main()
