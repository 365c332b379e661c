namespace NetGen.Benchmarks.Networks;

internal delegate float StepCall<T>(ReadOnlySpan<T> input, ReadOnlySpan<int> labels);

internal delegate void BackwardFromOutputCall(ReadOnlySpan<float> outputGradient, Span<float> inputGradient);

/// <summary>A generated trainer.</summary>
internal sealed class TrainerHandle(IDisposable trainer) : Handle(trainer)
{
    /// <summary>A backward pass from the output's gradient; with an empty array for it, the input's gradient is not computed.</summary>
    public Action BackwardFromOutput(float[] outputGradient, float[] inputGradient)
    {
        var backward = Bind<BackwardFromOutputCall>("BackwardFromOutput");
        return () => backward(outputGradient, inputGradient);
    }

    /// <summary>A training step on these samples, to be called any number of times.</summary>
    /// <exception cref="MissingMemberException">The network has no loss over labels.</exception>
    public Func<float> Step(Samples samples, int[] labels) => samples.StepOf(this, labels);
}
