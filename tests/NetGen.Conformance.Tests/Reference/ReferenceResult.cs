namespace NetGen.Conformance.Tests.Reference;

/// <summary>
/// Results for a batch of n samples, as PyTorch defines them: loss and gradients reduced as the loss says.
/// For a network without loss the gradients are those of Σ output · target.
/// </summary>
/// <param name="Outputs">By output of the network.</param>
/// <param name="InputGradients">By input of the network.</param>
/// <param name="ParameterGradients">In the order of <see cref="Model.Stack.Parameters"/>.</param>
internal sealed record ReferenceResult(
    int Count, IReadOnlyList<Estimate> Outputs, double Loss, double LossError, IReadOnlyList<Estimate> InputGradients,
    IReadOnlyList<Estimate> ParameterGradients)
{
    /// <summary>The gradient of the only or first input.</summary>
    public Estimate InputGradient => InputGradients[0];

    /// <summary>What a session gives: <see cref="Outputs"/>, but for networks that normalise otherwise in inference.</summary>
    public required IReadOnlyList<Estimate> Evaluations { get; init; }

    /// <summary>By loss of the network, what each sample has of it, neither divided nor multiplied.</summary>
    public required IReadOnlyList<Estimate> SampleLosses { get; init; }

    /// <summary>By loss, what its gradients are multiplied by: its factor over what its sum is divided by.</summary>
    public required IReadOnlyList<double> Scales { get; init; }

    /// <summary>The only or first output.</summary>
    public Estimate Output => Outputs[0];

    /// <summary>The same of <see cref="Evaluations"/>.</summary>
    public Estimate Evaluation => Evaluations[0];

    /// <summary>By the name of the tensor, what one forward pass of training leaves in buffers such as running statistics.</summary>
    public IReadOnlyDictionary<string, Estimate> Buffers { get; init; } = new Dictionary<string, Estimate>();
}
