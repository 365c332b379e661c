"""The benchmark's networks as PyTorch modules, named like NetGen's parameters (conv1, linear2, ...)."""

import copy
from collections import OrderedDict

import torch
from torch import nn

import sequences
from workload import Workload


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


def _level(inputs, width):
    return nn.Sequential(OrderedDict([
        ("conv1", nn.Conv2d(inputs, width, 3, padding=1, bias=False)), ("batchnorm1", nn.BatchNorm2d(width)), ("relu1", nn.ReLU()),
        ("conv2", nn.Conv2d(width, width, 3, padding=1, bias=False)), ("batchnorm2", nn.BatchNorm2d(width)), ("relu2", nn.ReLU()),
    ]))


class _UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc1, self.enc2, self.middle = _level(1, 32), _level(32, 64), _level(64, 128)
        self.up2, self.dec2 = nn.ConvTranspose2d(128, 64, 2, stride=2), _level(128, 64)
        self.up1, self.dec1 = nn.ConvTranspose2d(64, 32, 2, stride=2), _level(64, 32)
        self.head = nn.Conv2d(32, 10, 1)
        self.pool, self.average = nn.MaxPool2d(2), nn.AdaptiveAvgPool2d(1)

    def forward(self, x):
        enc1 = self.enc1(x)
        enc2 = self.enc2(self.pool(enc1))
        y = self.up2(self.middle(self.pool(enc2)))
        y = self.up1(self.dec2(torch.cat((enc2, y), 1)))
        return self.average(self.head(self.dec1(torch.cat((enc1, y), 1)))).flatten(1)


class _Inverted(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        hidden = 6 * inputs
        self.conv1, self.batchnorm1 = nn.Conv2d(inputs, hidden, 1, bias=False), nn.BatchNorm2d(hidden)
        self.conv2, self.batchnorm2 = nn.Conv2d(hidden, hidden, 3, stride, 1, groups=hidden, bias=False), nn.BatchNorm2d(hidden)
        self.conv3, self.batchnorm3 = nn.Conv2d(hidden, outputs, 1, bias=False), nn.BatchNorm2d(outputs)
        self.relu6 = nn.ReLU6()
        self.adds = stride == 1

    def forward(self, x):
        y = self.relu6(self.batchnorm1(self.conv1(x)))
        y = self.batchnorm3(self.conv3(self.relu6(self.batchnorm2(self.conv2(y)))))
        return x + y if self.adds else y


def _mobile_net_stack():
    return nn.Sequential(OrderedDict([
        ("conv1", nn.Conv2d(3, 32, 3, 2, 1, bias=False)), ("batchnorm1", nn.BatchNorm2d(32)), ("relu61", nn.ReLU6()),
        ("sequential1", _Inverted(32, 24, 2)), ("residual1", _Inverted(24, 24, 1)),
        ("sequential2", _Inverted(24, 32, 2)), ("residual2", _Inverted(32, 32, 1)), ("residual3", _Inverted(32, 32, 1)),
        ("sequential3", _Inverted(32, 64, 2)), ("residual4", _Inverted(64, 64, 1)),
        ("conv2", nn.Conv2d(64, 256, 1, bias=False)), ("batchnorm2", nn.BatchNorm2d(256)), ("relu62", nn.ReLU6()),
        ("pool", nn.AdaptiveAvgPool2d(1)), ("flatten1", nn.Flatten()), ("linear1", nn.Linear(256, 10)),
    ]))


def _tiny():
    return nn.Sequential(OrderedDict([
        ("linear1", nn.Linear(16, 32)), ("relu1", nn.ReLU()),
        ("linear2", nn.Linear(32, 16)), ("relu2", nn.ReLU()),
        ("linear3", nn.Linear(16, 4)),
    ]))


WORKLOADS = {
    "MnistConvNet": Workload(_mnist_conv_net, (1, 28, 28)),
    "LeNet": Workload(_le_net, (1, 28, 28)),
    "Mlp": Workload(_mlp, (784,)),
    "CifarSequential": Workload(_cifar_sequential, (3, 32, 32)),
    "Vgg16": Workload(_vgg16, (3, 32, 32)),
    "ResNet18": Workload(_resnet18, (3, 32, 32)),
    "UNet": Workload(_UNet, (1, 64, 64)),
    "MobileNetStack": Workload(_mobile_net_stack, (3, 64, 64)),
    "Tiny": Workload(_tiny, (16,), classes=4),
    **sequences.WORKLOADS,
}


def create(name, seed=1):
    """A network with PyTorch's default initialisation, the same parameters for the same seed, and its workload."""
    workload = WORKLOADS[name]
    torch.manual_seed(seed)
    return workload.factory(), workload


def copy_of(net):
    """An independent network with the same parameters."""
    return copy.deepcopy(net)
