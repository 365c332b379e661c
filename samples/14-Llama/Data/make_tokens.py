#!/usr/bin/env python3
"""Learns vocab.json and merges.txt from the text: byte-level byte-pair encoding (Sennrich, Haddow and Birch, 2016) in GPT-2's form.

    python3 make_tokens.py [vocabulary size]

The text is cut into pieces as GPT-2 cuts it; within a piece the pair of neighbours that is most frequent in all pieces becomes a token,
again and again. Pairs that are equally frequent come in the order of their bytes, so that the files are the same at every run. Only the
part that the sample trains on is looked at.
"""
import collections
import gzip
import json
import pathlib
import re
import sys

TRAINING_SHARE = 0.9
PIECES = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+")


def visible_bytes():
    """GPT-2's characters for bytes: those that can be seen stand for themselves, others for characters from 256 on."""
    seen = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    characters = {byte: chr(byte) for byte in seen}
    for byte in range(256):
        if byte not in characters:
            characters[byte] = chr(256 + len(characters) - len(seen))
    return characters


def merge(piece, pair):
    result, i = [], 0
    while i < len(piece):
        if i + 1 < len(piece) and (piece[i], piece[i + 1]) == pair:
            result.append(piece[i] + piece[i + 1])
            i += 2
        else:
            result.append(piece[i])
            i += 1
    return result


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    folder = pathlib.Path(__file__).parent
    text = gzip.decompress((folder / "shakespeare.txt.gz").read_bytes()).decode("ascii")
    characters = visible_bytes()
    counts = collections.Counter(PIECES.findall(text[: int(len(text) * TRAINING_SHARE)]))
    pieces = [([characters[byte] for byte in piece.encode()], count) for piece, count in counts.items()]
    vocabulary = [characters[byte] for byte in range(256)]
    pairs, where = collections.Counter(), collections.defaultdict(set)
    for i, (piece, count) in enumerate(pieces):
        for pair in zip(piece, piece[1:]):
            pairs[pair] += count
            where[pair].add(i)
    merges = []
    while len(vocabulary) < size:
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        vocabulary.append(best[0] + best[1])
        for i in list(where[best]):
            piece, count = pieces[i]
            for pair in zip(piece, piece[1:]):
                pairs[pair] -= count
                where[pair].discard(i)
            piece = merge(piece, best)
            pieces[i] = (piece, count)
            for pair in zip(piece, piece[1:]):
                pairs[pair] += count
                where[pair].add(i)
        pairs = +pairs
    lines = ",\n".join(f"  {json.dumps(token, ensure_ascii=False)}: {i}" for i, token in enumerate(vocabulary))
    (folder / "vocab.json").write_text("{\n" + lines + "\n}\n", encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges), encoding="utf-8")


main()
