#!/usr/bin/env python3
"""Writes augment.json: what torchvision (0.14.1, on PIL 9.4) makes of a picture with given angles, factors and parts.

Needs Debian's python3-torchvision and python3-sklearn (1.2.1; for scalers.json, what scikit-learn's scalers make of columns).
Everything comes from fixed seeds.
"""
import base64
import json
import pathlib

import numpy
from PIL import Image
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler
from torchvision import transforms
from torchvision.transforms import InterpolationMode, functional

HERE = pathlib.Path(__file__).parent
MODES = {"Nearest": InterpolationMode.NEAREST, "Bilinear": InterpolationMode.BILINEAR}


def base64_of(data):
    return base64.b64encode(bytes(data)).decode("ascii")


def scene(width, height):
    """A picture with all hues, slopes and noise, and some grey, black and white pixels."""
    rng = numpy.random.RandomState(5)
    y, x = numpy.mgrid[0:height, 0:width]
    planes = [127 + 140 * numpy.sin(x / 3 + 2 * c) * numpy.cos(y / 4 + c) + rng.normal(0, 20, (height, width)) for c in range(3)]
    pixels = numpy.clip(numpy.stack(planes, 2), 0, 255).astype(numpy.uint8)
    pixels[0, :8] = numpy.arange(0, 256, 36)[:8, None]
    pixels[1, 0], pixels[1, 1] = 0, 255
    return Image.fromarray(pixels)


def case(name, colours, grey, **arguments):
    return dict(name=name, rgb=base64_of(colours.tobytes()), grey=base64_of(grey.tobytes()), **arguments)


def main():
    picture = scene(29, 21)
    grey = picture.convert("L")
    rotations, affines, colours, crops = [], [], [], []
    for mode, interpolation in MODES.items():
        for angle in [0, 1, 17.5, -33, 90, 133.25, 180, -271]:
            out = [functional.rotate(image, angle, interpolation, fill=[fill] * len(image.getbands())) for image, fill in [(picture, 7), (grey, 7)]]
            rotations.append(case(f"{angle} {mode}", *out, angle=angle, mode=mode))
        for angle, translate, scale, shear in [(0, (0, 0), 1, (0, 0)), (20, (3, -2), 1, (0, 0)), (0, (2, 1), 1.3, (0, 0)), (0, (0, 0), 0.7, (0, 0)),
                                               (-45, (0, 4), 0.8, (10, 0)), (5, (-1, -1), 1.1, (-12, 20))]:
            out = [functional.affine(image, angle, list(translate), scale, list(shear), interpolation, fill=[9] * len(image.getbands()))
                   for image in (picture, grey)]
            affines.append(case(f"{angle} {translate} {scale} {shear} {mode}", *out, angle=angle, x=translate[0], y=translate[1], scale=scale,
                                shearX=shear[0], shearY=shear[1], mode=mode))
    for kind, function in [("brightness", functional.adjust_brightness), ("contrast", functional.adjust_contrast),
                           ("saturation", functional.adjust_saturation)]:
        for factor in [0, 0.3, 0.77, 1, 1.25, 2.9]:
            colours.append(case(f"{kind} {factor}", function(picture, factor), function(grey, factor), kind=kind, factor=factor))
    for factor in [-0.5, -0.3, -0.013, 0, 0.1, 0.49]:
        colours.append(case(f"hue {factor}", functional.adjust_hue(picture, factor), functional.adjust_hue(grey, factor), kind="hue", factor=factor))
    for top, left, height, width, size in [(0, 0, 21, 29, (21, 29)), (3, 5, 10, 12, (16, 16)), (20, 28, 1, 1, (4, 5)), (2, 0, 19, 8, (7, 9))]:
        out = [functional.resized_crop(image, top, left, height, width, list(size)) for image in (picture, grey)]
        crops.append(case(f"{top} {left} {height} {width} {size}", *out, top=top, left=left, height=height, width=width, toHeight=size[0],
                          toWidth=size[1]))
    (HERE / "augment.json").write_text(json.dumps(dict(
        width=29, height=21, picture=base64_of(picture.tobytes()), greyPicture=base64_of(grey.tobytes()), rotations=rotations, affines=affines,
        colours=colours, crops=crops, grayscale1=base64_of(transforms.Grayscale(1)(picture).tobytes()),
        grayscale3=base64_of(transforms.Grayscale(3)(picture).tobytes())), indent=1) + "\n")

    rng = numpy.random.RandomState(1)
    columns = [rng.normal(3, 2, 50), rng.exponential(100, 51), numpy.full(7, 4.5), numpy.array([1.0, 2.0]), rng.normal(-1e6, 1, 40)]
    scaled = []
    for values in columns:
        column = values.reshape(-1, 1)
        scaled.append(dict(values=values.tolist(), standard=StandardScaler().fit_transform(column).ravel().tolist(),
                           minMax=MinMaxScaler().fit_transform(column).ravel().tolist(),
                           robust=RobustScaler().fit_transform(column).ravel().tolist()))
    (HERE / "scalers.json").write_text(json.dumps(scaled) + "\n")


main()
