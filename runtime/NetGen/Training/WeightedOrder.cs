using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>Draws the samples of an epoch with replacement, by weights: a function of a seed and the epoch's number.</summary>
internal sealed class WeightedOrder
{
    /// <summary>Tells its numbers from others that are drawn with the same seed.</summary>
    private const uint OfWeights = 0x57454947;

    private readonly double[] _sums;
    private readonly ulong _seed;
    private readonly int _last;
    private readonly uint _checksum;

    private WeightedOrder(double[] weights, ulong seed, int count)
    {
        (_seed, Count) = (seed, count);
        _checksum = Crc32C.Of(MemoryMarshal.AsBytes<double>(weights));
        _last = Array.FindLastIndex(weights, weight => weight > 0);
        _sums = weights;
        for (int i = 1; i < weights.Length; i++)
            _sums[i] += _sums[i - 1];
    }

    /// <summary>Samples of an epoch.</summary>
    public int Count { get; }

    /// <summary>The order that options ask for; null where they have no weights.</summary>
    /// <param name="options">The options.</param>
    /// <param name="samples">How many samples there are.</param>
    /// <exception cref="ArgumentException">
    /// The weights are not one for each sample, or one is negative or not finite, or all are 0, or there is no seed, or a number of samples
    /// without weights.
    /// </exception>
    public static WeightedOrder? Of(BatchOptions options, int samples)
    {
        if (options.SampleWeights is not { } given)
            return options.SamplesPerEpoch is null ? null
                : throw new ArgumentException($"{nameof(BatchOptions.SamplesPerEpoch)} is of samples that are drawn by "
                    + $"{nameof(BatchOptions.SampleWeights)}, but there are none.", nameof(options));
        if (given.Count != samples)
            throw new ArgumentException($"{nameof(BatchOptions.SampleWeights)}: expected a weight for each of {samples} samples, "
                + $"got {given.Count}.", nameof(options));
        if (options.ShuffleSeed is not ulong seed)
            throw new ArgumentException($"{nameof(BatchOptions.SampleWeights)} are drawn by: expected a "
                + $"{nameof(BatchOptions.ShuffleSeed)} to draw from.", nameof(options));
        if (options.SamplesPerEpoch is < 1)
            throw new ArgumentException($"{nameof(BatchOptions.SamplesPerEpoch)}: expected at least 1, got {options.SamplesPerEpoch}.",
                nameof(options));
        double[] weights = [.. given];
        int wrong = Array.FindIndex(weights, weight => !(weight >= 0 && double.IsFinite(weight)));
        if (wrong >= 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{nameof(BatchOptions.SampleWeights)}: expected "
                + $"finite numbers of at least 0, but that of sample {wrong} is {weights[wrong]}."), nameof(options));
        if (!(weights.Sum() is > 0 and < double.PositiveInfinity))
            throw new ArgumentException($"{nameof(BatchOptions.SampleWeights)}: expected a sum above 0 that a double holds, "
                + $"got {weights.Sum().ToString("R", CultureInfo.InvariantCulture)}.", nameof(options));
        return new WeightedOrder(weights, seed, options.SamplesPerEpoch ?? samples);
    }

    /// <summary>Draws an epoch.</summary>
    /// <param name="order">Receives the numbers of the samples.</param>
    /// <param name="epoch">The epoch's number.</param>
    public void Draw(Span<int> order, int epoch)
    {
        double total = _sums[^1];
        for (int i = 0; i < order.Length; i++)
        {
            Vector128<uint> random = Philox.Generate(_seed, (uint)i, (uint)epoch, 0, OfWeights);
            // 53 bits, as many as a double has.
            double at = (random.AsUInt64()[0] >> 11) * (1.0 / (1UL << 53)) * total;
            // The first sample whose sum is beyond: one without weight has the sum of the one before it, and so is never the first.
            int low = 0, high = _last;
            while (low < high)
            {
                int middle = low + (high - low) / 2;
                if (_sums[middle] > at)
                    high = middle;
                else
                    low = middle + 1;
            }
            order[i] = low;
        }
    }

    /// <summary>What decides the order, in words, with a checksum of the weights.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count} of them drawn by seed {_seed} with replacement, by weights with the checksum {_checksum:x8}");
}
