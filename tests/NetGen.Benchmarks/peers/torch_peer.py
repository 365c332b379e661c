"""PyTorch as a benchmark contender: a child process that times what it is told to on standard input.

usage: torch_peer.py MODEL_FOLDER THREADS

The thread count is fixed at start (OMP_NUM_THREADS and OPENBLAS_NUM_THREADS must be set by the parent, because
OpenBLAS reads its count when it is loaded). One command a line, one answer a line; an error is answered with
`error TEXT` and the process goes on.

  version                            -> ok TORCH_VERSION
  prepare MODE NETWORK BATCH         -> ok VARIANT          how it will run
  time MODE NETWORK BATCH ITERATIONS -> ok NANOSECONDS CPU  wall time of one iteration; CPU seconds of all threads by wall second
  output NETWORK FILE                -> ok COUNT            inference of the samples in FILE, float32 or int32 tokens, written to FILE.out
  losses NETWORK STEPS FILE          -> ok LOSS ...         of the first training steps on the samples in FILE and the int32 labels in FILE.labels
  quit

MODE is infer (the fastest of eager, channels_last, jit.freeze and jit.optimize_for_inference), train (the usual
step, default memory format) or train_channels_last.
"""

import os
import sys
import time
import warnings

import torch
from torch import nn

import networks
import safetensors_file
from workload import read


class Inference:
    """Evaluation mode under no_grad, in each of PyTorch's ways to run it; the fastest is kept."""

    def __init__(self, net, workload, batch):
        net.eval()
        sample, _ = workload.random_batch(batch)
        variants = {"eager": (net, sample)}
        if workload.is_convolutional:
            channels_last = networks.copy_of(net).to(memory_format=torch.channels_last)
            variants["eager channels_last"] = (channels_last, sample.contiguous(memory_format=torch.channels_last))
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            variants["jit.freeze"] = (torch.jit.freeze(torch.jit.trace(networks.copy_of(net).eval(), sample)), sample)
            variants["jit.optimize_for_inference"] = (
                torch.jit.optimize_for_inference(torch.jit.trace(networks.copy_of(net).eval(), sample)), sample)
        self.calls = {name: _bind(module, x) for name, (module, x) in variants.items()}
        self.variant, self.call = _fastest(self.calls)

    def run(self, iterations):
        call = self.call
        with torch.no_grad():
            for _ in range(iterations):
                call()


class Training:
    """One step: zero_grad, forward in training mode, cross-entropy, backward, Adam(1e-3)."""

    def __init__(self, net, samples, labels, memory_format, variant):
        self.variant = variant
        self.samples = samples.contiguous(memory_format=memory_format)
        self.labels = labels
        self.net = net.to(memory_format=memory_format).train()
        self.loss_function = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=1e-3)

    def run(self, iterations):
        for _ in range(iterations):
            self.step()

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss_function(self.net(self.samples), self.labels)
        loss.backward()
        self.optimizer.step()
        return loss


def _bind(module, sample):
    return lambda: module(sample)


def _fastest(calls):
    """The variant with the least best-of-many time, all variants taking turns."""
    best = {name: float("inf") for name in calls}
    start = time.perf_counter()
    for round_number in range(12):
        if round_number > 3 and time.perf_counter() - start > 10:  # seconds: calls this long need no more rounds
            break
        for name, call in calls.items():
            begin = time.perf_counter()
            call()
            elapsed = time.perf_counter() - begin
            if round_number >= 3:  # the first calls compile and allocate
                best[name] = min(best[name], elapsed)
    winner = min(best, key=best.get)
    return winner, calls[winner]


class Peer:
    def __init__(self, folder):
        self.folder = folder
        self.prepared = {}

    def network(self, name):
        net, workload = networks.create(name)
        net.load_state_dict(safetensors_file.load(os.path.join(self.folder, f"{name}.safetensors")))
        return net, workload

    def execute(self, words):
        command = words[0]
        if command == "version":
            return torch.__version__
        if command == "prepare":
            mode, name, batch = words[1], words[2], int(words[3])
            net, workload = self.network(name)
            if mode == "infer":
                with torch.no_grad():
                    runner = Inference(net, workload, batch)
            elif mode == "train":
                runner = Training(net, *workload.random_batch(batch), torch.contiguous_format, "eager")
            elif mode == "train_channels_last":
                runner = Training(net, *workload.random_batch(batch), torch.channels_last, "eager channels_last")
            else:
                raise ValueError(f"mode infer, train or train_channels_last expected, found {mode}")
            self.prepared[mode, name, batch] = runner
            return runner.variant
        if command == "time":
            mode, name, batch, iterations = words[1], words[2], int(words[3]), int(words[4])
            runner = self.prepared[mode, name, batch]
            cpu, begin = time.process_time(), time.perf_counter_ns()
            runner.run(iterations)
            elapsed = time.perf_counter_ns() - begin
            cpu = time.process_time() - cpu
            return f"{elapsed / iterations:.1f} {cpu / (elapsed * 1e-9):.3f}"
        if command == "output":
            name, path = words[1], " ".join(words[2:])
            net, workload = self.network(name)
            samples = workload.read_samples(path)
            with torch.no_grad():
                output = net.eval()(samples)
            with open(path + ".out", "wb") as file:
                file.write(output.contiguous().numpy().tobytes())
            return str(len(samples))
        if command == "losses":
            name, steps, path = words[1], int(words[2]), " ".join(words[3:])
            net, workload = self.network(name)
            labels = read(path + ".labels", torch.int32).long()
            training = Training(net, workload.read_samples(path), labels, torch.contiguous_format, "eager")
            return " ".join(repr(training.step().item()) for _ in range(steps))
        raise ValueError(f"unknown command {command}")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    torch.set_num_threads(int(sys.argv[2]))
    peer = Peer(sys.argv[1])
    for line in sys.stdin:
        words = line.split()
        if not words:
            continue
        if words[0] == "quit":
            return
        try:
            answer = f"ok {peer.execute(words)}"
        except Exception as error:  # answered, so that the parent can report it by row and go on
            answer = f"error {type(error).__name__}: {error}".replace("\n", " ")
        print(answer, flush=True)


if __name__ == "__main__":
    main()
