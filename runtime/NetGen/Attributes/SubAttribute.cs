namespace NetGen;

/// <summary>
/// PyTorch's <c>sub</c>: x − y, element by element. The first operand is what precedes the layer, the second an earlier value that is
/// named; or the second is a number.
/// </summary>
/// <remarks>
/// Values have the same number of dimensions, and along each of them the same extent, or 1: then its one element meets all of the other's,
/// as in PyTorch's broadcasting, and its gradient is the sum over them.
/// </remarks>
/// <example>
/// <code>
/// [Linear(8, Name = "target"), Tanh, Sub("target")]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SubAttribute : LayerAttribute
{
    /// <summary>What precedes the layer less another value.</summary>
    /// <param name="values">
    /// The name of the layer that gives the second operand; of one in a block the path to it, such as <c>encoder.conv1</c>. A name is
    /// looked for beside this layer, then around the block that holds it; <c>input</c> is what the network, or the block, is given. Where
    /// <c>"."</c> is among them, it stands for what precedes the layer: <c>"a", "."</c> is the other order.
    /// </param>
    public SubAttribute(params string[] values) => Values = values;

    /// <summary>Subtracts a number from what precedes the layer.</summary>
    /// <param name="number">The second operand, rounded to <c>float</c>.</param>
    public SubAttribute(double number)
    {
        Values = [];
        Number = number;
    }

    /// <summary>Names of operands.</summary>
    public string[] Values { get; }

    /// <summary>The second operand where it is a number; null where it is a value.</summary>
    public double? Number { get; }
}

/// <summary>The difference of the results of two blocks, each of which reads what precedes the layer.</summary>
/// <typeparam name="TFirst">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch1</c>.</typeparam>
/// <typeparam name="TSecond">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch2</c>.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SubAttribute<TFirst, TSecond> : LayerAttribute
    where TFirst : class
    where TSecond : class
{
    /// <summary>The difference of the results of two blocks.</summary>
    /// <param name="constants">
    /// Values for the <c>const</c> fields of the blocks, the same for each, in the order of their declaration; the others keep their
    /// own.
    /// </param>
    public SubAttribute(params object?[] constants) => Constants = constants;

    /// <summary>Values for constants of the blocks.</summary>
    public object?[] Constants { get; }
}
