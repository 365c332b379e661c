using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// How a convolution with channel lanes is cut: groups of output channels, tiles of pixels or of samples, blocks of samples.
/// </summary>
internal sealed class ChannelTiling(ConvolutionGeometry g)
{
    /// <summary>Pixels in a row that are too few for a tile.</summary>
    private const int MaxTinyWidth = 2;

    /// <summary>Pixels of the largest tile: more are no faster, and take long to compile.</summary>
    private const int MaxPixels = 28;

    /// <summary>Samples of a whole tile.</summary>
    private const int TileSamples = 14;

    /// <summary>Weights that no near cache holds are read once for a block of samples.</summary>
    public bool IsFar => g.Source.Kind == LayoutKind.Blocked && SamplesOfBlock > 1
        && (long)Layout.RoundUp(g.SourceChannels) * Layout.RoundUp(g.TargetChannels) * g.Taps.Area > CommonL2.Floats;

    /// <summary>A tile's rows are samples.</summary>
    public bool IsTiny => IsFar && g.Pixels.Width <= MaxTinyWidth;

    /// <summary>Samples whose input stays in the cache while groups of output channels pass over it.</summary>
    public int SamplesOfBlock
    {
        get
        {
            int samples = (int)Math.Max(1, CommonL2.HalfFloats / g.Source.SampleStride);
            return samples > TileSamples ? samples / TileSamples * TileSamples : samples;
        }
    }

    private int Channels => Layout.RoundUp(g.TargetChannels);

    /// <summary>Vectors of output channels of a group.</summary>
    private int Vectors(VectorIsa isa) => isa.Lanes == Layout.Block && Channels == Layout.Block ? 1 : 2;

    /// <summary>Groups of output channels; an odd block of 16 is left where vectors hold a whole block each.</summary>
    public IEnumerable<TileRun> Groups(VectorIsa isa) => TileShapes.Groups(Channels, Vectors(isa) * isa.Lanes);

    /// <summary>Tiles of the pixels of a row.</summary>
    public IReadOnlyList<TileRun> Pixels(VectorIsa isa, int vectors)
        => TileShapes.Split(g.Pixels.Width, Math.Min(MaxPixels, TileShapes.MaxRows(isa.Registers, vectors)));

    /// <summary>The tiles in words.</summary>
    public string Words(VectorIsa isa)
    {
        string channels = Literals.Int(Vectors(isa) * isa.Lanes);
        if (IsTiny)
            return $"Tiles of {List(TileShapes.AnySizes(isa))} samples × {channels} channels, "
                + "pixel by pixel. Taps outside the image are skipped.";
        string pixels = List(Pixels(isa, Vectors(isa)).Select(t => t.Size).Distinct());
        return $"Tiles of {pixels} pixels × {channels} channels. Rows of taps outside the image are skipped; "
            + "columns outside read the halo.";

        static string List(IEnumerable<int> sizes) => string.Join(", ", sizes.Select(size => Literals.Int(size)));
    }
}
