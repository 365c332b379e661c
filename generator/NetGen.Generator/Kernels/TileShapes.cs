namespace NetGen.Generator.Kernels;

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
    public static IReadOnlyList<(int Size, int Count)> Split(int extent, int limit)
    {
        for (int size = Math.Min(limit, extent); size * 3 >= limit * 2 || size == extent; size--)
        {
            if (extent % size == 0)
                return [(size, extent / size)];
            if (size == 1)
                break;
        }
        int tiles = (extent + limit - 1) / limit;
        int small = extent / tiles, larger = extent % tiles;
        return larger == 0 ? [(small, tiles)] : [(small + 1, larger), (small, tiles - larger)];
    }
}
