namespace NetGen;

/// <summary>CrossEntropyLoss, of logits, and NLLLoss, of logarithms of probabilities.</summary>
internal sealed class ClassLossFormula(
    LossReduction reduction, int classes, float[] weight, int ignoreIndex, double smoothing, bool isOfLogits) : LossFormula(reduction)
{
    public override void Check(in LossArguments arguments)
    {
        foreach (int label in arguments.Labels)
        {
            if ((uint)label >= (uint)classes && label != ignoreIndex)
                throw new ArgumentException($"Expected labels from 0 to {classes - 1}, or {ignoreIndex} for what does not count, "
                    + $"got {label}.", nameof(arguments));
        }
    }

    public override (double Sum, double Divisor) Of(in LossArguments arguments)
    {
        double sum = 0, divisor = 0;
        if (arguments.Labels.IsEmpty)
        {
            int samples = arguments.First.Length / classes;
            for (int i = 0; i < samples; i++)
            {
                ReadOnlySpan<float> scores = arguments.First.Slice(i * classes, classes);
                double shift = LogSoftmax.LogSum(scores);
                for (int c = 0; c < classes; c++)
                {
                    double target = (1 - smoothing) * arguments.Values[i * classes + c] + smoothing / classes;
                    sum -= WeightOf(c) * target * (scores[c] - shift);
                }
            }
            return (sum, samples);
        }
        for (int i = 0; i < arguments.Labels.Length; i++)
        {
            int label = arguments.Labels[i];
            if (label == ignoreIndex)
                continue;
            ReadOnlySpan<float> scores = arguments.First.Slice(i * classes, classes);
            double shift = isOfLogits ? LogSoftmax.LogSum(scores) : 0, smooth = 0;
            if (smoothing > 0)
            {
                for (int c = 0; c < classes; c++)
                    smooth -= WeightOf(c) * (scores[c] - shift);
            }
            sum += (smoothing - 1) * WeightOf(label) * (scores[label] - shift) + smoothing / classes * smooth;
            divisor += WeightOf(label);
        }
        return (sum, divisor);
    }

    private double WeightOf(int label) => weight.Length == 0 ? 1 : weight[label];
}
