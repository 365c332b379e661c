namespace NetGen.Cuda.Simulator.Machine;

/// <summary>What a launch did, counted.</summary>
public sealed class Statistics
{
    /// <summary>Instructions, once for each warp that runs them.</summary>
    public long Instructions { get; internal set; }

    /// <summary>Fused multiply-adds among them.</summary>
    public long FusedMultiplyAdds { get; internal set; }

    /// <summary>Matrix products among them.</summary>
    public long MatrixProducts { get; internal set; }

    /// <summary>Accesses of shared memory, once for each warp.</summary>
    public long SharedAccesses { get; internal set; }

    /// <summary>
    /// Cycles that they take: as many as different words of one bank are wanted at once, of 32 banks of 4 bytes. Without conflicts an
    /// access of 4 bytes a lane takes one, of 8 two, of 16 four.
    /// </summary>
    public long SharedCycles { get; internal set; }

    /// <summary>Accesses of global memory, once for each warp.</summary>
    public long GlobalRequests { get; internal set; }

    /// <summary>Different sectors of 32 bytes that they touch.</summary>
    public long GlobalSectors { get; internal set; }

    internal unsafe void CountShared(ulong* addresses, uint lanes, int bytes)
    {
        SharedAccesses++;
        // Wide accesses go in parts of 16 and 8 lanes.
        int together = bytes <= 4 ? 32 : bytes == 8 ? 16 : 8;
        Span<uint> words = stackalloc uint[32 * 32];
        Span<int> counts = stackalloc int[32];
        for (int first = 0; first < 32; first += together)
        {
            counts.Clear();
            int worst = 0;
            for (int lane = first; lane < first + together; lane++)
            {
                if ((lanes >> lane & 1) == 0)
                    continue;
                uint from = (uint)addresses[lane] / 4, to = (uint)(addresses[lane] + (uint)bytes - 1) / 4;
                for (uint word = from; word <= to; word++)
                {
                    int bank = (int)(word & 31);
                    Span<uint> known = words.Slice(bank * 32, 32);
                    if (known[..counts[bank]].Contains(word) || counts[bank] == 32)
                        continue;
                    known[counts[bank]++] = word;
                    worst = Math.Max(worst, counts[bank]);
                }
            }
            SharedCycles += worst;
        }
    }

    internal unsafe void CountGlobal(ulong* addresses, uint lanes, int bytes)
    {
        GlobalRequests++;
        Span<ulong> sectors = stackalloc ulong[64];
        int count = 0;
        for (int lane = 0; lane < 32; lane++)
        {
            if ((lanes >> lane & 1) == 0)
                continue;
            for (ulong sector = addresses[lane] / 32; sector <= (addresses[lane] + (uint)bytes - 1) / 32; sector++)
            {
                if (count < 64 && !sectors[..count].Contains(sector))
                    sectors[count++] = sector;
            }
        }
        GlobalSectors += count;
    }
}
