namespace NetGen;

/// <summary>
/// PyTorch's <c>cat</c>: what precedes the layer and earlier values, one behind the other along a dimension. All other dimensions are
/// equal.
/// </summary>
/// <example>
/// <code>
/// [Conv2d(32, 3, Padding = 1, Name = "enc1"), MaxPool2d(2), Conv2d(64, 3, Padding = 1)]
/// [Upsample(ScaleFactor = 2), Concat("enc1", "."), Conv2d(32, 3)]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConcatAttribute : LayerAttribute
{
    /// <summary>Puts what precedes the layer and earlier values one behind the other.</summary>
    /// <param name="values">
    /// Names of the layers that give the other values; of one in a block the path to it, such as <c>encoder.conv1</c>. A name is looked for
    /// beside this layer, then around the block that holds it; <c>input</c> is what the network, or the block, is given. What precedes the
    /// layer comes first, or where <c>"."</c> stands among them: <c>"enc1", "."</c> is the other order.
    /// </param>
    public ConcatAttribute(params string[] values) => Values = values;

    /// <summary>Names of values.</summary>
    public string[] Values { get; }

    /// <summary>The dimension along which they lie: 0 is the batch, 1 (the default) the channels or features, −1 the last.</summary>
    public int Dim { get; set; } = 1;
}

/// <summary>Puts the results of a block one behind the other, once for each value given: each reads what precedes the layer.</summary>
/// <typeparam name="TBlock">
/// A class marked <see cref="BlockAttribute"/> with a <c>const</c> field; its layers are found under <c>branch1</c>, <c>branch2</c>, ….
/// </typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConcatAttribute<TBlock> : LayerAttribute
    where TBlock : class
{
    /// <summary>Puts the results of a block one behind the other.</summary>
    /// <param name="constants">
    /// The value of the first <c>const</c> of <typeparamref name="TBlock"/> in each of its uses, of which there are as many as values.
    /// </param>
    public ConcatAttribute(params object?[] constants) => Constants = constants;

    /// <summary>Values for constants of the block.</summary>
    public object?[] Constants { get; }

    /// <summary>The dimension along which they lie: 0 is the batch, 1 (the default) the channels or features, −1 the last.</summary>
    public int Dim { get; set; } = 1;
}

/// <summary>Puts the results of two blocks one behind the other: each reads what precedes the layer.</summary>
/// <typeparam name="TFirst">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch1</c>.</typeparam>
/// <typeparam name="TSecond">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch2</c>.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConcatAttribute<TFirst, TSecond> : LayerAttribute
    where TFirst : class
    where TSecond : class
{
    /// <summary>Puts the results of two blocks one behind the other.</summary>
    /// <param name="constants">
    /// Values for the <c>const</c> fields of the blocks, the same for each, in the order of their declaration; the others keep their
    /// own.
    /// </param>
    public ConcatAttribute(params object?[] constants) => Constants = constants;

    /// <summary>Values for constants of the blocks.</summary>
    public object?[] Constants { get; }

    /// <summary>The dimension along which they lie: 0 is the batch, 1 (the default) the channels or features, −1 the last.</summary>
    public int Dim { get; set; } = 1;
}

/// <summary>Puts the results of three blocks one behind the other: each reads what precedes the layer.</summary>
/// <typeparam name="TFirst">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch1</c>.</typeparam>
/// <typeparam name="TSecond">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch2</c>.</typeparam>
/// <typeparam name="TThird">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch3</c>.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConcatAttribute<TFirst, TSecond, TThird> : LayerAttribute
    where TFirst : class
    where TSecond : class
    where TThird : class
{
    /// <summary>Puts the results of three blocks one behind the other.</summary>
    /// <param name="constants">
    /// Values for the <c>const</c> fields of the blocks, the same for each, in the order of their declaration; the others keep their
    /// own.
    /// </param>
    public ConcatAttribute(params object?[] constants) => Constants = constants;

    /// <summary>Values for constants of the blocks.</summary>
    public object?[] Constants { get; }

    /// <summary>The dimension along which they lie: 0 is the batch, 1 (the default) the channels or features, −1 the last.</summary>
    public int Dim { get; set; } = 1;
}

