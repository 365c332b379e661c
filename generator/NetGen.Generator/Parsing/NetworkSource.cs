using Microsoft.CodeAnalysis;
using NetGen.Generator.Emit;
using NetGen.Generator.Specs;
using NetGen.Generator.Surface;

namespace NetGen.Generator.Parsing;

/// <summary>What source is written from, and nothing else: exactly one of the two is there.</summary>
/// <param name="Network">A network without errors.</param>
/// <param name="Stub">What is left of a network in error, so that code which uses it still binds.</param>
internal sealed record NetworkSource(NetworkSpec? Network, StubSpec? Stub);

/// <summary>
/// A network read from its attributes. The two outputs of the generator part here: source is written from
/// <see cref="Source"/> alone, which has no locations, so that it stays cached while the user types elsewhere;
/// diagnostics keep their real locations, without which <c>#pragma warning disable</c> has no effect on them.
/// </summary>
/// <param name="Source">Null where nothing can be added to the class.</param>
/// <param name="Misspelt">The attributes of misspelt names.</param>
internal sealed record ParsedNetwork(
    NetworkSource? Source, EquatableArray<Diagnostic> Diagnostics, EquatableArray<MisspeltAttribute> Misspelt)
{
    /// <summary>Where the layers of a sound network are declared; empty of one in error.</summary>
    public EquatableArray<LayerPlace> Layers { get; init; } = EquatableArray<LayerPlace>.Empty;
}

/// <summary>What is said of a block by itself, and its attributes of misspelt names.</summary>
internal sealed record CheckedBlock(EquatableArray<Diagnostic> Diagnostics, EquatableArray<MisspeltAttribute> Misspelt);
