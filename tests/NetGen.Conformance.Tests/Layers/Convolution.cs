using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>What a convolution and a transposed one have in common: sums over windows of products with a weight, and a bias.</summary>
internal abstract record Convolution(int OutChannels, Pair Kernel, Pair Stride, Pair Padding, Pair Dilation, int Groups, bool Bias)
    : UnaryOperation
{
    /// <summary>What to do with one product; a struct, so that the loops are compiled around it.</summary>
    protected interface IProductVisitor
    {
        void Visit(int output, int input, int weight);
    }

    /// <summary>Visits every product: indices of output, input and weight.</summary>
    protected abstract void ForEachProduct<TVisitor>(Shape input, Shape output, TVisitor visitor)
        where TVisitor : struct, IProductVisitor;

    /// <summary>
    /// The stated error of convolutions that may run at Winograd's points: three times the largest direct rounding of the tensor
    /// (docs/numerics.md).
    /// </summary>
    private double SharedRounding(Shape input) =>
        ((Kernel.IsSquare && Kernel.Width is 3 or 5) || Kernel is { Height: 1, Width: 3 or 4 or 5 }) && Stride == Pair.Both(1) && Dilation == Pair.Both(1)
        && Groups == 1 && input.Channels >= 16 && OutChannels >= 16 ? 3 : 0;

    /// <summary>The same in forward.</summary>
    protected virtual double SharedForwardRounding(Shape input) => SharedRounding(input);

    protected sealed override Estimate Forward(LayerRun run, Estimate x, int sample)
    {
        var sums = new Accumulator(run.Output.Size) { SharedRounding = SharedForwardRounding(run.Input) };
        if (Bias)
        {
            double[] bias = run.Tensor("bias");
            for (int o = 0; o < run.Output.Size; o++)
                sums.Add(o, bias[o / run.Output.Plane], 0, 1, 0);
        }
        ForEachProduct(run.Input, run.Output, new ForwardVisitor(sums, x, run.Tensor("weight")));
        return sums.ToEstimate();
    }

    protected sealed override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample)
    {
        Accumulator dWeight = run.Gradient("weight"), dx = new(x.Length) { SharedRounding = SharedRounding(run.Input) };
        dWeight.SharedRounding = Math.Max(dWeight.SharedRounding, SharedRounding(run.Input));
        ForEachProduct(run.Input, run.Output, new BackwardVisitor(dx, dWeight, x, run.Tensor("weight"), dy));
        if (Bias)
        {
            Accumulator dBias = run.Gradient("bias");
            for (int o = 0; o < dy.Length; o++)
                dBias.Add(o / run.Output.Plane, dy.Values[o], dy.Errors[o], 1, 0);
        }
        return dx.ToEstimate();
    }

    /// <summary>No groups, some, or one for each channel.</summary>
    protected static Gen<int> DrawGroups(int channels) =>
        Gen.Elements(Enumerable.Range(1, channels).Where(g => channels % g == 0).ToArray());

    private readonly struct ForwardVisitor(Accumulator sums, Estimate x, double[] weight) : IProductVisitor
    {
        public void Visit(int output, int input, int weightIndex) =>
            sums.Add(output, x.Values[input], x.Errors[input], weight[weightIndex], 0);
    }

    private readonly struct BackwardVisitor(Accumulator dx, Accumulator dWeight, Estimate x, double[] weight, Estimate dy) : IProductVisitor
    {
        public void Visit(int output, int input, int weightIndex)
        {
            dx.Add(input, dy.Values[output], dy.Errors[output], weight[weightIndex], 0);
            dWeight.Add(weightIndex, dy.Values[output], dy.Errors[output], x.Values[input], x.Errors[input]);
        }
    }
}
