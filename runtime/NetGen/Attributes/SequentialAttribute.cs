namespace NetGen;

/// <summary>The layers of a block, one after the other, under one name: y = block(x).</summary>
/// <typeparam name="TBlock">A class marked <see cref="BlockAttribute"/>.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SequentialAttribute<TBlock> : LayerAttribute
    where TBlock : class
{
    /// <summary>The layers of a block.</summary>
    /// <param name="constants">
    /// Values for the <c>const</c> fields of <typeparamref name="TBlock"/>, in the order of their declaration; the others keep their
    /// own.
    /// </param>
    public SequentialAttribute(params object?[] constants) => Constants = constants;

    /// <summary>Values for the block's constants.</summary>
    public object?[] Constants { get; }
}
