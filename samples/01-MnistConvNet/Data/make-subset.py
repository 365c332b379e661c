#!/usr/bin/env python3
"""Makes the embedded subset of Fashion-MNIST: the files fashion-*.gz in this folder.

    python3 make-subset.py [FOLDER]

FOLDER holds the four IDX files of the full data set, gzip-compressed; without it, the folder of Debian's package
dataset-fashion-mnist. The subset is class-balanced: of each of the ten classes the first 500 training images and the
first 100 test images, in the order of the original files. The result is the same bytes on every run.
"""

import gzip
import os
import struct
import sys

DEFAULT_FOLDER = "/usr/share/datasets/fashion-mnist"
CLASSES = 10


def read(path, magic):
    with gzip.open(path, "rb") as file:
        data = file.read()
    found = struct.unpack(">I", data[:4])[0]
    if found != magic:
        sys.exit(f"{path}: expected IDX magic {magic}, found {found}")
    dimensions = magic & 0xFF
    sizes = struct.unpack(f">{dimensions}I", data[4:4 + 4 * dimensions])
    return sizes, data[4 + 4 * dimensions:]


def write(name, magic, sizes, body):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    data = struct.pack(f">{1 + len(sizes)}I", magic, *sizes) + body
    with open(path, "wb") as file:
        # No name and no time in the header, so that equal contents give equal files.
        with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=file, mtime=0) as zipped:
            zipped.write(data)
    print(f"{name}: {sizes[0]} entries, {os.path.getsize(path):,} bytes")


def subset(folder, source, target, per_class):
    (count, height, width), pixels = read(os.path.join(folder, f"{source}-images-idx3-ubyte.gz"), 2051)
    (label_count,), labels = read(os.path.join(folder, f"{source}-labels-idx1-ubyte.gz"), 2049)
    if count != label_count:
        sys.exit(f"{source}: {count} images but {label_count} labels")

    taken = [0] * CLASSES
    chosen = []
    for index, label in enumerate(labels):
        if taken[label] < per_class:
            taken[label] += 1
            chosen.append(index)
    if min(taken) < per_class:
        sys.exit(f"{source}: fewer than {per_class} images of class {taken.index(min(taken))}")

    size = height * width
    write(f"{target}-images-idx3-ubyte.gz", 2051, (len(chosen), height, width),
          b"".join(pixels[i * size:(i + 1) * size] for i in chosen))
    write(f"{target}-labels-idx1-ubyte.gz", 2049, (len(chosen),), bytes(labels[i] for i in chosen))


if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else DEFAULT_FOLDER
    subset(folder, "train", "fashion-train", 500)
    subset(folder, "t10k", "fashion-t10k", 100)
