using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace NetGen.CompilerServices;

/// <summary>
/// Numbers that depend on the position in a sequence and on nothing else, made once for each kernel class. For generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class PositionTable
{
    private readonly float[] _values;

    private PositionTable(int length) => _values = GC.AllocateArray<float>(length, pinned: true);

    /// <summary>The first number; the memory is pinned for as long as the table lives.</summary>
    public float* Values => (float*)Unsafe.AsPointer(ref _values[0]);

    /// <summary>How many floats it has.</summary>
    internal int Length => _values.Length;

    /// <summary>
    /// The angles by which rotary positions turn pairs of features: [position][cosines of all pairs, sines of all pairs]. The frequency of
    /// pair i is base^(−i / pairs) (Su et al., 2021).
    /// </summary>
    /// <param name="positions">Rows.</param>
    /// <param name="pairs">Pairs of features of a head.</param>
    /// <param name="frequencyBase">The base of the frequencies, usually 10,000.</param>
    /// <param name="factor">By how much long waves are stretched; 1 for not at all.</param>
    /// <param name="lowFrequency">Waves that fit fewer times than this into <paramref name="length"/> are stretched whole.</param>
    /// <param name="highFrequency">
    /// Those that fit more often than this are left alone; between the two, in proportion, as LLaMA 3.1 does.
    /// </param>
    /// <param name="length">The length of sequences that the frequencies were learned for.</param>
    public static PositionTable Rotary(int positions, int pairs, double frequencyBase, double factor, double lowFrequency,
        double highFrequency, double length)
    {
        var table = new PositionTable(positions * 2 * pairs);
        for (int i = 0; i < pairs; i++)
        {
            double frequency = Math.Pow(frequencyBase, -(double)i / pairs), waves = length * frequency / (2 * Math.PI);
            if (factor != 1)
            {
                double kept = waves >= highFrequency ? 1 : waves <= lowFrequency ? 0
                    : (waves - lowFrequency) / (highFrequency - lowFrequency);
                frequency *= kept + (1 - kept) / factor;
            }
            for (int position = 0; position < positions; position++)
            {
                (double sine, double cosine) = Math.SinCos(position * frequency);
                table._values[position * 2 * pairs + i] = (float)cosine;
                table._values[(position * 2 + 1) * pairs + i] = (float)sine;
            }
        }
        return table;
    }

    /// <summary>
    /// Sines at even features and cosines at odd ones, of position · 10000^(−2i / features) for both of pair i (Vaswani et al., 2017).
    /// </summary>
    /// <param name="positions">Rows.</param>
    /// <param name="features">Features of a position.</param>
    /// <param name="pitch">Floats from one position to the next; what is behind the features is zero.</param>
    public static PositionTable Sinusoids(int positions, int features, int pitch)
    {
        var table = new PositionTable(positions * pitch);
        for (int position = 0; position < positions; position++)
        {
            for (int feature = 0; feature < features; feature++)
            {
                double angle = position * Math.Pow(10000, -(double)(feature / 2 * 2) / features);
                table._values[position * pitch + feature] = (float)(feature % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
            }
        }
        return table;
    }
}
