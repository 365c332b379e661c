namespace NetGen;

/// <summary>
/// Declares a class as a stack of layers that networks and other blocks use, for example by
/// <see cref="ResidualAttribute{TBlock}"/>. A block has no input shape of its own: it adapts to the shape where it is used.
/// Its layer attributes, in source order, are the stack.
/// </summary>
/// <example>
/// <code>
/// [Block]
/// [Conv2d(64, 3, Padding = 1), ReLU, Conv2d(64, 3, Padding = 1)]
/// public sealed class BasicBlock;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class BlockAttribute : Attribute;
