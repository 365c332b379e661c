using Microsoft.CodeAnalysis;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Layers;

/// <summary>A value of an earlier layer that a layer reads by name.</summary>
/// <param name="Argument">The argument that names it.</param>
/// <param name="Name">The name as declared; null where none is.</param>
/// <param name="Descriptor">Said where there is no such value: of the layer, and why.</param>
internal sealed record NamedInput(string Argument, string? Name, DiagnosticDescriptor Descriptor)
{
    /// <summary>Which of the argument's values it is, where it has several.</summary>
    public int? Element { get; init; }

    /// <summary>The output that a layer's name alone means; empty for the first.</summary>
    public string Port { get; init; } = "";

    /// <summary>What is said where none is named, e.g. <c>none is named: write From = "…"</c>.</summary>
    public string Missing { get; init; } = "none is named";

    /// <summary>What might be named, to be added to a message.</summary>
    public Func<KnownLayers, string> Choices { get; init; } = _ => "";
}
