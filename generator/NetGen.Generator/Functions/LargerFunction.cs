using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions;

/// <summary>The maximum of max pooling.</summary>
internal static class LargerFunction
{
    public static ElementFunction OfTwo { get; } = new("Larger", ["largest", "x"],
        "The larger of two; a NaN wins, as in PyTorch's max pooling.", null,
        (_, p) => Select(p[1] > p[0] | ~Equal(p[1], p[1]), p[1], p[0]));
}
