using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>A layer that gives some elements of what it reads, in other places.</summary>
internal abstract record Movement : UnaryOperation
{
    /// <summary>The element of the input that an element of the output is.</summary>
    /// <param name="at">By dimension, from 0.</param>
    protected abstract int[] Source(Shape input, Shape output, int[] at);

    protected sealed override Estimate Forward(LayerRun run, Estimate x, int sample)
    {
        var y = new Estimate(run.Output.Size);
        foreach ((int o, int i) in Places(run))
            (y.Values[o], y.Errors[o]) = (x.Values[i], x.Errors[i]);
        return y;
    }

    protected sealed override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample)
    {
        var dx = new Estimate(run.Input.Size);
        foreach ((int o, int i) in Places(run))
            (dx.Values[i], dx.Errors[i]) = (dy.Values[o], dy.Errors[o]);
        return dx;
    }

    private IEnumerable<(int To, int From)> Places(LayerRun run)
    {
        IReadOnlyList<int> input = run.Input.Dimensions, output = run.Output.Dimensions;
        for (int o = 0; o < run.Output.Size; o++)
        {
            var at = new int[output.Count];
            for (int d = output.Count - 1, rest = o; d >= 0; rest /= output[d], d--)
                at[d] = rest % output[d];
            int[] source = Source(run.Input, run.Output, at);
            Assert.Equal(input.Count, source.Length);
            yield return (o, source.Zip(input).Aggregate(0, (sum, next) => sum * next.Second + next.First));
        }
    }

    /// <summary>The shape without some dimensions; a vector of one element where none is left.</summary>
    public static Shape Without(Shape shape, IReadOnlyCollection<int> axes)
    {
        int[] left = [.. shape.Dimensions.Where((_, i) => !axes.Contains(i))];
        return left.Length == 0 ? new Shape(1) : new Shape(left);
    }

    /// <summary>A dimension as PyTorch counts it, from 0.</summary>
    protected static int Axis(int dim, Shape shape) => dim < 0 ? dim + shape.Rank : dim - 1;

    /// <summary>The shape with another extent along one dimension.</summary>
    protected static Shape With(Shape shape, int axis, int extent) =>
        new(shape.Dimensions.Select((size, i) => i == axis ? extent : size));

    /// <summary>The place with another number along one dimension.</summary>
    protected static int[] With(int[] at, int axis, int index) => [.. at.Select((place, i) => i == axis ? index : place)];
}
