using System.Numerics;

namespace NetGen.Data;

/// <summary>PNG's five filters, which replace each byte by its difference from a guess (section 9 of the recommendation).</summary>
internal static class PngFilters
{
    public const int None = 0, Sub = 1, Up = 2, Average = 3, Paeth = 4, Count = 5;

    /// <summary>Undoes a filter in place.</summary>
    /// <param name="filter">0 to 4.</param>
    /// <param name="row">The row.</param>
    /// <param name="above">The row above, undone already; zeros above the first.</param>
    /// <param name="distance">Bytes from a pixel to its left neighbour, at least 1.</param>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        switch (filter)
        {
            case Sub:
                for (int i = distance; i < row.Length; i++)
                    row[i] += row[i - distance];
                break;
            case Up:
                AddRows(row, above);
                break;
            case Average:
                for (int i = 0; i < row.Length; i++)
                    row[i] += (byte)(((i < distance ? 0 : row[i - distance]) + above[i]) >> 1);
                break;
            case Paeth:
                int first = Math.Min(distance, row.Length);
                AddRows(row[..first], above);
                for (int i = first; i < row.Length; i++)
                    row[i] += Predict(row[i - distance], above[i], above[i - distance]);
                break;
        }
    }

    /// <summary>Applies a filter.</summary>
    /// <param name="filter">0 to 4.</param>
    /// <param name="row">The row.</param>
    /// <param name="above">The row above; zeros above the first.</param>
    /// <param name="distance">Bytes from a pixel to its left neighbour, at least 1.</param>
    /// <param name="destination">As long as the row.</param>
    public static void Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int distance, Span<byte> destination)
    {
        for (int i = 0; i < row.Length; i++)
        {
            byte left = i < distance ? (byte)0 : row[i - distance], aboveLeft = i < distance ? (byte)0 : above[i - distance];
            byte guess = filter switch
            {
                Sub => left,
                Up => above[i],
                Average => (byte)((left + above[i]) >> 1),
                Paeth => Predict(left, above[i], aboveLeft),
                _ => 0,
            };
            destination[i] = (byte)(row[i] - guess);
        }
    }

    /// <summary>Which of left, above and above left is nearest to left + above − above left; ties go to the first.</summary>
    private static byte Predict(int left, int above, int aboveLeft)
    {
        int toLeft = Math.Abs(above - aboveLeft), toAbove = Math.Abs(left - aboveLeft), toBoth = Math.Abs(left + above - 2 * aboveLeft);
        return (byte)(toLeft <= toAbove && toLeft <= toBoth ? left : toAbove <= toBoth ? above : aboveLeft);
    }

    private static void AddRows(Span<byte> row, ReadOnlySpan<byte> above)
    {
        int i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            (new Vector<byte>(row[i..]) + new Vector<byte>(above[i..])).CopyTo(row[i..]);
        for (; i < row.Length; i++)
            row[i] += above[i];
    }
}
