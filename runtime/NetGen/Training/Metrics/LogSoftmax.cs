namespace NetGen;

/// <summary>log softmax in double, in a form that cannot overflow.</summary>
internal static class LogSoftmax
{
    /// <summary>One element of it.</summary>
    public static double At(ReadOnlySpan<float> scores, int index) => scores[index] - LogSum(scores);

    /// <summary>log Σ exp: what is subtracted from each score.</summary>
    public static double LogSum(ReadOnlySpan<float> scores)
    {
        float largest = scores[ClassMetric.ArgMax(scores)];
        double sum = 0;
        foreach (float score in scores)
            sum += Math.Exp((double)score - largest);
        return Math.Log(sum) + largest;
    }
}
