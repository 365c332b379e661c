using System.Globalization;
using NetGen.Generator.Specs;

namespace NetGen.Conformance.Tests.Model;

/// <summary>The loss at the end of a stack, e.g. <c>ce:w=1/0.5/2,e=0.1,sum</c>: <c>golden/make_golden.py</c> describes the notation.</summary>
internal static class LossWord
{
    /// <summary>Null if the word is no loss.</summary>
    public static LossSpec? Parse(string word)
    {
        string[] headAndRest = word.Split(':', 2);
        string[] options = headAndRest.Length == 2 ? headAndRest[1].Split(',') : [];
        LossReduction reduction = options.Contains("sum") ? LossReduction.Sum : options.Contains("batchmean") ? LossReduction.BatchMean : LossReduction.Mean;
        return headAndRest[0] switch
        {
            "ce" => new CrossEntropyLossSpec(reduction, Factors("w"), Ignored(), Number("e", 0)),
            "nll" => new NLLLossSpec(reduction, Factors("w"), Ignored()),
            "mse" => new MSELossSpec(reduction),
            "l1" => new L1LossSpec(reduction),
            "huber" => new HuberLossSpec(reduction, Number("d", 1)),
            "smoothl1" => new SmoothL1LossSpec(reduction, Number("b", 1)),
            "bce" => new BCELossSpec(reduction, Factors("w")),
            "bcelogits" => new BCEWithLogitsLossSpec(reduction, Factors("w"), Factors("p")),
            "kl" => new KLDivLossSpec(reduction, options.Contains("log")),
            "cosine" => new CosineEmbeddingLossSpec(reduction, Number("m", 0)),
            _ => null,
        };

        int Ignored() => int.Parse(Option("i") ?? "-100", CultureInfo.InvariantCulture);
        string? Option(string name) => options.FirstOrDefault(o => o.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
        double Number(string name, double otherwise) => Option(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;
        EquatableArray<float> Factors(string name)
            => (Option(name)?.Split('/') ?? []).Select(f => float.Parse(f, CultureInfo.InvariantCulture)).ToEquatableArray();
    }

    /// <summary>The targets are to be probabilities where the loss takes labels too.</summary>
    public static bool TakesProbabilities(string word) => word.StartsWith("ce:", StringComparison.Ordinal) && word[3..].Split(',').Contains("prob");

    public static string Format(LossSpec loss, bool probabilities)
    {
        (string head, List<string> options) = loss switch
        {
            CrossEntropyLossSpec l => ("ce", new List<string> { Factors("w", l.Weight), Ignored(l.IgnoreIndex), Number("e", l.LabelSmoothing, 0), probabilities ? "prob" : "" }),
            NLLLossSpec l => ("nll", [Factors("w", l.Weight), Ignored(l.IgnoreIndex)]),
            MSELossSpec => ("mse", []),
            L1LossSpec => ("l1", []),
            HuberLossSpec l => ("huber", [Number("d", l.Delta, 1)]),
            SmoothL1LossSpec l => ("smoothl1", [Number("b", l.Beta, 1)]),
            BCELossSpec l => ("bce", [Factors("w", l.Weight)]),
            BCEWithLogitsLossSpec l => ("bcelogits", [Factors("w", l.Weight), Factors("p", l.PosWeight)]),
            KLDivLossSpec l => ("kl", [l.LogTarget ? "log" : ""]),
            CosineEmbeddingLossSpec l => ("cosine", [Number("m", l.Margin, 0)]),
            _ => throw new NotSupportedException(loss.ToString()),
        };
        options.Add(loss.Reduction == LossReduction.Mean ? "" : Reduction(loss.Reduction));
        string text = string.Join(",", options.Where(o => o != ""));
        return text == "" ? head : $"{head}:{text}";

        static string Ignored(int index) => index == -100 ? "" : $"i={Invariant(index)}";
        static string Number(string name, double value, double usual) => value == usual ? "" : $"{name}={Invariant(value)}";
        static string Factors(string name, EquatableArray<float> factors) => factors.Count == 0 ? "" : $"{name}={string.Join("/", factors.Select(f => Invariant(f)))}";
    }

    /// <summary>The attribute that declares it.</summary>
    public static string Attribute(LossSpec loss)
    {
        var arguments = new List<string>();
        void Add(string name, string value, bool isUsual)
        {
            if (!isUsual)
                arguments.Add($"{name} = {value}");
        }
        void AddFactors(string name, EquatableArray<float> factors) => Add(name, $"new[] {{ {string.Join(", ", factors.Select(f => Invariant(f) + "f"))} }}", factors.Count == 0);
        switch (loss)
        {
            case CrossEntropyLossSpec l:
                AddFactors("Weight", l.Weight);
                Add("IgnoreIndex", Invariant(l.IgnoreIndex), l.IgnoreIndex == -100);
                Add("LabelSmoothing", Invariant(l.LabelSmoothing), l.LabelSmoothing == 0);
                break;
            case NLLLossSpec l:
                AddFactors("Weight", l.Weight);
                Add("IgnoreIndex", Invariant(l.IgnoreIndex), l.IgnoreIndex == -100);
                break;
            case HuberLossSpec l:
                Add("Delta", Invariant(l.Delta), l.Delta == 1);
                break;
            case SmoothL1LossSpec l:
                Add("Beta", Invariant(l.Beta), l.Beta == 1);
                break;
            case BCELossSpec l:
                AddFactors("Weight", l.Weight);
                break;
            case BCEWithLogitsLossSpec l:
                AddFactors("Weight", l.Weight);
                AddFactors("PosWeight", l.PosWeight);
                break;
            case KLDivLossSpec l:
                Add("LogTarget", "true", !l.LogTarget);
                break;
            case CosineEmbeddingLossSpec l:
                Add("Margin", Invariant(l.Margin), l.Margin == 0);
                break;
        }
        Add("Reduction", $"\"{Reduction(loss.Reduction)}\"", loss.Reduction == LossReduction.Mean);
        string name = loss.GetType().Name[..^"Spec".Length];
        return arguments.Count == 0 ? name : $"{name}({string.Join(", ", arguments)})";
    }

    private static string Reduction(LossReduction reduction) => reduction == LossReduction.Sum ? "sum" : "batchmean";

    private static string Invariant(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
