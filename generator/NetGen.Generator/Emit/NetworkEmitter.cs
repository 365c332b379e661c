using NetGen.Generator.Diagnostics;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Emit;

/// <summary>Stands in until the compiler behind the specification is there: the surface without the code.</summary>
internal static class NetworkEmitter
{
    public static IReadOnlyList<(string HintName, string Source)> Emit(InferredNetwork network) => new[] { ErrorStub.Emit(ErrorStub.For(network.Spec)) };
}
