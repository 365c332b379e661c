"""Test data from an integer hash, which Model/Numbers.cs computes bit for bit: what a file would otherwise have to store."""

import numpy as np


def hash32(seed, index):
    """MurmurHash3's finaliser over seed and index, in 32-bit arithmetic; index may be an array."""
    x = (np.asarray(index, dtype=np.uint64) * 0x9E3779B9 + np.uint64(seed * 0x85EBCA6B & 0xFFFFFFFF)) & 0xFFFFFFFF
    x ^= x >> np.uint64(16)
    x = x * 0x85EBCA6B & 0xFFFFFFFF
    x ^= x >> np.uint64(13)
    x = x * 0xC2B2AE35 & 0xFFFFFFFF
    x ^= x >> np.uint64(16)
    return x


def uniform(seed, count, scale=1.0):
    """count float32 numbers in [-scale, scale): 24 hash bits each, one rounded multiplication."""
    bits = (hash32(seed, np.arange(count)) >> np.uint64(8)).astype(np.int64) - (1 << 23)
    return bits.astype(np.float32) * np.float32(2.0 ** -23) * np.float32(scale)


def places(count, samples):
    """The sampled elements of a tensor of count elements: one in each of as many equal parts, ascending."""
    i = np.arange(samples, dtype=np.int64)
    return (i * count + (hash32(0, i).astype(np.int64) % count)) // samples
