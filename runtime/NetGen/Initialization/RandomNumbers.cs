using System.Runtime.Intrinsics;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>
/// The distributions that parameters are drawn from. Every number is a function of the seed, of the stream, which stands for the
/// parameter, and of the element's place: the same on every machine.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="stream">Parameters with different streams have nothing in common.</param>
internal readonly struct RandomNumbers(ulong seed, uint stream)
{
    /// <summary>Uniform in [minimum, maximum); where the two are equal, that value.</summary>
    public void Uniform(Span<float> values, double minimum, double maximum)
    {
        if (minimum == maximum)
        {
            values.Fill((float)minimum);
            return;
        }
        double middle = (minimum + maximum) / 2, half = (maximum - minimum) / 2;
        float lowest = (float)minimum, highest = MathF.BitDecrement((float)maximum);
        Span<uint> words = stackalloc uint[4];
        for (int i = 0; i < values.Length; i += 4)
        {
            Words((uint)i / 4).CopyTo(words);
            for (int j = 0; j < 4 && i + j < values.Length; j++)
            {
                // 24 bits, all that a float in [0, 1) holds. The sum may round up to the maximum, which is left out.
                double unit = (words[j] >> 8) * (1.0 / (1 << 24));
                values[i + j] = Math.Clamp((float)(middle + (2 * unit - 1) * half), lowest, highest);
            }
        }
    }

    /// <summary>Normal, by Box and Muller's transform of two words each.</summary>
    public void Normal(Span<float> values, double mean, double deviation)
    {
        Span<uint> words = stackalloc uint[4];
        for (int i = 0; i < values.Length; i += 4)
        {
            Words((uint)i / 4).CopyTo(words);
            for (int j = 0; j < 4 && i + j < values.Length; j++)
                values[i + j] = (float)(mean + deviation * Gauss(words[j & ~1], words[j | 1], j & 1));
        }
    }

    /// <summary>
    /// Normal, but only what lies in [minimum, maximum]: Robert, Simulation of truncated normal variables, Statistics and Computing 5,
    /// 1995. Candidates come from the normal distribution, from an exponential one where the range is in one tail, or evenly where it is
    /// narrow, so that a good share of them is accepted whatever the range is.
    /// </summary>
    public void TruncatedNormal(Span<float> values, double mean, double deviation, double minimum, double maximum)
    {
        if (deviation == 0 || minimum == maximum)
        {
            values.Fill((float)Math.Clamp(mean, minimum, maximum));
            return;
        }
        double low = (minimum - mean) / deviation, high = (maximum - mean) / deviation;
        // A range below the mean is mirrored to one above.
        bool mirrored = high < 0;
        if (mirrored)
            (low, high) = (-high, -low);
        for (int i = 0; i < values.Length; i++)
        {
            double z = Truncated((uint)i, low, high);
            double value = mean + deviation * (mirrored ? -z : z);
            values[i] = (float)Math.Clamp(value, minimum, maximum);
            // The nearest float may lie outside.
            if (values[i] < minimum)
                values[i] = MathF.BitIncrement(values[i]);
            else if (values[i] > maximum)
                values[i] = MathF.BitDecrement(values[i]);
        }
    }

    /// <summary>
    /// A matrix whose rows, or columns if there are more rows, are orthonormal, from the uniform distribution over all such: Gram and
    /// Schmidt's procedure on normal numbers. It divides by positive norms, so that no sign has to be chosen (Mezzadri, How to generate
    /// random matrices from the classical compact groups, 2007).
    /// </summary>
    /// <param name="values">The matrix, row-major.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="gain">What all numbers are multiplied by.</param>
    public void Orthogonal(Span<float> values, int rows, double gain)
    {
        int columns = values.Length / rows;
        int count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        bool areRows = rows <= columns;
        Normal(values, 0, 1);
        var vectors = new double[count][];
        for (int i = 0; i < count; i++)
        {
            vectors[i] = new double[length];
            for (int j = 0; j < length; j++)
                vectors[i][j] = values[areRows ? i * columns + j : j * columns + i];

            // Once more against what rounding has left: twice is enough (Giraud, Langou and Rozložník, 2005).
            for (int pass = 0; pass < 2; pass++)
            {
                for (int k = 0; k < i; k++)
                    AddProduct(vectors[i], vectors[k], -Dot(vectors[i], vectors[k]));
            }
            double scale = 1 / Math.Sqrt(Dot(vectors[i], vectors[i]));
            for (int j = 0; j < length; j++)
                vectors[i][j] *= scale;
        }
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < length; j++)
                values[areRows ? i * columns + j : j * columns + i] = (float)(gain * vectors[i][j]);
        }
    }

    private double Truncated(uint element, double low, double high)
    {
        Span<uint> words = stackalloc uint[4];
        for (uint attempt = 0; ; attempt++)
        {
            Philox.Generate(seed, element, uint.MaxValue, attempt, stream).CopyTo(words);
            // In (0, 1), both ends left out.
            double unit = (words[2] + 0.5) * (1 / 4294967296.0), accept = (words[3] + 0.5) * (1 / 4294967296.0);
            double z;
            if (low > 0 && high - low > Tail(low))
            {
                // The exponential distribution that touches the normal one best has this rate.
                double rate = (low + Math.Sqrt(low * low + 4)) / 2;
                z = low - Math.Log(unit) / rate;
                if (z <= high && accept <= Math.Exp(-(z - rate) * (z - rate) / 2))
                    return z;
            }
            else if (low > 0 || high - low < Math.Sqrt(2 * Math.PI))
            {
                // The density is largest at 0, or where the range is nearest to it.
                z = low + unit * (high - low);
                double peak = Math.Max(low, 0);
                if (accept <= Math.Exp((peak * peak - z * z) / 2))
                    return z;
            }
            else
            {
                z = Gauss(words[0], words[1], 0);
                if (z >= low && z <= high)
                    return z;
            }
        }
    }

    // From this width on an exponential candidate is accepted more often than an even one (Robert 1995, proposition 2.3).
    private static double Tail(double low)
    {
        double root = Math.Sqrt(low * low + 4);
        return 2 * Math.Sqrt(Math.E) / (low + root) * Math.Exp((low * low - low * root) / 4);
    }

    private static double Gauss(uint first, uint second, int part)
    {
        // In (0, 1], so that the logarithm is finite.
        double radius = Math.Sqrt(-2 * Math.Log((first + 1.0) / 4294967296.0));
        double angle = 2 * Math.PI * (second / 4294967296.0);
        return radius * (part == 0 ? Math.Cos(angle) : Math.Sin(angle));
    }

    // Four sums in a fixed order and nothing fused, so that all machines give the same bits.
    private static double Dot(double[] a, double[] b)
    {
        Vector256<double> sums = Vector256<double>.Zero;
        int i = 0;
        for (; i <= a.Length - 4; i += 4)
            sums += Vector256.Create(a, i) * Vector256.Create(b, i);
        double sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void AddProduct(double[] a, double[] b, double factor)
    {
        Vector256<double> factors = Vector256.Create(factor);
        int i = 0;
        for (; i <= a.Length - 4; i += 4)
            (Vector256.Create(a, i) + factors * Vector256.Create(b, i)).CopyTo(a, i);
        for (; i < a.Length; i++)
            a[i] += factor * b[i];
    }

    // The second and third word set these counters apart from those of dropout (sample, step) under the same seed.
    private Vector128<uint> Words(uint counter) => Philox.Generate(seed, counter, uint.MaxValue, uint.MaxValue, stream);
}
