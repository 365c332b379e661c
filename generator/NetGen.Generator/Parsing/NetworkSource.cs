using Microsoft.CodeAnalysis;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Parsing;

/// <summary>What source is written from, and nothing else: exactly one of the two is there.</summary>
/// <param name="Network">A network without errors.</param>
/// <param name="Stub">What is left of a network in error, so that code which uses it still binds.</param>
internal sealed record NetworkSource(NetworkSpec? Network, StubSpec? Stub);

/// <summary>The surface of a network in error.</summary>
/// <param name="Network">The network as far as it was understood.</param>
/// <param name="Declaration">How to reopen the class, e.g. <c>partial class Net</c>.</param>
/// <param name="InputShape">The input's dimensions, with 1 for those that are in error.</param>
/// <param name="OutputShape">The output's dimensions, with 1 for those that are in error.</param>
/// <param name="CollidingMembers">Members that the user declares as well, or that would hide what the user means.</param>
/// <param name="BaseCall">What a constructor says to call that of the base class, e.g. <c> : base(default(int))</c>; mostly empty.</param>
internal sealed record StubSpec(
    NetworkSpec Network,
    string Declaration,
    EquatableArray<int> InputShape,
    EquatableArray<int> OutputShape,
    EquatableArray<string> CollidingMembers,
    bool HasConstructors,
    string BaseCall);

/// <summary>
/// A network read from its attributes. The two outputs of the generator part here: source is written from
/// <see cref="Source"/> alone, which has no locations, so that it stays cached while the user types elsewhere;
/// diagnostics keep their real locations, without which <c>#pragma warning disable</c> has no effect on them.
/// </summary>
/// <param name="Source">Null where nothing can be added to the class.</param>
internal sealed record ParsedNetwork(NetworkSource? Source, EquatableArray<Diagnostic> Diagnostics);
