"""usage: pytorch_start.py PEERS_FOLDER PARAMETERS.safetensors IMAGE.f32 [--size]

Loads the parameters, predicts one image, prints the class; with --size, on a second line, the bytes of the shared
libraries and PyTorch modules that were loaded for it (Python itself not counted).
"""

import os
import sys

sys.path.insert(0, sys.argv[1])

import torch

import networks
import safetensors_file

torch.set_num_threads(1)
net, workload = networks.create("MnistConvNet")
net.load_state_dict(safetensors_file.load(sys.argv[2]))
net.eval()
with open(sys.argv[3], "rb") as file:
    image = torch.frombuffer(bytearray(file.read()), dtype=torch.float32).reshape(1, *workload.shape)
with torch.no_grad():
    print(net(image).argmax().item(), flush=True)

if "--size" in sys.argv:
    files = set()
    with open("/proc/self/maps") as maps:
        for line in maps:
            parts = line.split(None, 5)
            if len(parts) == 6 and ".so" in parts[5]:
                files.add(os.path.realpath(parts[5].strip()))
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if path and f"{os.sep}torch{os.sep}" in path:
            files.add(os.path.realpath(path))
    print(sum(os.path.getsize(path) for path in files if os.path.exists(path)))
