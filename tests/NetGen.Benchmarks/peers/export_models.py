"""Writes, for every benchmark network, with the same parameters in all of them:

NAME.onnx                                 for ONNX Runtime, dynamic batch
NAME.safetensors                          for NetGen and PyTorch
NAME.samples                              shape of one sample, classes and vocabulary, for libtorch: TorchScript does not keep them
NAME[.channels_last].torchscript          for libtorch, to train and to infer; attention is libtorch 2's own operator
NAME.frozen[.channels_last].torchscript   for libtorch, evaluation mode with batch normalisation folded into convolutions

usage: export_models.py OUTPUT_FOLDER [NAME...]
"""

import os
import sys

import torch

import networks
import safetensors_file
import sequences


def export_torchscript(net, path):
    torch.jit.save(torch.jit.script(net), f"{path}.torchscript")


def export_frozen(net, path):
    torch.jit.save(torch.jit.freeze(torch.jit.script(net.eval())), f"{path}.torchscript")


def main(folder, names):
    os.makedirs(folder, exist_ok=True)
    sequences.declare_fused_attention()
    for name in names or networks.WORKLOADS:
        net, workload = networks.create(name)
        net.eval()
        path = os.path.join(folder, name)
        safetensors_file.save(f"{path}.safetensors", net.state_dict())
        with open(f"{path}.samples", "w") as file:
            file.write(workload.description())
        samples, _ = workload.random_batch(2)
        torch.onnx.export(
            net, samples, f"{path}.onnx", opset_version=17 if workload.vocabulary else 13,
            input_names=["input"], output_names=["output"],
            dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}})
        fused = sequences.fuse_attention(networks.copy_of(net))
        export_torchscript(networks.copy_of(fused), path)
        export_frozen(networks.copy_of(fused), f"{path}.frozen")
        if workload.is_convolutional:  # a TorchScript file keeps the strides of its tensors
            channels_last = net.to(memory_format=torch.channels_last)
            export_torchscript(networks.copy_of(channels_last), f"{path}.channels_last")
            export_frozen(networks.copy_of(channels_last), f"{path}.frozen.channels_last")
        print(f"{name}: {sum(p.numel() for p in net.parameters())} parameters", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
