using System.Globalization;
using System.Runtime.InteropServices;

namespace NetGen;

/// <summary>Some samples of all that a source has.</summary>
internal static class Subsets
{
    /// <exception cref="ArgumentException">There is none, or one of them is not there.</exception>
    public static void Check(ReadOnlySpan<int> samples, int count)
    {
        if (samples.IsEmpty)
            throw new ArgumentException("Expected at least one sample.", nameof(samples));
        if (samples.IndexOfAnyExceptInRange(0, count - 1) is >= 0 and int at)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"Expected numbers of samples from 0 to {count - 1}, got {samples[at]} at {at}."), nameof(samples));
    }

    /// <summary>Which samples they are, for the settings of a source: a checkpoint of another fold is none to go on from.</summary>
    public static string Words(ReadOnlySpan<int> samples, int count) => string.Create(CultureInfo.InvariantCulture,
        $", chosen of {count} (checksum {Crc32C.Of(MemoryMarshal.AsBytes(samples)):x8})");
}
