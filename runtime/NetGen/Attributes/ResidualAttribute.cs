namespace NetGen;

/// <summary>
/// Residual connection: y = x + block(x). The block's output must have the shape of its input.
/// </summary>
/// <typeparam name="TBlock">A class marked <see cref="BlockAttribute"/>.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ResidualAttribute<TBlock> : LayerAttribute
    where TBlock : class;
