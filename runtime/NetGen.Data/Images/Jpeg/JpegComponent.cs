namespace NetGen.Data;

/// <summary>One of the components of a picture, which the decoder decodes for itself: luma, or a difference of colour.</summary>
internal sealed class JpegComponent
{
    private byte[] _samples = [];
    private short[] _coefficients = [];

    /// <summary>What scans call it.</summary>
    public int Id { get; set; }

    /// <summary>Blocks side by side, and below each other, in an interleaved unit.</summary>
    public int Horizontal { get; set; }

    /// <inheritdoc cref="Horizontal"/>
    public int Vertical { get; set; }

    /// <summary>The number of its table of quantisation.</summary>
    public int Table { get; set; }

    /// <summary>Samples of a row that are part of the picture.</summary>
    public int Width { get; private set; }

    /// <summary>Rows that are part of the picture.</summary>
    public int Height { get; private set; }

    /// <summary>Blocks of a row, those included that fill up the last interleaved unit.</summary>
    public int BlocksInRow { get; private set; }

    /// <summary>Samples of a row in memory.</summary>
    public int Stride => 8 * BlocksInRow;

    /// <summary>What its coefficients are multiplied by, in the order of rows; as it was when its first scan began.</summary>
    public ushort[] Quantization { get; } = new ushort[64];

    /// <summary>Whether a scan of it has begun.</summary>
    public bool IsBegun { get; set; }

    /// <summary>The codes of the scan under way.</summary>
    public JpegHuffmanTable Dc { get; set; } = null!;

    /// <inheritdoc cref="Dc"/>
    public JpegHuffmanTable Ac { get; set; } = null!;

    /// <summary>The mean of the last block, which that of the next is told from.</summary>
    public int Prediction { get; set; }

    /// <summary>Takes memory, and says how large everything is.</summary>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="most">The most blocks that any component has in a unit, side by side and below each other.</param>
    /// <param name="keepsCoefficients">Whether scans refine the coefficients of scans before them.</param>
    public void Begin(int width, int height, (int Horizontal, int Vertical) most, bool keepsCoefficients)
    {
        Width = (int)(((long)width * Horizontal + most.Horizontal - 1) / most.Horizontal);
        Height = (int)(((long)height * Vertical + most.Vertical - 1) / most.Vertical);
        BlocksInRow = (width + 8 * most.Horizontal - 1) / (8 * most.Horizontal) * Horizontal;
        int blocks = checked(BlocksInRow * ((height + 8 * most.Vertical - 1) / (8 * most.Vertical) * Vertical));
        if (_samples.Length < 64 * blocks)
            _samples = GC.AllocateUninitializedArray<byte>(checked(64 * blocks));
        IsBegun = false;
        if (!keepsCoefficients)
            return;
        if (_coefficients.Length < 64 * blocks)
            _coefficients = new short[64 * blocks];
        else
            _coefficients.AsSpan(0, 64 * blocks).Clear();
    }

    /// <summary>Coefficients of a block, in the order of rows.</summary>
    public Span<short> Coefficients(int row, int column) => _coefficients.AsSpan(64 * (row * BlocksInRow + column), 64);

    /// <summary>Samples from the first of a block on.</summary>
    public Span<byte> Samples(int row, int column) => _samples.AsSpan(8 * (row * Stride + column));

    /// <summary>A row of samples; those above and below the picture are the nearest in it.</summary>
    public ReadOnlySpan<byte> Row(int row) => _samples.AsSpan(Math.Clamp(row, 0, Height - 1) * Stride, Width);
}
