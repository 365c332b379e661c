namespace NetGen;

/// <summary>
/// PyTorch's <c>add</c>: x + y, element by element. The first operand is what precedes the layer, the others are earlier values that are
/// named; or the second is a number.
/// </summary>
/// <remarks>
/// Values have the same number of dimensions, and along each of them the same extent, or 1: then its one element meets all of the other's,
/// as in PyTorch's broadcasting, and its gradient is the sum over them.
/// </remarks>
/// <example>
/// <code>
/// [Conv2d(16, 3, Padding = 1, Name = "stem"), ReLU, Conv2d(16, 3, Padding = 1), Add("stem")]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AddAttribute : LayerAttribute
{
    /// <summary>The sum of what precedes the layer and of earlier values.</summary>
    /// <param name="values">
    /// Names of the layers that give the other operands; of one in a block the path to it, such as <c>encoder.conv1</c>. A name is looked
    /// for beside this layer, then around the block that holds it; <c>input</c> is what the network, or the block, is given. Where
    /// <c>"."</c> is among them, it stands for what precedes the layer: <c>"a", "."</c> is the other order.
    /// </param>
    public AddAttribute(params string[] values) => Values = values;

    /// <summary>Adds a number to what precedes the layer.</summary>
    /// <param name="number">The second operand, rounded to <c>float</c>.</param>
    public AddAttribute(double number)
    {
        Values = [];
        Number = number;
    }

    /// <summary>Names of operands.</summary>
    public string[] Values { get; }

    /// <summary>The second operand where it is a number; null where it is a value.</summary>
    public double? Number { get; }
}

/// <summary>The sum of the results of one block, used once for each value given; each use reads what precedes the layer.</summary>
/// <typeparam name="TBlock">
/// A class marked <see cref="BlockAttribute"/> with a <c>const</c> field; its layers are found under <c>branch1</c>, <c>branch2</c>, ….
/// </typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AddAttribute<TBlock> : LayerAttribute
    where TBlock : class
{
    /// <summary>The sum of the results of one block.</summary>
    /// <param name="constants">
    /// The value of the first <c>const</c> of <typeparamref name="TBlock"/> in each of its uses, of which there are as many as values.
    /// </param>
    public AddAttribute(params object?[] constants) => Constants = constants;

    /// <summary>Values for constants of the block.</summary>
    public object?[] Constants { get; }
}

/// <summary>The sum of the results of two blocks, each of which reads what precedes the layer.</summary>
/// <typeparam name="TFirst">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch1</c>.</typeparam>
/// <typeparam name="TSecond">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch2</c>.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AddAttribute<TFirst, TSecond> : LayerAttribute
    where TFirst : class
    where TSecond : class
{
    /// <summary>The sum of the results of two blocks.</summary>
    /// <param name="constants">
    /// Values for the <c>const</c> fields of the blocks, the same for each, in the order of their declaration; the others keep their
    /// own.
    /// </param>
    public AddAttribute(params object?[] constants) => Constants = constants;

    /// <summary>Values for constants of the blocks.</summary>
    public object?[] Constants { get; }
}

/// <summary>The sum of the results of three blocks, each of which reads what precedes the layer.</summary>
/// <typeparam name="TFirst">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch1</c>.</typeparam>
/// <typeparam name="TSecond">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch2</c>.</typeparam>
/// <typeparam name="TThird">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch3</c>.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AddAttribute<TFirst, TSecond, TThird> : LayerAttribute
    where TFirst : class
    where TSecond : class
    where TThird : class
{
    /// <summary>The sum of the results of three blocks.</summary>
    /// <param name="constants">
    /// Values for the <c>const</c> fields of the blocks, the same for each, in the order of their declaration; the others keep their
    /// own.
    /// </param>
    public AddAttribute(params object?[] constants) => Constants = constants;

    /// <summary>Values for constants of the blocks.</summary>
    public object?[] Constants { get; }
}

/// <summary>The sum of the results of four blocks, each of which reads what precedes the layer.</summary>
/// <typeparam name="TFirst">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch1</c>.</typeparam>
/// <typeparam name="TSecond">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch2</c>.</typeparam>
/// <typeparam name="TThird">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch3</c>.</typeparam>
/// <typeparam name="TFourth">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch4</c>.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AddAttribute<TFirst, TSecond, TThird, TFourth> : LayerAttribute
    where TFirst : class
    where TSecond : class
    where TThird : class
    where TFourth : class
{
    /// <summary>The sum of the results of four blocks.</summary>
    /// <param name="constants">
    /// Values for the <c>const</c> fields of the blocks, the same for each, in the order of their declaration; the others keep their
    /// own.
    /// </param>
    public AddAttribute(params object?[] constants) => Constants = constants;

    /// <summary>Values for constants of the blocks.</summary>
    public object?[] Constants { get; }
}
