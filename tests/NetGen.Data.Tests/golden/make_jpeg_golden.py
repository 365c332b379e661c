#!/usr/bin/env python3
"""Writes jpegs.json: JPEG files of many kinds with the pixels that PIL (9.4, on libjpeg-turbo 2.1.5) reads from them.

Needs PIL, Debian's python3-pil, and jpegtran and cjpeg, Debian's libjpeg-turbo-progs. Everything comes from fixed seeds.
"""
import base64
import io
import json
import pathlib
import subprocess

import numpy
from PIL import Image

HERE = pathlib.Path(__file__).parent


def base64_of(data):
    return base64.b64encode(bytes(data)).decode("ascii")


def scene(width, height, seed=3):
    """A picture with edges, slopes and noise."""
    rng = numpy.random.RandomState(seed)
    y, x = numpy.mgrid[0:height, 0:width]
    planes = [127 + 100 * numpy.sin(x / 3 + c) * numpy.cos(y / 4) + 40 * ((x - 12) ** 2 + (y - 9) ** 2 < 40)
              + rng.normal(0, 6, (height, width)) for c in range(3)]
    return Image.fromarray(numpy.clip(numpy.stack(planes, 2), 0, 255).astype(numpy.uint8))


def cjpeg(picture, *options):
    ppm = io.BytesIO()
    picture.save(ppm, "PPM")
    return subprocess.run(["cjpeg", *options], input=ppm.getvalue(), stdout=subprocess.PIPE, check=True).stdout


def main():
    picture = scene(45, 38)
    grey = picture.convert("L")
    files = []
    for sampling in ["1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2"]:
        for mode in [[], ["-progressive"]]:
            files.append((" ".join(["sampled", sampling] + mode), cjpeg(picture, "-quality", "80", "-sample", sampling, *mode)))
    for quality in [5, 50, 100]:
        files.append((f"quality {quality}", cjpeg(picture, "-quality", str(quality))))
        files.append((f"quality {quality} progressive", cjpeg(picture, "-quality", str(quality), "-progressive", "-optimize")))
    files.append(("restarts", cjpeg(picture, "-restart", "3B")))
    files.append(("restarts progressive", cjpeg(picture, "-restart", "1", "-progressive", "-sample", "2x1")))
    files.append(("optimized", cjpeg(picture, "-optimize")))
    files.append(("components as red, green and blue", cjpeg(picture, "-rgb")))
    files.append(("grey", cjpeg(grey)))
    files.append(("grey progressive", cjpeg(grey, "-progressive", "-quality", "95")))
    files.append(("grey with restarts", cjpeg(grey, "-restart", "2B")))
    for width, height in [(1, 1), (2, 2), (3, 5), (4, 3), (8, 8), (9, 17), (16, 16), (17, 33)]:
        small = scene(width, height)
        files.append((f"{width} x {height}", cjpeg(small)))
        files.append((f"{width} x {height} progressive", cjpeg(small, "-progressive", "-sample", "2x1")))
        files.append((f"{width} x {height} sampled 1x2", cjpeg(small, "-sample", "1x2")))
    # Every component in a scan of its own, baseline.
    scans = HERE / "scans.txt"
    scans.write_text("0;\n1;\n2;\n")
    files.append(("a scan for each component", cjpeg(picture, "-scans", str(scans))))
    scans.unlink()
    # Colours of printers, which are refused.
    cmyk = io.BytesIO()
    picture.convert("CMYK").save(cmyk, "JPEG")

    cases = []
    for name, file in files:
        read = Image.open(io.BytesIO(file))
        cases.append(dict(name=name, width=read.width, height=read.height, channels=len(read.mode if read.mode == "RGB" else "L"),
                          file=base64_of(file), pixels=base64_of(read.tobytes())))
    arithmetic = cjpeg(picture, "-arithmetic")
    (HERE / "jpegs.json").write_text(json.dumps(dict(files=cases, cmyk=base64_of(cmyk.getvalue()), arithmetic=base64_of(arithmetic)), indent=1)
                                     + "\n")


main()
