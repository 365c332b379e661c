namespace NetGen;

/// <summary>
/// Residual connection: y = x + block(x). The block's output must have the shape of its input.
/// </summary>
/// <typeparam name="TBlock">A class marked <see cref="BlockAttribute"/>.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ResidualAttribute<TBlock> : LayerAttribute
    where TBlock : class
{
    /// <summary>Residual connection around a block.</summary>
    /// <param name="constants">
    /// Values for the <c>const</c> fields of <typeparamref name="TBlock"/>, in the order of their declaration; the others keep their
    /// own.
    /// </param>
    public ResidualAttribute(params object?[] constants) => Constants = constants;

    /// <summary>Values for the block's constants.</summary>
    public object?[] Constants { get; }
}

/// <summary>
/// Residual connection with a projection shortcut: y = shortcut(x) + block(x). Both must give the same shape.
/// </summary>
/// <typeparam name="TBlock">A class marked <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="TShortcut">
/// A class marked <see cref="BlockAttribute"/>; its layers are found under the name <c>shortcut</c>.
/// </typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ResidualAttribute<TBlock, TShortcut> : LayerAttribute
    where TBlock : class
    where TShortcut : class
{
    /// <summary>Residual connection around a block, with a shortcut.</summary>
    /// <param name="constants">
    /// Values for the <c>const</c> fields of <typeparamref name="TBlock"/>, and the same for those of <typeparamref name="TShortcut"/>,
    /// in the order of their declaration; the others keep their own.
    /// </param>
    public ResidualAttribute(params object?[] constants) => Constants = constants;

    /// <summary>Values for the constants of both blocks.</summary>
    public object?[] Constants { get; }
}
