using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Layouts;

internal enum LayoutKind
{
    /// <summary>[sample][feature]: vectors.</summary>
    Rows,

    /// <summary>[sample][channel][row][column]: images as the user passes them.</summary>
    Plain,

    /// <summary>[sample][channel / 16][row][column][16 channels]: channel lanes.</summary>
    Blocked,

    /// <summary>[sample / 16][channel][row][column][16 samples]: sample lanes.</summary>
    Samples,

    /// <summary>
    /// [sample][position][feature]: the last dimension has the lanes. The positions of all samples lie one behind the other, so that they
    /// are so many rows of features (<see cref="Layout.AsRows"/>).
    /// </summary>
    Positions,
}

/// <summary>
/// Where the elements of a value lie in memory. Rows of an image may have zero columns before and after (the halo), so that a
/// convolution's horizontal padding costs no code; the halo is zero from allocation on and nothing ever writes it.
/// Channels and features beyond the last, up to the next multiple of 16, are always zero.
/// </summary>
/// <param name="IsCallers">The caller's own memory, without any padding between samples.</param>
/// <param name="IsDense">Samples lie one behind the other, whatever their size.</param>
/// <param name="HasLengths">
/// How many positions a sample has is known at run time only, <paramref name="Channels"/> at most: only those that there are have memory.
/// </param>
internal sealed record Layout(
    LayoutKind Kind, int Channels, int Height, int Width, int Left, int Right, bool IsCallers = false, bool IsDense = false,
    bool HasLengths = false)
{
    /// <summary>Channels or samples side by side in memory, whatever the width of a vector.</summary>
    public const int Block = 16;

    /// <summary>Sample strides that are multiples of this many floats (4 KiB) put all rows of a tile into the same cache sets.</summary>
    private const int AliasingStride = 1024;

    public static Layout ForRows(int features) => new(LayoutKind.Rows, features, 1, 1, 0, 0);

    public static Layout ForImage(LayoutKind kind, TensorShape shape, int left = 0, int right = 0)
        => new(kind, shape.Channels, shape.Height, shape.Width, left, right, IsDense: kind == LayoutKind.Positions,
            HasLengths: shape.HasLengths);

    /// <summary>Ints of which each position has one, as the caller has them.</summary>
    public static Layout ForIntsOfPositions(TensorShape shape)
        => new(LayoutKind.Positions, shape.Features, 1, 1, 0, 0, IsCallers: true, IsDense: true, HasLengths: true);

    public static int RoundUp(int value) => (value + Block - 1) / Block * Block;

    /// <summary>Floats from one pixel to the next.</summary>
    public int PixelStride => Kind is LayoutKind.Blocked or LayoutKind.Samples ? Block : 1;

    /// <summary>Columns of a row including its halo, or features of a position including what pads them.</summary>
    public int Pitch => Kind == LayoutKind.Positions && !IsCallers ? RoundUp(Width) : Left + Width + Right;

    /// <summary>Floats of a row that kernels take as one run: without a halo, with what pads features.</summary>
    public int RowRun => Kind == LayoutKind.Positions ? Pitch : Width * PixelStride;

    public int RowStride => Pitch * PixelStride;

    public int PlaneStride => Height * RowStride;

    /// <summary>Planes of height × pitch × pixel stride in one sample (in one block of 16 samples for sample lanes).</summary>
    public int Planes => Kind == LayoutKind.Blocked ? RoundUp(Channels) / Block : Channels;

    /// <summary>Offset of the pixel (0, 0) in its plane.</summary>
    public int Origin => Left * PixelStride;

    public bool HasHalo => Left + Right > 0;

    /// <summary>Floats that one sample covers (16 samples for sample lanes).</summary>
    public int Size => Kind == LayoutKind.Rows ? RoundUp(Channels) : RoundUp(Planes * PlaneStride);

    /// <summary>Floats from one sample to the next (from 16 samples to the next 16 for sample lanes).</summary>
    public int SampleStride => StrideOfWhole
        ?? (IsCallers ? Channels * Height * Width : Size % AliasingStride == 0 && !IsDense ? Size + Block : Size);

    /// <summary>
    /// For what lies within a larger value (<see cref="ValuePart"/>), how far that one's samples are apart; null for all others.
    /// </summary>
    public int? StrideOfWhole { get; init; }

    /// <summary>Samples that <see cref="SampleStride"/> covers.</summary>
    public int SamplesPerStride => Kind == LayoutKind.Samples ? Block : 1;

    /// <summary>Positions of a sample.</summary>
    public int Positions => Channels * Height;

    /// <summary>Rows of features that a sample has: its positions, where it has such, else the one that it is.</summary>
    public int RowsOfSample => Kind == LayoutKind.Positions ? Positions : 1;

    /// <summary>
    /// What kernels that treat all positions alike see: of samples whose number of positions is not known, a single position.
    /// </summary>
    public Layout OfPosition => HasLengths ? AsRows : this;

    /// <summary>Floats from one position to the next, all rows of it included.</summary>
    public int PositionStride => Height * AsRows.SampleStride;

    /// <summary>Positions as the rows that they are; all other layouts as they are.</summary>
    public Layout OfRowOrSample => Kind == LayoutKind.Positions ? AsRows : this;

    /// <summary>The positions of all samples as so many rows; a vector's layout is its own.</summary>
    public Layout AsRows => Kind == LayoutKind.Rows ? this : Kind == LayoutKind.Positions
        ? new Layout(LayoutKind.Rows, Width, 1, 1, 0, 0, IsCallers, IsDense: true)
        : throw new InvalidOperationException($"{this} has no rows of features.");

    public override string ToString()
    {
        string halo = HasHalo ? $" (columns {Literals.Int(-Left)}..{Literals.Int(Width + Right - 1)})" : "";
        if (StrideOfWhole is { } whole)
            return $"{this with { StrideOfWhole = null }} within {Literals.Int(whole)}";
        return Kind switch
        {
            LayoutKind.Rows => $"[sample][{Literals.Int(Size)}]",
            LayoutKind.Plain => $"[sample][{Literals.Int(Channels)}][{Literals.Int(Height)}][{Literals.Int(Pitch)}]{halo}",
            LayoutKind.Blocked => $"[sample][{Literals.Int(Planes)}][{Literals.Int(Height)}][{Literals.Int(Pitch)}][16 channels]{halo}",
            LayoutKind.Positions when HasLengths && Height == 1 => $"[position][{Literals.Int(Pitch)} features]",
            LayoutKind.Positions when HasLengths => $"[position][{Literals.Int(Height)}][{Literals.Int(Pitch)} features]",
            LayoutKind.Positions when Height == 1 => $"[sample][{Literals.Int(Channels)}][{Literals.Int(Pitch)} features]",
            LayoutKind.Positions => $"[sample][{Literals.Int(Channels)}][{Literals.Int(Height)}][{Literals.Int(Pitch)} features]",
            _ => $"[sample / 16][{Literals.Int(Channels)}][{Literals.Int(Height)}][{Literals.Int(Pitch)}][16 samples]{halo}",
        };
    }
}