/// <summary>Puts the results of four blocks one behind the other: each reads what precedes the layer.</summary>
/// <typeparam name="TFirst">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch1</c>.</typeparam>
/// <typeparam name="TSecond">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch2</c>.</typeparam>
/// <typeparam name="TThird">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch3</c>.</typeparam>
/// <typeparam name="TFourth">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch4</c>.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConcatAttribute<TFirst, TSecond, TThird, TFourth> : LayerAttribute
    where TFirst : class
    where TSecond : class
    where TThird : class
    where TFourth : class
{
    /// <summary>Puts the results of four blocks one behind the other.</summary>
    /// <param name="constants">
    /// Values for the <c>const</c> fields of the blocks, the same for each, in the order of their declaration; the others keep their
    /// own.
    /// </param>
    public ConcatAttribute(params object?[] constants) => Constants = constants;

    /// <summary>Values for constants of the blocks.</summary>
    public object?[] Constants { get; }

    /// <summary>The dimension along which they lie: 0 is the batch, 1 (the default) the channels or features, −1 the last.</summary>
    public int Dim { get; set; } = 1;
}

/// <summary>Puts the results of five blocks one behind the other: each reads what precedes the layer.</summary>
/// <typeparam name="TFirst">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch1</c>.</typeparam>
/// <typeparam name="TSecond">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch2</c>.</typeparam>
/// <typeparam name="TThird">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch3</c>.</typeparam>
/// <typeparam name="TFourth">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch4</c>.</typeparam>
/// <typeparam name="TFifth">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch5</c>.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConcatAttribute<TFirst, TSecond, TThird, TFourth, TFifth> : LayerAttribute
    where TFirst : class
    where TSecond : class
    where TThird : class
    where TFourth : class
    where TFifth : class
{
    /// <summary>Puts the results of five blocks one behind the other.</summary>
    /// <param name="constants">
    /// Values for the <c>const</c> fields of the blocks, the same for each, in the order of their declaration; the others keep their
    /// own.
    /// </param>
    public ConcatAttribute(params object?[] constants) => Constants = constants;

    /// <summary>Values for constants of the blocks.</summary>
    public object?[] Constants { get; }

    /// <summary>The dimension along which they lie: 0 is the batch, 1 (the default) the channels or features, −1 the last.</summary>
    public int Dim { get; set; } = 1;
}

/// <summary>Puts the results of six blocks one behind the other: each reads what precedes the layer.</summary>
/// <typeparam name="TFirst">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch1</c>.</typeparam>
/// <typeparam name="TSecond">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch2</c>.</typeparam>
/// <typeparam name="TThird">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch3</c>.</typeparam>
/// <typeparam name="TFourth">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch4</c>.</typeparam>
/// <typeparam name="TFifth">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch5</c>.</typeparam>
/// <typeparam name="TSixth">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch6</c>.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConcatAttribute<TFirst, TSecond, TThird, TFourth, TFifth, TSixth> : LayerAttribute
    where TFirst : class
    where TSecond : class
    where TThird : class
    where TFourth : class
    where TFifth : class
    where TSixth : class
{
    /// <summary>Puts the results of six blocks one behind the other.</summary>
    /// <param name="constants">
    /// Values for the <c>const</c> fields of the blocks, the same for each, in the order of their declaration; the others keep their
    /// own.
    /// </param>
    public ConcatAttribute(params object?[] constants) => Constants = constants;

    /// <summary>Values for constants of the blocks.</summary>
    public object?[] Constants { get; }

    /// <summary>The dimension along which they lie: 0 is the batch, 1 (the default) the channels or features, −1 the last.</summary>
    public int Dim { get; set; } = 1;
}
