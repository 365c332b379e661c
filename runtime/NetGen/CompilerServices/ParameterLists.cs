using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>Puts lists of tensors together; called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ParameterLists
{
    /// <summary>The tensors of all parts, in their order.</summary>
    /// <param name="parts">Layers or blocks; null for those that are frozen, among gradients.</param>
    public static Parameter[] Join(params IParameterSet?[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return [.. parts.OfType<IParameterSet>().SelectMany(part => part.Parameters)];
    }
}
