namespace NetGen;

/// <summary>
/// Declares a partial class as a neural network: the layer attributes that follow it on the class, in source order, are the
/// network from its input to its output, and the generator writes the members that run and train it.
/// </summary>
/// <example>
/// <code>
/// [Network(1, 28, 28)]
/// [Conv2d(1, 32, 7, Padding = 3), ReLU, MaxPool2d(2)]
/// [Flatten, Linear(32 * 14 * 14, 10)]
/// [CrossEntropyLoss]
/// public sealed partial class MnistConvNet;
/// </code>
/// </example>
/// <param name="inputShape">
/// Shape of one sample, the batch left out: (channels, height, width) for an image, (channels, length) for a sequence,
/// (features) for a vector.
/// </param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class NetworkAttribute(params int[] inputShape) : Attribute
{
    /// <summary>Shape of one sample: (channels, height, width), (channels, length) or (features).</summary>
    public int[] InputShape { get; } = inputShape;
}
