"""The recipe of this sample in PyTorch: LeNet on Fashion-MNIST, batches of 256, SGD with a rate of 0.9, Xavier's uniform weights, 10 epochs.

python3 peer.py DIR [SEED ...]: DIR has the four IDX files, as .gz. Prints the test accuracy after the last epoch for each seed.
"""
import gzip
import sys

import torch
from torch import nn


def read(path, header):
    with gzip.open(path) as file:
        return torch.frombuffer(bytearray(file.read()[header:]), dtype=torch.uint8)


def images(folder, stem):
    return read(f"{folder}/{stem}-images-idx3-ubyte.gz", 16).view(-1, 1, 28, 28).float() / 255


def labels(folder, stem):
    return read(f"{folder}/{stem}-labels-idx1-ubyte.gz", 8).long()


def train(seed, x, y, test_x, test_y):
    torch.manual_seed(seed)
    net = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10))
    for layer in net:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.xavier_uniform_(layer.weight)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.9)
    loss = nn.CrossEntropyLoss()
    for epoch in range(10):
        net.train()
        total = 0.0
        for chosen in torch.randperm(len(x)).split(256):
            optimizer.zero_grad()
            value = loss(net(x[chosen]), y[chosen])
            value.backward()
            optimizer.step()
            total += value.item() * len(chosen)
        net.eval()
        with torch.no_grad():
            accuracy = sum((net(a).argmax(1) == b).sum().item() for a, b in zip(test_x.split(1000), test_y.split(1000))) / len(test_x)
        print(f"seed {seed} epoch {epoch + 1} loss {total / len(x):.4f} test accuracy {accuracy:.4f}", flush=True)


if __name__ == "__main__":
    folder = sys.argv[1]
    for seed in [int(text) for text in sys.argv[2:]] or [1, 2, 3]:
        train(seed, images(folder, "train"), labels(folder, "train"), images(folder, "t10k"), labels(folder, "t10k"))
