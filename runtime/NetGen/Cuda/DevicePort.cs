using System.Runtime.InteropServices;
using NetGen.CompilerServices;

namespace NetGen.Cuda;

/// <summary>
/// What goes to a GPU or comes from there with each call. For the caller samples follow one another; here each has room for as many
/// positions as it may have.
/// </summary>
/// <param name="Start">Where it begins on the host, in bytes.</param>
/// <param name="Place">Where it begins on the GPU, in floats for one sample; below zero where it is not there.</param>
/// <param name="Size">Values of a sample, of as many positions as it may have.</param>
/// <param name="Axis">Which of the network's lengths says how many positions it has; below zero where it has as many as may be.</param>
/// <param name="PerPosition">Values of a position.</param>
internal readonly record struct DevicePort(long Start, long Place, int Size, int Axis, int PerPosition)
{
    /// <summary>Ports of a network, each at cache lines of its own.</summary>
    /// <param name="ports">The ports.</param>
    /// <param name="places">Where each begins on the GPU.</param>
    /// <param name="axes">The network's lengths.</param>
    /// <param name="maxBatch">Samples that there is room for.</param>
    /// <param name="start">Bytes in front of them on the host; goes behind them.</param>
    public static DevicePort[] Of(
        IReadOnlyList<NetworkPort> ports, ReadOnlySpan<long> places, string[] axes, int maxBatch, ref long start)
    {
        var own = new DevicePort[ports.Count];
        for (int i = 0; i < own.Length; i++)
        {
            int axis = Array.IndexOf(axes, ports[i].Lengths);
            own[i] = new DevicePort(start, places[i], ports[i].Size, axis, axis < 0 ? ports[i].Size : ports[i].Size / ports[i].Shape[0]);
            start = own[i].End(maxBatch);
        }
        return own;
    }

    /// <summary>Bytes on the host in front of what comes behind it.</summary>
    public long End(int maxBatch) => Start + (Bytes(maxBatch) + 63) / 64 * 64;

    public long Bytes(int samples) => (long)sizeof(float) * Size * samples;

    private long PositionBytes => (long)sizeof(float) * PerPosition;

    /// <summary>From the caller, where samples follow one another, to where each has room for all positions; zeros behind.</summary>
    public unsafe void GiveRoom(byte* from, byte* host, int samples, IDeviceCaller caller)
    {
        byte* to = host + Start;
        if (Axis < 0)
        {
            Buffer.MemoryCopy(from, to, Bytes(samples), Bytes(samples));
            return;
        }
        int* starts = caller.StartsOf(Axis);
        for (int sample = 0; sample < samples; sample++, to += Bytes(1))
        {
            long bytes = PositionBytes * (starts[sample + 1] - starts[sample]);
            Buffer.MemoryCopy(from + PositionBytes * starts[sample], to, bytes, bytes);
            NativeMemory.Clear(to + bytes, (nuint)(Bytes(1) - bytes));
        }
    }

    /// <summary>The way back; zeros where it is not on the GPU.</summary>
    public unsafe void TakeRoom(byte* host, byte* to, int samples, IDeviceCaller caller)
    {
        byte* from = host + Start;
        if (Place < 0)
        {
            NativeMemory.Clear(to, (nuint)(Axis < 0 ? Bytes(samples) : PositionBytes * caller.StartsOf(Axis)[samples]));
            return;
        }
        if (Axis < 0)
        {
            Buffer.MemoryCopy(from, to, Bytes(samples), Bytes(samples));
            return;
        }
        int* starts = caller.StartsOf(Axis);
        for (int sample = 0; sample < samples; sample++, from += Bytes(1))
        {
            long bytes = PositionBytes * (starts[sample + 1] - starts[sample]);
            Buffer.MemoryCopy(from, to + PositionBytes * starts[sample], bytes, bytes);
        }
    }
}
