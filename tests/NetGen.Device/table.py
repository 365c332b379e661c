"""A Markdown table of what `device time` and `torch_peer.py` measured on one card.

usage: table.py DEVICE.JSONL [TORCH.JSONL]

Microseconds of a step that is waited for, of one that is enqueued, and of the inference of one sample; behind PyTorch's
the ratio to NetGen's in the precision that is most like it: PyTorch's `highest` is float32, as NetGen's default is, and
its autocast to bfloat16 keeps activations in bfloat16 too, which NetGen's BFloat16 does not.
"""

import json
import sys

LIKE = {"Float32": "highest", "TF32": "high", "BFloat16": "bfloat16"}


def read(path):
    """The lines that are JSON; what a program said besides is none of the table's."""
    lines = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("{"):
                lines.append(json.loads(line))
    return lines


def cell(own, other, key):
    if key not in other:
        return "–"
    return f"{other[key]:,.1f} ({other[key] / own[key]:.2f} ×)"


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    ours = read(sys.argv[1])
    theirs = read(sys.argv[2]) if len(sys.argv) == 3 else []
    print("| network, batch | who | first step | step | enqueued | one sample |")
    print("| --- | --- | --- | --- | --- | --- |")
    for own in ours:
        print(f"| {own['network']}, {own['batch']} | NetGen, {own['precision']} | {own['first_step_s']} s | {own['step_us']:,.1f} | "
              f"{own['enqueued_us']:,.1f} | {own['forward_us']:,.1f} |")
        peers = (row for row in theirs if (row["network"], row["batch"]) == (own["network"], own["batch"]))
        for other in (row for row in peers if row["precision"] == LIKE[own["precision"]]):
            who = f"PyTorch {other['torch']}, {other['way']}, {other['precision']}"
            if "error" in other:
                print(f"| | {who} | {other['error']} | | | |")
            else:
                print(f"| | {who} | {other['first_step_s']} s | {cell(own, other, 'step_us')} | "
                      f"{cell(own, other, 'enqueued_us')} | {cell(own, other, 'forward_us')} |")


if __name__ == "__main__":
    main()
