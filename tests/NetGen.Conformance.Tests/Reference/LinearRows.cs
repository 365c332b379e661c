namespace NetGen.Conformance.Tests.Reference;

/// <summary>Some rows of a tensor as a linear layer.</summary>
/// <param name="First">The first row.</param>
/// <param name="Bias">Null for none; one that the layer does without is none either.</param>
/// <param name="BiasFirst">The bias's first element.</param>
internal sealed record LinearRows(LayerRun Run, string Weight, int First, string? Bias, int BiasFirst, int In, int Out)
{
    public Estimate Apply(Estimate x)
    {
        double[] weight = Run.Tensor(Weight);
        double[]? bias = Bias is null ? null : Run.TensorOrNull(Bias);
        int positions = x.Length / In;
        var sums = new Accumulator(positions * Out);
        for (int p = 0; p < positions; p++)
        {
            for (int o = 0; o < Out; o++)
            {
                if (bias is not null)
                    sums.Add(p * Out + o, bias[BiasFirst + o], 0, 1, 0);
                for (int i = 0; i < In; i++)
                    sums.Add(p * Out + o, x.Values[p * In + i], x.Errors[p * In + i], weight[(First + o) * In + i], 0);
            }
        }
        return sums.ToEstimate();
    }

    /// <summary>The gradient of the input; those of the tensors are added.</summary>
    public Estimate Gradient(Estimate x, Estimate dy)
    {
        double[] weight = Run.Tensor(Weight);
        Accumulator dWeight = Run.Gradient(Weight), dx = new(x.Length);
        Accumulator? dBias = Bias is null ? null : Run.GradientOrNull(Bias);
        for (int p = 0; p < x.Length / In; p++)
        {
            for (int o = 0; o < Out; o++)
            {
                (double value, double error) = (dy.Values[p * Out + o], dy.Errors[p * Out + o]);
                dBias?.Add(BiasFirst + o, value, error, 1, 0);
                for (int i = 0; i < In; i++)
                {
                    dx.Add(p * In + i, value, error, weight[(First + o) * In + i], 0);
                    dWeight.Add((First + o) * In + i, value, error, x.Values[p * In + i], x.Errors[p * In + i]);
                }
            }
        }
        return dx.ToEstimate();
    }
}
