namespace NetGen.Data;

/// <summary>
/// Decodes a scan: blocks of several components by turns, or of one. A baseline scan has all coefficients of its blocks, which become
/// samples at once; one of a progressive file has some of them, or one more bit of each.
/// </summary>
/// <param name="isProgressive">Whether the file is progressive.</param>
/// <param name="first">The first coefficient that it has.</param>
/// <param name="last">The last.</param>
/// <param name="high">The bit that scans before it ended at; 0 in the first scan of a coefficient.</param>
/// <param name="low">The bit that it ends at.</param>
internal readonly struct JpegScan(bool isProgressive, int first, int last, int high, int low)
{
    /// <summary>Bytes that may follow the last block unread, as libjpeg-turbo lets them.</summary>
    private const int IgnoredBytes = 8;

    /// <summary>Where the coefficients of a file's order stand in the order of rows.</summary>
    public static ReadOnlySpan<byte> Order =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    /// <summary>Whether means are coded in it.</summary>
    public bool NeedsDc => !isProgressive || first == 0 && high == 0;

    /// <summary>Whether other coefficients are coded in it.</summary>
    public bool NeedsAc => !isProgressive || first > 0;

    /// <summary>Whether there can be such a scan of so many components.</summary>
    public bool IsValid(int components) => !isProgressive
        || (first == 0 ? last == 0 : first <= last && last <= 63 && components == 1) && low <= 13 && (high == 0 || high == low + 1);

    /// <summary>Decodes the scan.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    public string? Decode(ReadOnlySpan<byte> file, int position, ReadOnlySpan<JpegComponent> components, int width, int height,
        (int Horizontal, int Vertical) most, int restartInterval)
    {
        var bits = new JpegBits(file, position);
        JpegComponent one = components[0];
        bool isInterleaved = components.Length > 1;
        int columns = isInterleaved ? (width + 8 * most.Horizontal - 1) / (8 * most.Horizontal) : (one.Width + 7) / 8;
        int rows = isInterleaved ? (height + 8 * most.Vertical - 1) / (8 * most.Vertical) : (one.Height + 7) / 8;
        Span<short> block = stackalloc short[64];
        foreach (JpegComponent component in components)
            component.Prediction = 0;

        int untilRestart = restartInterval, restarts = 0;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                if (restartInterval > 0 && untilRestart-- == 0)
                {
                    bits.Restart(restarts++ & 7);
                    foreach (JpegComponent component in components)
                        component.Prediction = 0;
                    untilRestart = restartInterval - 1;
                }
                if (!isInterleaved)
                {
                    ReadBlock(ref bits, one, row, column, block);
                    continue;
                }
                foreach (JpegComponent component in components)
                {
                    for (int y = 0; y < component.Vertical; y++)
                    {
                        for (int x = 0; x < component.Horizontal; x++)
                            ReadBlock(ref bits, component, row * component.Vertical + y, column * component.Horizontal + x, block);
                    }
                }
            }
            if (bits.Problem is { } problem)
                return problem;
        }
        int left = bits.BytesLeft();
        return left > IgnoredBytes ? $"{left} bytes of coded data are left behind the last block" : null;
    }

    /// <summary>Makes the samples of a progressive file's component, when all scans have been decoded.</summary>
    public static void Transform(JpegComponent component)
    {
        int rows = (component.Height + 7) / 8, columns = (component.Width + 7) / 8;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                JpegInverseDct.Transform(
                    component.Coefficients(row, column), component.Quantization, component.Samples(row, column), component.Stride);
            }
        }
    }

    private void ReadBlock(ref JpegBits bits, JpegComponent component, int row, int column, scoped Span<short> block)
    {
        if (!isProgressive)
            ReadWhole(ref bits, component, row, column, block);
        else if (first == 0 && high == 0)
            component.Coefficients(row, column)[0] = (short)(ReadMean(ref bits, component) << low);
        else if (first == 0)
            component.Coefficients(row, column)[0] |= (short)(bits.Take(1) << low);
        else if (high == 0)
            ReadBand(ref bits, component.Ac, component.Coefficients(row, column));
        else
            Refine(ref bits, component.Ac, component.Coefficients(row, column));
    }

    private static int ReadMean(ref JpegBits bits, JpegComponent component)
    {
        int size = bits.Symbol(component.Dc);
        if (size > 15)
        {
            bits.Report("a mean has more than 15 bits");
            size = 0;
        }
        return component.Prediction += bits.TakeSigned(size);
    }

    private static void ReadWhole(ref JpegBits bits, JpegComponent component, int row, int column, scoped Span<short> block)
    {
        Span<byte> samples = component.Samples(row, column);
        int mean = ReadMean(ref bits, component), k = 1;
        bool isFlat = true;
        while (k < 64)
        {
            int symbol = bits.Symbol(component.Ac), size = symbol & 15, run = symbol >> 4;
            if (size == 0 && run < 15)
                break;
            if (isFlat)
            {
                block.Clear();
                isFlat = false;
            }
            k += run;
            if (size != 0)
            {
                int value = bits.TakeSigned(size);
                if (k < 64)
                    block[Order[k]] = (short)value;
            }
            k++;
        }
        if (k > 64)
            bits.Report("a run of zeros leaves its block");
        if (isFlat)
        {
            JpegInverseDct.Fill((short)mean * component.Quantization[0], samples, component.Stride);
            return;
        }
        block[0] = (short)mean;
        JpegInverseDct.Transform(block, component.Quantization, samples, component.Stride);
    }

    /// <summary>The first bits of some coefficients of a block (T.81, G.1.2.2).</summary>
    private void ReadBand(ref JpegBits bits, JpegHuffmanTable table, Span<short> block)
    {
        if (bits.BlocksLeft > 0)
        {
            bits.BlocksLeft--;
            return;
        }
        for (int k = first; k <= last; k++)
        {
            int symbol = bits.Symbol(table), size = symbol & 15, run = symbol >> 4;
            if (size == 0 && run < 15)
            {
                bits.BlocksLeft = (1 << run) - 1 + bits.Take(run);
                return;
            }
            k += run;
            if (size == 0)
                continue;
            int value = bits.TakeSigned(size);
            if (k > last)
                bits.Report("a run of zeros leaves its block");
            else
                block[Order[k]] = (short)(value << low);
        }
    }

    /// <summary>One more bit of some coefficients of a block, and those that become other than zero by it (T.81, G.1.2.3).</summary>
    private void Refine(ref JpegBits bits, JpegHuffmanTable table, Span<short> block)
    {
        int k = first;
        while (bits.BlocksLeft == 0 && k <= last)
        {
            int symbol = bits.Symbol(table), size = symbol & 15, run = symbol >> 4, value = 0;
            if (size > 1)
                bits.Report("a coefficient becomes other than zero by more than one bit");
            if (size != 0)
                value = bits.Take(1) == 1 ? 1 << low : -1 << low;
            else if (run < 15)
            {
                bits.BlocksLeft = (1 << run) + bits.Take(run);
                break;
            }
            k = RefineRun(ref bits, block, k, run);
            if (value != 0 && k <= last)
                block[Order[k]] = (short)value;
            else if (value != 0)
                bits.Report("a run of zeros leaves its block");
            k++;
        }
        if (bits.BlocksLeft == 0)
            return;
        RefineRun(ref bits, block, k, int.MaxValue);
        bits.BlocksLeft--;
    }

    /// <summary>Refines what is other than zero, over so many zeros.</summary>
    /// <returns>The place of the next zero, or that behind the last coefficient.</returns>
    private int RefineRun(ref JpegBits bits, Span<short> block, int k, int zeros)
    {
        for (; k <= last; k++)
        {
            ref short value = ref block[Order[k]];
            if (value == 0)
            {
                if (zeros-- == 0)
                    return k;
            }
            else if (bits.Take(1) == 1 && (value & 1 << low) == 0)
            {
                value += (short)(value >= 0 ? 1 << low : -1 << low);
            }
        }
        return k;
    }
}
