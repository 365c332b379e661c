namespace NetGen;

/// <summary>
/// PyTorch's <c>matmul</c>: the product of two matrices, one sample's of each. The first operand is what precedes the layer, the second an
/// earlier value that is named.
/// </summary>
/// <remarks>
/// <para>
/// As with <c>torch.matmul</c>, but for the batch, which is no dimension here: (M, K) by (K, P) is (M, P); (C, M, K) by (C, K, P) is
/// (C, M, P), a product for each channel, and where one of them has no channels, or a single one, its matrix meets all of the other's. A
/// vector (K) in front is a row, behind it a column, and its dimension is not in the result: (K) by (K, P) is (P), (M, K) by (K) is (M).
/// Two vectors of one length give their dot product, a vector of one number.
/// </para>
/// <para>Gradients flow to both operands, summed where one was repeated.</para>
/// </remarks>
/// <example>
/// Scores of queries with keys, both (tokens, features), and the values weighted by them:
/// <code>
/// [From("q"), MatMul("k", TransposeB = true), …, MatMul("v")]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class MatMulAttribute : LayerAttribute
{
    /// <summary>What precedes the layer, times another value.</summary>
    /// <param name="values">
    /// The name of the layer that gives the second operand; of one in a block the path to it, such as <c>encoder.conv1</c>. A name is
    /// looked for beside this layer, then around the block that holds it; <c>input</c> is what the network, or the block, is given. Where
    /// <c>"."</c> is among them, it stands for what precedes the layer: <c>"a", "."</c> is the other order. Two values that are named
    /// are multiplied by <c>From("a"), MatMul("b")</c>.
    /// </param>
    public MatMulAttribute(params string[] values) => Values = values;

    /// <summary>Names of operands.</summary>
    public string[] Values { get; }

    /// <summary>The last two dimensions of the first operand are exchanged; false by default.</summary>
    public bool TransposeA { get; set; }

    /// <summary>The last two dimensions of the second operand are exchanged; false by default.</summary>
    public bool TransposeB { get; set; }
}

/// <summary>The product of the results of two blocks, each of which reads what precedes the layer.</summary>
/// <typeparam name="TFirst">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch1</c>.</typeparam>
/// <typeparam name="TSecond">A class marked <see cref="BlockAttribute"/>; its layers are found under <c>branch2</c>.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class MatMulAttribute<TFirst, TSecond> : LayerAttribute
    where TFirst : class
    where TSecond : class
{
    /// <summary>The product of the results of two blocks.</summary>
    /// <param name="constants">
    /// Values for the <c>const</c> fields of the blocks, the same for each, in the order of their declaration; the others keep their
    /// own.
    /// </param>
    public MatMulAttribute(params object?[] constants) => Constants = constants;

    /// <summary>Values for constants of the blocks.</summary>
    public object?[] Constants { get; }

    /// <summary>The last two dimensions of the first operand are exchanged; false by default.</summary>
    public bool TransposeA { get; set; }

    /// <summary>The last two dimensions of the second operand are exchanged; false by default.</summary>
    public bool TransposeB { get; set; }
}
