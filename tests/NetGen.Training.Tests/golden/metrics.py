"""Values of metrics by their definitions, in fractions: python3 metrics.py > metrics.json

The definitions are those of scikit-learn 1.6: roc_auc_score (the share of pairs in order), average_precision_score,
precision_score, recall_score and f1_score with zero_division=0 and average=None, "macro", "micro", "weighted",
accuracy_score, r2_score with multioutput="raw_values" and "uniform_average", root_mean_squared_error of all elements.
"""
import json
import random
import sys
from fractions import Fraction


def share(part, whole):
    return Fraction(part, whole) if whole else Fraction(0)


def auc(scores, labels):
    positives = [s for s, y in zip(scores, labels) if y == 1]
    negatives = [s for s, y in zip(scores, labels) if y == 0]
    if not positives or not negatives:
        return None
    won = sum(Fraction(1) if p > n else Fraction(1, 2) if p == n else Fraction(0) for p in positives for n in negatives)
    return won / (len(positives) * len(negatives))


def average_precision(scores, labels):
    all_positives = sum(labels)
    if all_positives == 0:
        return Fraction(0)
    total, before = Fraction(0), Fraction(0)
    for threshold in sorted(set(scores), reverse=True):
        taken = [y for s, y in zip(scores, labels) if s >= threshold]
        recall = Fraction(sum(taken), all_positives)
        total += (recall - before) * Fraction(sum(taken), len(taken))
        before = recall
    return total


def binary(name, scores, labels, threshold):
    # The scores are eighths of logits: exact as floats, and so are their comparisons.
    taken = [s > threshold for s in scores]
    tp = sum(t and y == 1 for t, y in zip(taken, labels))
    fp = sum(t and y == 0 for t, y in zip(taken, labels))
    fn = sum(not t and y == 1 for t, y in zip(taken, labels))
    tn = len(labels) - tp - fp - fn
    number = auc(scores, labels)
    return {
        "name": name, "scores": [s / 8 for s in scores], "labels": labels,
        "accuracy": float(Fraction(tp + tn, len(labels))), "precision": float(share(tp, tp + fp)),
        "recall": float(share(tp, tp + fn)), "f1": float(share(2 * tp, 2 * tp + fp + fn)),
        "auc": None if number is None else float(number), "ap": float(average_precision(scores, labels)),
    }


def multiclass(name, classes, predicted, labels):
    rows = []
    for c in range(classes):
        tp = sum(p == c and y == c for p, y in zip(predicted, labels))
        taken, actual = predicted.count(c), labels.count(c)
        rows.append((share(tp, taken), share(tp, actual), share(2 * tp, taken + actual), actual, taken))
    right = Fraction(sum(p == y for p, y in zip(predicted, labels)), len(labels))
    there = [r for r in rows if r[3] + r[4] > 0]
    result = {"name": name, "classes": classes, "predicted": predicted, "labels": labels, "micro": float(right)}
    for i, what in enumerate(["precision", "recall", "f1"]):
        result[what] = [float(r[i]) for r in rows]
        result["macro_" + what] = float(sum(r[i] for r in there) / len(there))
        result["weighted_" + what] = float(sum(r[i] * r[3] for r in rows) / sum(r[3] for r in rows))
    return result


def regression(name, outputs, given, target):
    count = len(given) // outputs
    values = []
    for i in range(outputs):
        t, g = [Fraction(x) for x in target[i::outputs]], [Fraction(x) for x in given[i::outputs]]
        mean = sum(t) / count
        wrong, around = sum((a - b) ** 2 for a, b in zip(t, g)), sum((a - mean) ** 2 for a in t)
        values.append(1 - wrong / around if around else Fraction(int(wrong == 0)))
    mean_square = sum((Fraction(a) - Fraction(b)) ** 2 for a, b in zip(given, target)) / len(given)
    return {"name": name, "outputs": outputs, "given": given, "target": target, "r2": [float(v) for v in values],
            "mean_r2": float(sum(values) / outputs), "rmse": float(mean_square) ** 0.5}


draw = random.Random(5)
labels = [int(draw.random() < 0.3) for _ in range(200)]
eighths = lambda n: [draw.randrange(-40, 41) for _ in range(n)]
json.dump({
    "binary": [
        binary("random, with ties", eighths(200), labels, 0),
        binary("good", [s + 24 * y for s, y in zip(eighths(200), labels)], labels, 0),
        binary("all scores equal", [8] * 6, [1, 0, 1, 0, 0, 1], 0),
        binary("perfect", [-8, -16, 8, 16], [0, 0, 1, 1], 0),
        binary("the wrong way round", [8, 16, -8, -16], [0, 0, 1, 1], 0),
        binary("none of the class", [-8, 8, 16], [0, 0, 0], 0),
        binary("all of the class", [-8, 8, 16], [1, 1, 1], 0),
        binary("none taken", [-8, -16, -24], [0, 1, 0], 0),
        binary("at the threshold", [0, 0, 8], [0, 1, 1], 0),
        binary("one sample", [8], [1], 0),
    ],
    "multiclass": [
        multiclass("random", 5, [draw.randrange(5) for _ in range(150)], [draw.randrange(5) for _ in range(150)]),
        multiclass("unequal", 4, [min(draw.randrange(8), 3) for _ in range(90)], [min(draw.randrange(6), 3) for _ in range(90)]),
        multiclass("a class that neither occurs nor is predicted", 4, [0, 1, 1, 3, 0], [0, 1, 3, 3, 1]),
        multiclass("a class that occurs and is not predicted", 3, [0, 0, 1, 1], [0, 2, 1, 2]),
        multiclass("a class that is predicted and does not occur", 3, [0, 2, 1, 2], [0, 0, 1, 1]),
        multiclass("all wrong", 3, [1, 2, 0], [0, 1, 2]),
    ],
    "regression": [
        regression("one output", 1, [draw.randrange(-64, 64) / 16 for _ in range(40)], [draw.randrange(-64, 64) / 16 for _ in range(40)]),
        regression("three outputs", 3, [draw.randrange(-64, 64) / 16 for _ in range(60)], [draw.randrange(-64, 64) / 16 for _ in range(60)]),
        regression("far from zero", 1, [100000.25, 100000.5, 100001.5, 100002], [100000, 100001, 100001.5, 100002.25]),
        regression("right", 2, [1, 2, 3, 4], [1, 2, 3, 4]),
        regression("targets all equal, outputs right", 1, [2, 2, 2], [2, 2, 2]),
        regression("targets all equal, outputs wrong", 1, [2, 3, 2], [2, 2, 2]),
    ],
}, sys.stdout)
print()
