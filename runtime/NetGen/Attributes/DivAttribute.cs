namespace NetGen;

/// <summary>
/// PyTorch's <c>div</c>: x / y, element by element. The first operand is what precedes the layer, the second an earlier value that is
/// named; or the second is a number.
/// </summary>
/// <remarks>
/// Values have the same number of dimensions, and along each of them the same extent, or 1: then its one element meets all of the other's,
/// as in PyTorch's broadcasting, and its gradient is the sum over them. Where the result's gradient is zero, so is what a division passes
/// on, whatever it divided by.
/// </remarks>
/// <example>
/// <code>
/// [Linear(8, Name = "scores"), Softplus, Div("scores", ".")]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class DivAttribute : LayerAttribute
{
    /// <summary>What precedes the layer divided by another value.</summary>
    /// <param name="values">
    /// The name of the layer that gives the second operand; of one in a block the path to it, such as <c>encoder.conv1</c>. A name is
    /// looked for beside this layer, then around the block that holds it; <c>input</c> is what the network, or the block, is given. Where
    /// <c>"."</c> is among them, it stands for what precedes the layer: <c>"a", "."</c> is the other order.
    /// </param>
    public DivAttribute(params string[] values) => Values = values;

    /// <summary>Divides what precedes the layer by a number.</summary>
    /// <param name="number">The second operand, rounded to <c>float</c>; not 0.</param>
    public DivAttribute(double number)
    {
        Values = [];
        Number = number;
    }

    /// <summary>Names of operands.</summary>
    public string[] Values { get; }

    /// <summary>The second operand where it is a number; null where it is a value.</summary>
    public double? Number { get; }
}

/// <summary>The quotient of the results of two blocks, each of which reads what precedes the layer.</summary>
/// <typeparam name="TFirst">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch1</c>.</typeparam>
/// <typeparam name="TSecond">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch2</c>.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class DivAttribute<TFirst, TSecond> : LayerAttribute
    where TFirst : class
    where TSecond : class
{
    /// <summary>The quotient of the results of two blocks.</summary>
    /// <param name="constants">
    /// Values for the <c>const</c> fields of the blocks, the same for each, in the order of their declaration; the others keep their
    /// own.
    /// </param>
    public DivAttribute(params object?[] constants) => Constants = constants;

    /// <summary>Values for constants of the blocks.</summary>
    public object?[] Constants { get; }
}
