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


def _cifar_sequential():
    return nn.Sequential(OrderedDict([
        ("conv1", nn.Conv2d(3, 32, 5, padding=2)), ("maxpool1", nn.MaxPool2d(2)),
        ("conv2", nn.Conv2d(32, 32, 5, padding=2)), ("maxpool2", nn.MaxPool2d(2)),
        ("conv3", nn.Conv2d(32, 64, 5, padding=2)), ("maxpool3", nn.MaxPool2d(2)),
        ("flatten1", nn.Flatten()), ("linear1", nn.Linear(1024, 64)), ("linear2", nn.Linear(64, 10)),
    ]))


def _vgg16():
    layers, inputs = [], 3
    for stage, (channels, count) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)), 1):
        units = []
        for unit in range(1, count + 1):
            units.append((f"block{unit}", nn.Sequential(OrderedDict([("conv1", nn.Conv2d(inputs, channels, 3, padding=1)), ("relu1", nn.ReLU())]))))
            inputs = channels
        layers += [(f"repeat{stage}", nn.Sequential(OrderedDict(units))), (f"maxpool{stage}", nn.MaxPool2d(2))]
    return nn.Sequential(OrderedDict(layers + [
        ("flatten1", nn.Flatten()),
        ("linear1", nn.Linear(512, 512)), ("relu1", nn.ReLU()), ("dropout1", nn.Dropout()),
        ("linear2", nn.Linear(512, 512)), ("relu2", nn.ReLU()), ("dropout2", nn.Dropout()),
        ("linear3", nn.Linear(512, 10)),
    ]))


class _Residual(nn.Module):
    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 3, stride, 1, bias=False)
        self.batchnorm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.batchnorm2 = nn.BatchNorm2d(channels)
        self.shortcut = None
        if stride != 1:
            self.shortcut = nn.Sequential(OrderedDict([("conv1", nn.Conv2d(inputs, channels, 1, stride, bias=False)), ("batchnorm1", nn.BatchNorm2d(channels))]))

    def forward(self, x):
        y = self.batchnorm2(self.conv2(torch.relu(self.batchnorm1(self.conv1(x)))))
        return y + (x if self.shortcut is None else self.shortcut(x))


def _resnet18():
    layers = [("conv1", nn.Conv2d(3, 64, 3, padding=1, bias=False)), ("batchnorm1", nn.BatchNorm2d(64)), ("relu1", nn.ReLU())]
    inputs = 64
    for stage, channels in enumerate((64, 128, 256, 512)):
        for unit in range(2):
            number = 2 * stage + unit + 1
            layers += [(f"residual{number}", _Residual(inputs, channels, 2 if stage > 0 and unit == 0 else 1)), (f"relu{number + 1}", nn.ReLU())]
            inputs = channels
    return nn.Sequential(OrderedDict(layers + [("pool", nn.AdaptiveAvgPool2d(1)), ("flatten1", nn.Flatten()), ("linear1", nn.Linear(512, 10))]))


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
    "CifarSequential": (_cifar_sequential, (3, 32, 32)),
    "Vgg16": (_vgg16, (3, 32, 32)),
    "ResNet18": (_resnet18, (3, 32, 32)),
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
