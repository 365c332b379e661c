using System.Numerics;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu;

/// <summary>
/// Features in groups of equal size, each of which begins a block of 16, as the gates of a recurrent layer: so the same unit of all gates
/// is in the same lane. To kernels over rows they are as many features as all groups have lanes.
/// </summary>
internal static class GroupedFeatures
{
    private const int Block = Layout.Block;

    /// <summary>Features with what pads each group; those of a single group as they are.</summary>
    public static int Lanes(int features, int groups) => groups == 1 ? features : groups * Layout.RoundUp(features / groups);

    /// <summary>The rows of a value in which each group is a position of its own: all groups of one are a row.</summary>
    public static Layout Rows(Layout layout, int groups)
        => groups == 1 ? layout.AsRows : new Layout(LayoutKind.Rows, groups * layout.Pitch, 1, 1, 0, 0, IsDense: true);

    /// <summary>A weight [groups · features, inputs] as linear layers have it, and its bias.</summary>
    public static IEnumerable<PackingRequest> Pack(ParameterInfo weight, ParameterInfo? bias, int groups, int features, int inputs)
    {
        long lanes = groups * (((long)features + Block - 1) / Block * Block);
        int length = Check(weight, $"{MessageText.Number(lanes)} × {MessageText.Number(inputs)}", (BigInteger)lanes * inputs);
        PackedDimension[] dimensions =
        [
            new PackedDimension(groups, 1, length / groups, 0), new PackedDimension(features, Block, inputs * Block, 1),
            new PackedDimension(inputs, 1, Block, 0),
        ];
        yield return new PackingRequest(weight, new PackedTensor(dimensions.ToEquatableArray(), length));
        if (bias is not null)
            yield return PackBias(bias, groups, features);
    }

    /// <summary>A bias [groups · features].</summary>
    public static PackingRequest PackBias(ParameterInfo bias, int groups, int features)
    {
        long lanes = groups * (((long)features + Block - 1) / Block * Block);
        int run = Check(bias, MessageText.Number(lanes), lanes);
        PackedDimension[] dimensions = [new PackedDimension(groups, 1, run / groups, 0), new PackedDimension(features, 1, 1, 0)];
        return new PackingRequest(bias, new PackedTensor(dimensions.ToEquatableArray(), run));
    }

    private static int Check(ParameterInfo parameter, string formula, BigInteger length)
        => SizeLimitException.CheckParameter(parameter, formula, length);
}
