"""Reads and writes safetensors files of float32 and int64 with nothing but the standard library and PyTorch.

Format: u64 little-endian header length, JSON header {"name": {"dtype", "shape", "data_offsets"}}, packed data.
(The `safetensors` package is not in every distribution.)
"""

import json
import struct

import torch


TYPES = {torch.float32: ("F32", "<f4"), torch.int64: ("I64", "<i8")}


def save(path, tensors):
    header, chunks, offset = {"__metadata__": {"format": "pt"}}, [], 0
    for name, tensor in tensors.items():
        if tensor.dtype not in TYPES:
            raise ValueError(f"{name}: float32 or int64 expected, found {tensor.dtype}")
        dtype, format = TYPES[tensor.dtype]
        data = tensor.detach().contiguous().numpy().astype(format).tobytes()
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [offset, offset + len(data)]}
        chunks.append(data)
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for chunk in chunks:
            file.write(chunk)


def load(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        known = [dtype for dtype, (text, _) in TYPES.items() if text == entry["dtype"]]
        if not known:
            raise ValueError(f"{path}: {name}: F32 or I64 expected, found {entry['dtype']}")
        begin, end = entry["data_offsets"]
        tensors[name] = torch.frombuffer(bytearray(data[begin:end]), dtype=known[0]).reshape(entry["shape"])
    return tensors
