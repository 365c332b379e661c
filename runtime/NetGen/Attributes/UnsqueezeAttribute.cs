namespace NetGen;

/// <summary>
/// A further dimension of one element, PyTorch's <c>unsqueeze</c>: <c>[Unsqueeze(1)]</c> makes a sequence of one channel of a vector.
/// </summary>
/// <param name="dim">
/// Where the result has it: 1 in front of all dimensions of a sample, −1 behind them; 0 would be in front of the batch.
/// </param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class UnsqueezeAttribute(int dim) : LayerAttribute
{
    /// <summary>Where the result has the dimension.</summary>
    public int Dim { get; } = dim;
}
