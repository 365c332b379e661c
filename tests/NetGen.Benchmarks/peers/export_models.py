"""Writes, for every benchmark network, with the same parameters in all of them:

NAME.onnx                                 for ONNX Runtime, dynamic batch
NAME.safetensors                          for NetGen and PyTorch
NAME.shape                                extents of one sample, for libtorch: TorchScript does not keep them
NAME[.channels_last].torchscript          for libtorch, to train and to infer
NAME.frozen[.channels_last].torchscript   for libtorch, evaluation mode with batch normalisation folded into convolutions

usage: export_models.py OUTPUT_FOLDER
"""

import os
import sys

import torch

import networks
import safetensors_file


def export_torchscript(net, path):
    torch.jit.save(torch.jit.script(net), f"{path}.torchscript")


def export_frozen(net, path):
    torch.jit.save(torch.jit.freeze(torch.jit.script(net.eval())), f"{path}.torchscript")


def main(folder):
    os.makedirs(folder, exist_ok=True)
    for name in networks.NETWORKS:
        net, shape = networks.create(name)
        net.eval()
        path = os.path.join(folder, name)
        safetensors_file.save(f"{path}.safetensors", net.state_dict())
        with open(f"{path}.shape", "w") as file:
            file.write(" ".join(map(str, shape)))
        torch.onnx.export(
            net, torch.zeros(2, *shape), f"{path}.onnx", opset_version=13,
            input_names=["input"], output_names=["output"],
            dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}})
        export_torchscript(networks.copy_of(net), path)
        export_frozen(networks.copy_of(net), f"{path}.frozen")
        if len(shape) == 3:  # a TorchScript file keeps the strides of its tensors
            channels_last = net.to(memory_format=torch.channels_last)
            export_torchscript(networks.copy_of(channels_last), f"{path}.channels_last")
            export_frozen(networks.copy_of(channels_last), f"{path}.frozen.channels_last")
        print(f"{name}: {sum(p.numel() for p in net.parameters())} parameters", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
