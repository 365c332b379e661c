using NetGen.Generator.Shapes;

namespace NetGen.Generator.Emit;

internal static class NetworkEmitter
{
    public static IReadOnlyList<(string HintName, string Source)> Emit(InferredNetwork network)
        => throw new NotImplementedException("The emitter is not there yet.");
}
