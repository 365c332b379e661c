#!/usr/bin/env python3
"""Writes images.json and transforms.json: pictures with their pixels, and what torchvision's transforms make of one.

Needs PIL (9.4 was used) and torchvision (0.14.1), Debian's python3-torchvision. PNG files are written here bit by bit, since PIL writes no
interlaced files and few depths; PIL then confirms the pixels wherever it reads the depth exactly. Everything comes from fixed seeds.
"""
import base64
import io
import json
import pathlib
import random
import struct
import zlib

import numpy
import torch
from PIL import Image
from torchvision import transforms
from torchvision.transforms import functional

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 13, 11
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def base64_of(data):
    return base64.b64encode(bytes(data)).decode("ascii")


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def pack_row(values, depth):
    if depth == 16:
        return b"".join(struct.pack(">H", v) for v in values)
    out, bits, filled = bytearray(), 0, 0
    for v in values:
        bits, filled = bits << depth | v, filled + depth
        if filled == 8:
            out.append(bits)
            bits, filled = 0, 0
    if filled:
        out.append(bits << (8 - filled))
    return bytes(out)


def paeth(a, b, c):
    p = a + b - c
    return min([a, b, c], key=lambda x: abs(p - x))


def filtered(kind, row, above, distance):
    out = bytearray([kind])
    for i, value in enumerate(row):
        a = row[i - distance] if i >= distance else 0
        b, c = above[i], above[i - distance] if i >= distance else 0
        out.append((value - [0, a, b, (a + b) // 2, paeth(a, b, c)][kind]) & 255)
    return bytes(out)


def png(rng, colour, depth, interlaced, transparent, width=WIDTH, height=HEIGHT, pieces=3):
    """A file, its channels and its pixels with 8 bits a sample."""
    samples, most = SAMPLES[colour], (1 << depth) - 1
    colours = min(most + 1, 200)
    top = colours - 1 if colour == 3 else most
    # Smooth with some noise, so that every filter has something to guess.
    pixels = [[[min(top, max(0, int((x * (c + 1) + y * 2) / (3 * width) * top) + rng.randint(-1, 1))) for c in range(samples)]
               for x in range(width)] for y in range(height)]
    palette = [tuple(rng.randrange(256) for _ in range(3)) for _ in range(colours)]
    alphas = [rng.randrange(256) for _ in range(max(1, colours - 1))]
    key = pixels[height // 2][width // 2]

    raw = b""
    for x0, y0, dx, dy in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        above = None
        for number, y in enumerate(range(y0, height, dy)):
            if x0 >= width:
                continue
            row = pack_row([v for x in range(x0, width, dx) for v in pixels[y][x]], depth)
            raw += filtered((number + y0) % 5, row, above or bytes(len(row)), max(1, samples * depth // 8))
            above = row
    data = zlib.compress(raw)

    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))
    file += chunk(b"gAMA", struct.pack(">I", 45455))
    if colour == 3:
        file += chunk(b"PLTE", bytes(v for entry in palette for v in entry))
    if transparent:
        file += chunk(b"tRNS", bytes(alphas) if colour == 3 else b"".join(struct.pack(">H", v) for v in key))
    for i in range(pieces):
        file += chunk(b"IDAT", data[len(data) * i // pieces:len(data) * (i + 1) // pieces])
    file += chunk(b"tEXt", b"Comment\0made for a test") + chunk(b"IEND", b"")

    out = bytearray()
    for row in pixels:
        for pixel in row:
            if colour == 3:
                out += bytes(palette[pixel[0]])
                if transparent:
                    out.append(alphas[pixel[0]] if pixel[0] < len(alphas) else 255)
            else:
                out += bytes((v * 510 + most) // (2 * most) for v in pixel)
                if transparent:
                    out.append(0 if pixel == key else 255)
    return file, len(out) // (width * height), bytes(out)


def images():
    rng = random.Random(7)
    cases = []
    for colour, depths in DEPTHS.items():
        for depth in depths:
            for interlaced in (0, 1):
                for transparent in (False, True) if colour in (0, 2, 3) else (False,):
                    file, channels, pixels = png(rng, colour, depth, interlaced, transparent)
                    if depth <= 8 and channels in (3, 4):
                        read = Image.open(io.BytesIO(file)).convert({3: "RGB", 4: "RGBA"}[channels])
                        assert read.tobytes() == pixels, (colour, depth, interlaced, transparent)
                    name = f"type {colour}, {depth} bits" + (", interlaced" if interlaced else "") + (", transparent" if transparent else "")
                    cases.append(dict(name=name, width=WIDTH, height=HEIGHT, channels=channels, file=base64_of(file), pixels=base64_of(pixels)))
    # Passes without a pixel, and one pixel alone.
    for width, height in [(1, 1), (2, 3), (4, 4), (5, 1), (1, 9)]:
        file, channels, pixels = png(rng, 2, 8, 1, False, width, height, 1)
        assert Image.open(io.BytesIO(file)).tobytes() == pixels
        cases.append(dict(name=f"{width} x {height} interlaced", width=width, height=height, channels=channels, file=base64_of(file), pixels=base64_of(pixels)))

    # What PIL makes of channels that were not asked for.
    file, channels, pixels = png(rng, 6, 8, 0, False)
    picture = Image.open(io.BytesIO(file))
    converted = dict(file=base64_of(file), grey=base64_of(picture.convert("L").tobytes()), rgb=base64_of(picture.convert("RGB").tobytes()))

    jpegs = []
    for name, mode, options in [("colours, subsampled", "RGB", {}), ("colours, progressive", "RGB", dict(progressive=True, subsampling=0)), ("grey", "L", {})]:
        picture = scene(31, 22).convert(mode)
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=85, **options)
        read = Image.open(io.BytesIO(out.getvalue()))
        jpegs.append(dict(name=name, width=31, height=22, channels=len(mode), file=base64_of(out.getvalue()), pixels=base64_of(read.tobytes()),
                          grey=base64_of(read.convert("L").tobytes())))
    return dict(png=cases, converted=converted, jpeg=jpegs)


def scene(width, height):
    """A picture with edges, slopes and noise."""
    rng = numpy.random.RandomState(3)
    y, x = numpy.mgrid[0:height, 0:width]
    planes = [127 + 100 * numpy.sin(x / 3 + c) * numpy.cos(y / 4) + 40 * ((x - 12) ** 2 + (y - 9) ** 2 < 40) + rng.normal(0, 6, (height, width)) for c in range(3)]
    return Image.fromarray(numpy.clip(numpy.stack(planes, 2), 0, 255).astype(numpy.uint8))


def floats(tensor):
    return base64_of(tensor.contiguous().numpy().astype("<f4").tobytes())


def transform_cases():
    picture = scene(31, 22)
    grey = picture.convert("L")
    mean, std = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    resized = []
    for size in [(22, 31), (11, 15), (44, 62), (7, 90), (50, 3), (1, 1), (21, 31), (22, 30)]:
        resized.append(dict(height=size[0], width=size[1], rgb=base64_of(transforms.Resize(size)(picture).tobytes()),
                            grey=base64_of(transforms.Resize(size)(grey).tobytes())))
    shorter = []
    for size in [8, 22, 37]:
        for source in (picture, picture.transpose(Image.TRANSPOSE)):
            out = transforms.Resize(size)(source)
            shorter.append(dict(size=size, transposed=source is not picture, height=out.height, width=out.width, rgb=base64_of(out.tobytes())))
    cropped = []
    for size in [(22, 31), (10, 10), (9, 14), (21, 4), (30, 40), (25, 8), (8, 36), (23, 32)]:
        out = transforms.CenterCrop(size)(picture)
        cropped.append(dict(height=size[0], width=size[1], rgb=base64_of(out.tobytes())))
    tensor = transforms.ToTensor()(picture)
    padded = functional.pad(picture, [4, 4, 4, 4], fill=0)
    usual = transforms.Compose([transforms.Resize(16), transforms.CenterCrop(12), transforms.RandomHorizontalFlip(p=1), transforms.ToTensor(),
                                transforms.Normalize(mean, std)])
    return dict(
        picture=base64_of(picture.tobytes()), greyPicture=base64_of(grey.tobytes()), width=31, height=22,
        resize=resized, resizeShorter=shorter, centerCrop=cropped,
        toTensor=floats(tensor), normalize=floats(transforms.Normalize(mean, std)(tensor)),
        greyNormalize=floats(transforms.Normalize([0.1307], [0.3081])(transforms.ToTensor()(grey))),
        padded=base64_of(padded.tobytes()), usual=floats(usual(picture)),
        horizontalFlip=floats(functional.hflip(tensor)), verticalFlip=floats(functional.vflip(tensor)))


torch.manual_seed(1)
for file, content in [("images.json", images()), ("transforms.json", transform_cases())]:
    (HERE / file).write_text(json.dumps(content, indent=1) + "\n")
