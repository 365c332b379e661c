using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// A normalisation within single samples: which elements share mean and variance, and how the result is scaled. LayerNorm, RMSNorm,
/// GroupNorm and InstanceNorm differ in nothing else.
/// </summary>
/// <param name="Shape">Shape of a sample.</param>
/// <param name="Groups">Sets of neighbouring channels with statistics of their own: 1 for the whole sample, the channels' number for
/// planes.</param>
/// <param name="PerRow">Each row of each channel is a set; there are as many groups as channels then.</param>
/// <param name="Centred">The mean is subtracted; otherwise only the mean square counts.</param>
internal sealed record NormGeometry(TensorShape Shape, int Groups, bool PerRow, bool Centred, NormAffine Affine, bool HasBias, float Eps)
{
    public static NormGeometry Of(NormSets sets)
        => new(sets.Shape, sets.Groups, sets.PerRow, sets.Centred, sets.Affine, sets.HasBias, sets.Eps);

    /// <summary>Of positions each is normalised like a vector of features.</summary>
    /// <param name="input">Where what is normalised lies.</param>
    public static NormGeometry Of(NormSets sets, Layout input) => Of(input.Kind != LayoutKind.Positions ? sets : sets with
    {
        Shape = TensorShape.Vector(input.Width),
        Groups = 1,
        PerRow = false,
        Affine = sets.Affine == NormAffine.None ? NormAffine.None : NormAffine.Channel,
    });

    public int Channels => Shape.Dimensions[0];

    public int Height => Shape.IsVector ? 1 : Shape.Height;

    public int Width => Shape.IsVector ? 1 : Shape.Width;

    public int GroupChannels => Channels / Groups;

    /// <summary>Elements of one set.</summary>
    public int SetSize => PerRow ? Width : GroupChannels * Height * Width;

    /// <summary>
    /// Numbers kept of each set: a first mean m, 1 / √(variance + eps), and what corrects m's rounding, so that x̂ = (x − m) · r + o.
    /// Without a mean only r.
    /// </summary>
    public int Statistics => Centred ? 3 : 1;

    public bool HasWeight => Affine != NormAffine.None;

    /// <summary>What a set is.</summary>
    public string Words => PerRow ? "each row"
        : Groups == 1 ? "the whole sample"
        : GroupChannels == 1 ? "each plane"
        : $"each of {Literals.Int(Groups)} groups of {Literals.Int(GroupChannels)} channels";

    /// <summary>Where the statistics of one sample lie: as many runs as there are numbers, each indexed like the sets.</summary>
    public Layout StatisticsLayout(LayoutKind kind) => kind switch
    {
        LayoutKind.Rows => Layout.ForRows(Statistics * Groups),
        LayoutKind.Samples => new Layout(LayoutKind.Samples, Statistics * Groups, PerRow ? Height : 1, 1, 0, 0),
        _ => new Layout(LayoutKind.Blocked, Statistics * Layout.RoundUp(Channels), PerRow ? Height : 1, 1, 0, 0),
    };

    /// <summary>Floats from one run of statistics to the next.</summary>
    public int StatisticsStride(LayoutKind kind) => kind switch
    {
        LayoutKind.Rows => Groups,
        LayoutKind.Samples => Groups * (PerRow ? Height : 1) * Layout.Block,
        _ => Layout.RoundUp(Channels) * (PerRow ? Height : 1),
    };

    /// <summary>Sums of channels that the gradient must combine to those of groups.</summary>
    public int ScratchLength(LayoutKind kind) => kind == LayoutKind.Blocked && GroupChannels > 1 ? 2 * Layout.RoundUp(Channels) : 0;
}
