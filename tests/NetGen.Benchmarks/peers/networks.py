"""The benchmark's networks as PyTorch modules, named like NetGen's parameters (conv1, linear2, ...)."""

import copy
from collections import OrderedDict

import torch
from torch import nn


def _mnist_conv_net():
    return nn.Sequential(OrderedDict([
        ("conv1", nn.Conv2d(1, 32, 7, padding=3)), ("relu1", nn.ReLU()), ("maxpool1", nn.MaxPool2d(2)),
        ("conv2", nn.Conv2d(32, 64, 5, padding=2)), ("relu2", nn.ReLU()), ("maxpool2", nn.MaxPool2d(2)),
        ("dropout2d1", nn.Dropout2d(0.25)), ("flatten1", nn.Flatten()),
        ("linear1", nn.Linear(7 * 7 * 64, 128)), ("relu3", nn.ReLU()), ("dropout1", nn.Dropout(0.5)),
        ("linear2", nn.Linear(128, 10)),
    ]))


def _le_net():
    return nn.Sequential(OrderedDict([
        ("conv1", nn.Conv2d(1, 6, 5, padding=2)), ("sigmoid1", nn.Sigmoid()), ("avgpool1", nn.AvgPool2d(2)),
        ("conv2", nn.Conv2d(6, 16, 5)), ("sigmoid2", nn.Sigmoid()), ("avgpool2", nn.AvgPool2d(2)),
        ("flatten1", nn.Flatten()),
        ("linear1", nn.Linear(400, 120)), ("sigmoid3", nn.Sigmoid()),
        ("linear2", nn.Linear(120, 84)), ("sigmoid4", nn.Sigmoid()),
        ("linear3", nn.Linear(84, 10)),
    ]))


def _mlp():
    return nn.Sequential(OrderedDict([
        ("linear1", nn.Linear(784, 256)), ("relu1", nn.ReLU()),
        ("linear2", nn.Linear(256, 128)), ("relu2", nn.ReLU()),
        ("linear3", nn.Linear(128, 10)),
    ]))


def _tiny():
    return nn.Sequential(OrderedDict([
        ("linear1", nn.Linear(16, 32)), ("relu1", nn.ReLU()),
        ("linear2", nn.Linear(32, 16)), ("relu2", nn.ReLU()),
        ("linear3", nn.Linear(16, 4)),
    ]))


# name -> (factory, shape of one input sample)
NETWORKS = {
    "MnistConvNet": (_mnist_conv_net, (1, 28, 28)),
    "LeNet": (_le_net, (1, 28, 28)),
    "Mlp": (_mlp, (784,)),
    "Tiny": (_tiny, (16,)),
}


def create(name, seed=1):
    """A network with PyTorch's default initialisation, the same parameters for the same seed."""
    factory, shape = NETWORKS[name]
    torch.manual_seed(seed)
    return factory(), shape


def copy_of(net):
    """An independent network with the same parameters."""
    return copy.deepcopy(net)
