using System.Numerics;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu;

/// <summary>Index i of this dimension contributes (i / Block) · OuterStride + (i % Block) · InnerStride to the packed offset.</summary>
internal sealed record PackedDimension(int Extent, int Block, int OuterStride, int InnerStride);

/// <summary>How a tensor lies in memory, for the kernels that read it.</summary>
/// <param name="Dimensions">How an index in PyTorch's order maps to the packed tensor, outermost dimension first.</param>
/// <param name="Length">Elements that it covers, with the padding that fills its last block of 16.</param>
internal sealed record PackedTensor(EquatableArray<PackedDimension> Dimensions, int Length)
{
    /// <summary>How its elements are kept.</summary>
    public WeightFormat Format { get; init; }

    /// <summary>Floats in whose place it lies.</summary>
    public int Floats => Format == WeightFormat.BFloat16 ? Length / 2 : Length;

    /// <summary>A run of floats, up to a multiple of 16.</summary>
    public static PackedTensor Vector(ParameterInfo parameter) => new(
        new[] { new PackedDimension(parameter.Length, 1, 1, 0) }.ToEquatableArray(),
        Layout.RoundUp(SizeLimitException.CheckParameter(parameter, MessageText.Number(parameter.Length), parameter.Length)));
}

/// <summary>What a node asks of a tensor that it uses.</summary>
internal sealed record PackingRequest(ParameterInfo Parameter, PackedTensor Form)
{
    /// <summary>Runs of floats of those tensors that there are.</summary>
    public static IEnumerable<PackingRequest> Vectors(params ParameterInfo?[] parameters)
        => parameters.OfType<ParameterInfo>().Select(parameter => new PackingRequest(parameter, PackedTensor.Vector(parameter)));
}
