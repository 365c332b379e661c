namespace NetGen;

/// <summary>
/// Declares a class as a stack of layers that networks and other blocks use, for example by
/// <see cref="ResidualAttribute{TBlock}"/>. A block has no input shape of its own: it adapts to the shape where it is used.
/// Its layer attributes, in source order, are the stack.
/// </summary>
/// <remarks>
/// Where the block is used, values can be given to its <c>const</c> fields of the types <c>int</c>, <c>float</c>, <c>double</c>,
/// <c>bool</c> and <c>string</c>, in the order in which they are declared; layer attributes that are written with these constants, and
/// constants computed from them, then take the new values. A string is a name or an option, such as that of a value that a join reads.
/// </remarks>
/// <example>
/// <code>
/// [Block]
/// [Conv2d(64, 3, Padding = 1), ReLU, Conv2d(64, 3, Padding = 1)]
/// public sealed class BasicBlock;
///
/// [Block]
/// [Conv2d(Down.Channels, 3, Stride = Down.Step, Padding = 1), ReLU]
/// public sealed class Down
/// {
///     public const int Channels = 64, Step = 2;
/// }
///
/// [Network(3, 32, 32)]
/// [Sequential&lt;Down&gt;(64), Residual&lt;BasicBlock&gt;, Sequential&lt;Down&gt;(128, 1)]
/// public sealed partial class Net;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class BlockAttribute : Attribute;
