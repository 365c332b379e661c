using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Tiles of one size, one behind the other.</summary>
/// <param name="Start">Where the first of them begins.</param>
internal readonly record struct TileRun(int Size, int Count, int Start)
{
    public int End => Start + Size * Count;
}

/// <summary>
/// Splits an extent into register tiles. The cost model is lane and register use: as many accumulators as the registers hold next to the
/// operands, few distinct tiles (each is a kernel to compile), little left over.
/// </summary>
internal static class TileShapes
{
    /// <summary>Rows of a tile of the given number of vectors: all registers but one per vector and one for the broadcast.</summary>
    public static int MaxRows(int registers, int vectors) => (registers - vectors - 1) / vectors;

    /// <summary>
    /// Tile sizes that cover <paramref name="extent"/>, none above <paramref name="limit"/>: one size where a good divisor exists,
    /// otherwise sizes that differ by one, the larger first.
    /// </summary>
    public static IReadOnlyList<TileRun> Split(int extent, int limit)
    {
        for (int size = Math.Min(limit, extent); size * 3 >= limit * 2 || size == extent; size--)
        {
            if (extent % size == 0)
                return [new TileRun(size, extent / size, 0)];
            if (size == 1)
                break;
        }
        int tiles = (extent + limit - 1) / limit;
        int small = extent / tiles, larger = extent % tiles;
        return larger == 0 ? [new TileRun(small, tiles, 0)]
            : [new TileRun(small + 1, larger, 0), new TileRun(small, tiles - larger, (small + 1) * larger)];
    }

    /// <summary>As many groups of one size as fit the extent, and what is left of it as one that is smaller.</summary>
    public static IEnumerable<TileRun> Groups(int extent, int size)
    {
        int groups = extent / size;
        if (groups > 0)
            yield return new TileRun(size, groups, 0);
        if (groups * size < extent)
            yield return new TileRun(extent - groups * size, 1, groups * size);
    }

    /// <summary>The same, but where a single one would be left, it and a whole group make two that are more alike.</summary>
    public static IEnumerable<TileRun> GroupsWithoutSingle(int extent, int size)
    {
        int groups = extent / size;
        if (size < 3 || groups == 0 || extent % size != 1)
            return Groups(extent, size);
        int whole = (groups - 1) * size, half = (size + 1) / 2;
        TileRun[] last = 2 * half == size + 1 ? [new TileRun(half, 2, whole)]
            : [new TileRun(half + 1, 1, whole), new TileRun(half, 1, whole + half + 1)];
        return groups == 1 ? last : last.Prepend(new TileRun(size, groups - 1, 0));
    }

    /// <summary>
    /// What leads to the channels of the group whose number is in the variable <c>group</c>, in what lies in blocks of 16.
    /// </summary>
    /// <param name="width">Channels of a group: whole blocks, or half of one.</param>
    public static string OfGroup(int width, long blockStride) => width >= Layout.Block
        ? $"group * {Literals.Int(width / Layout.Block * blockStride)}"
        : $"(group >> 1) * {Literals.Int(blockStride)} + (group & 1) * {Literals.Int(width)}";

    /// <summary>Rows of the register tiles that cover any number of rows, largest first.</summary>
    public static int[] AnySizes(VectorIsa isa) => isa.Registers == 32 ? [14, 8, 4, 1] : [6, 3, 1];

    /// <summary>
    /// Writes the loops that cover a number of rows which is only known at run time. The last tile is moved back until it is full: what is
    /// computed twice is the same twice, and no tile of another size is needed.
    /// </summary>
    /// <param name="rows">C# variable: the number of rows.</param>
    /// <param name="row">Name of the loop's variable.</param>
    /// <param name="call">The call of the tile of that size at that first row.</param>
    public static void EmitAny(SourceWriter writer, VectorIsa isa, string rows, string row, Func<int, string, string> call)
    {
        int[] sizes = AnySizes(isa);
        writer.Line("// The last tile is moved back until it is full: what is computed twice is the same twice.");
        for (int i = 0; i < sizes.Length; i++)
        {
            string size = Literals.Int(sizes[i]), condition = $"{rows} >= {size}";
            if (i == 0)
            {
                // Rows that the largest tile computes, against those of the next, each of whose calls costs as much as a row.
                string next = Literals.Int(sizes[1]);
                condition += $" && ({rows} + {Literals.Int(sizes[0] - 1)}) / {size} * "
                    + $"{size} <= ({rows} + {Literals.Int(sizes[1] - 1)}) / {next} * {Literals.Int(sizes[1] + 1)}";
            }
            writer.Line(sizes[i] == 1 ? "else" : $"{(i > 0 ? "else " : "")}if ({condition})");
            using (writer.Indent())
            {
                writer.Line($"for (int {row} = 0; {row} < {rows}; {(sizes[i] == 1 ? row + "++" : $"{row} += {size}")})");
                using (writer.Indent())
                    writer.Line(call(sizes[i], sizes[i] == 1 ? row : $"Math.Min({row}, {rows} - {size})"));
            }
        }
    }
}
