"""Writes, for every benchmark network, NAME.onnx (dynamic batch) and NAME.safetensors with the same parameters.

usage: export_models.py OUTPUT_FOLDER
"""

import os
import sys

import torch

import networks
import safetensors_file


def main(folder):
    os.makedirs(folder, exist_ok=True)
    for name in networks.NETWORKS:
        net, shape = networks.create(name)
        net.eval()
        safetensors_file.save(os.path.join(folder, f"{name}.safetensors"), net.state_dict())
        torch.onnx.export(
            net, torch.zeros(2, *shape), os.path.join(folder, f"{name}.onnx"), opset_version=13,
            input_names=["input"], output_names=["output"],
            dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}})
        print(f"{name}: {sum(p.numel() for p in net.parameters())} parameters")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
