using NetGen.Generator.Specs;

namespace NetGen.Generator.Emit;

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
