using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Model;

/// <summary>
/// A layer that computes: values from values and tensors, and gradients from gradients, in double precision with error estimates.
/// </summary>
internal abstract record Operation : Layer
{
    /// <summary>Names of the layers that it reads besides what arrives.</summary>
    public virtual IReadOnlyList<string> Reads => [];

    /// <summary>Names of its outputs behind its own; the first, which goes by the layer's name, is empty.</summary>
    public virtual IReadOnlyList<string> Ports => [""];

    /// <summary>A sample's result depends on the others of the batch in training.</summary>
    public virtual bool HasBatchStatistics => false;

    /// <summary>
    /// Its edges, once the layers that it names are found. The layer that is given back knows of those what it needs, as an unpooling
    /// does of its pool.
    /// </summary>
    public virtual (Operation Layer, IReadOnlyList<Value> Inputs) Connect(Value input, IReadOnlyList<Node> named) =>
        (this, [input, .. named.Select(node => node.Output)]);

    /// <summary>The shapes of its outputs, by the formulas of PyTorch's documentation.</summary>
    /// <exception cref="FormatException">The inputs do not fit.</exception>
    public abstract IReadOnlyList<Shape> Infer(IReadOnlyList<Shape> inputs);

    /// <summary>Its tensors in PyTorch's order, named as in the layer.</summary>
    public virtual IEnumerable<ParameterInfo> Tensors(IReadOnlyList<Shape> inputs) => [];

    /// <summary>The fewest samples that it can be trained with.</summary>
    public virtual int MinimumBatch(IReadOnlyList<Shape> inputs) => 1;

    /// <summary>Multiply-adds of one sample, roughly: how long the interpreter takes.</summary>
    public virtual long Work(IReadOnlyList<Shape> inputs) => 0;

    /// <returns>Each output, by sample.</returns>
    public abstract Estimate[][] Forward(LayerRun run);

    /// <param name="gradients">Of each output, by sample; null for one that nobody reads.</param>
    /// <returns>Of each input; null for one that no gradient goes to.</returns>
    public abstract Estimate[]?[] Backward(LayerRun run, Estimate[]?[] gradients);
}

/// <summary>One input, one output, sample by sample: most layers.</summary>
internal abstract record UnaryOperation : Operation
{
    public abstract Shape Infer(Shape input);

    public virtual IEnumerable<ParameterInfo> Tensors(Shape input) => [];

    public virtual long Work(Shape input) => 0;

    protected abstract Estimate Forward(LayerRun run, Estimate x, int sample);

    /// <param name="y">What forward gave.</param>
    /// <param name="dy">Its gradient.</param>
    protected abstract Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample);

    public sealed override IReadOnlyList<Shape> Infer(IReadOnlyList<Shape> inputs) => [Infer(inputs[0])];

    public sealed override IEnumerable<ParameterInfo> Tensors(IReadOnlyList<Shape> inputs) => Tensors(inputs[0]);

    public sealed override long Work(IReadOnlyList<Shape> inputs) => Work(inputs[0]);

    public sealed override Estimate[][] Forward(LayerRun run) => [[.. run.Inputs[0].Select((x, sample) => Forward(run, x, sample))]];

    public sealed override Estimate[]?[] Backward(LayerRun run, Estimate[]?[] gradients) =>
        [[.. gradients[0]!.Select((dy, sample) => Backward(run, run.Inputs[0][sample], run.Outputs[0][sample], dy, sample))]];
}

/// <summary>Several inputs, one output, sample by sample.</summary>
internal abstract record JoinOperation : Operation
{
    public abstract Shape InferJoined(IReadOnlyList<Shape> inputs);

    protected abstract Estimate Forward(LayerRun run, Estimate[] inputs);

    /// <returns>The gradient of each input; null, for every sample, where none goes to it.</returns>
    protected abstract Estimate?[] Backward(LayerRun run, Estimate[] inputs, Estimate dy);

    public sealed override IReadOnlyList<Shape> Infer(IReadOnlyList<Shape> inputs) => [InferJoined(inputs)];

    public sealed override Estimate[][] Forward(LayerRun run) =>
        [[.. Enumerable.Range(0, run.Samples).Select(sample => Forward(run, Of(run, sample)))]];

    public sealed override Estimate[]?[] Backward(LayerRun run, Estimate[]?[] gradients)
    {
        Estimate?[][] bySample = [.. gradients[0]!.Select((dy, sample) => Backward(run, Of(run, sample), dy))];
        return [.. Enumerable.Range(0, run.Inputs.Count).Select(i =>
            bySample[0][i] is null ? null : bySample.Select(gradient => gradient[i]!).ToArray())];
    }

    private static Estimate[] Of(LayerRun run, int sample) => [.. run.Inputs.Select(input => input[sample])];
}
