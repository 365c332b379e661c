namespace NetGen;

/// <summary>
/// Makes what precedes it an output of the network; the layers behind it go on from there. A network without any gives what its last layer
/// gives. <c>Forward</c> has a span for each output, in their order.
/// </summary>
/// <example>
/// <code>
/// [Network(3, 32, 32)]
/// [Conv2d(16, 3), ReLU, Flatten, Linear(64, Name = "features")]
/// [Linear(10), Output("kind"), From("features"), Linear(4), Output("box")]
/// [CrossEntropyLoss(Of = "kind"), SmoothL1Loss(Of = "box", Factor = 0.5)]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class OutputAttribute : LayerAttribute
{
    /// <summary>An output of the network.</summary>
    /// <param name="name">What the span is called, and the value for layers that read it.</param>
    public OutputAttribute(string name) => Name = name;
}
