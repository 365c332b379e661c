namespace NetGen;

/// <summary>
/// Holds a network to its target: a figure above its limit is an error of the build (NG1030), under that very limit. What is
/// not set has no limit. The figures are constants of the network: <c>ParameterCount</c>, <c>ActivationBytes</c>, <c>MultiplyAdds</c>.
/// </summary>
/// <example>
/// <code>
/// [Network(1, 28, 28)]
/// [Budget(MaxParameters = 50_000, MaxActivationBytes = 64 * 1024, MaxMultiplyAdds = 1_000_000)]
/// [Conv2d(1, 6, 5, Padding = 2), ReLU, MaxPool2d(2), Flatten, Linear(10)]
/// public sealed partial class Small;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class BudgetAttribute : Attribute
{
    /// <summary>
    /// The most learnable scalars, 0 or more: weights, biases and the like, not running statistics. In float32 each takes 4 bytes.
    /// </summary>
    public long MaxParameters { get; set; } = long.MaxValue;

    /// <summary>
    /// The most bytes, 0 or more, that values between the layers may take at one time while the output of one sample is computed: 4 bytes
    /// for each element of every float32 tensor that is still needed, the network's input and output among them. Activations and residual
    /// additions that run inside the layer before them take none of their own, nor does <c>Flatten</c>.
    /// </summary>
    /// <remarks>
    /// This is a property of the network, the same for every processor. What a session allocates is more: it keeps channels in
    /// blocks of 16 and rows with their padding, and places the samples of a batch side by side. Training keeps every value of the batch.
    /// </remarks>
    public long MaxActivationBytes { get; set; } = long.MaxValue;

    /// <summary>The most multiply-adds, 0 or more, of the forward pass for one sample, counted by the definition of the layers.</summary>
    public long MaxMultiplyAdds { get; set; } = long.MaxValue;
}
