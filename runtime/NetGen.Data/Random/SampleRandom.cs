using System.Runtime.Intrinsics;
using NetGen.CompilerServices;

namespace NetGen.Data;

/// <summary>
/// Random numbers for one use of one sample in one epoch: a sequence that seed, epoch, sample and use decide, whoever draws it and when.
/// So what transforms do to a sample does not depend on the number of workers, nor on the samples before it.
/// </summary>
/// <remarks>
/// Philox4x32-10, with counter (block, sample, epoch, use). The use has its high bit set, so that no sequence is one that dropout draws
/// under the same seed.
/// </remarks>
internal struct SampleRandom
{
    /// <summary>Uses beside the positions of transforms, which count from zero.</summary>
    public const uint Shuffle = 0x4000_0000, Split = 0x4000_0001, Mix = 0x4000_0002;

    private const uint Domain = 0x8000_0000;

    private readonly ulong _seed;
    private readonly uint _epoch, _sample, _use;
    private uint _block;
    private Vector128<uint> _words;
    private int _left;

    public SampleRandom(ulong seed, int epoch, int sample, uint use)
    {
        _seed = seed;
        _epoch = (uint)epoch;
        _sample = (uint)sample;
        _use = use | Domain;
    }

    /// <summary>32 random bits.</summary>
    public uint NextWord()
    {
        if (_left == 0)
        {
            _words = Philox.Generate(_seed, _block++, _sample, _epoch, _use);
            _left = 4;
        }
        return _words.GetElement(4 - _left--);
    }

    /// <summary>From 0 to below 1, of 2²⁴ values.</summary>
    public float NextSingle() => (NextWord() >> 8) * (1f / (1 << 24));

    /// <summary>From a number to below another, of 2²⁴ values.</summary>
    public double NextDouble(double low, double high) => low + (high - low) * NextSingle();

    /// <summary>From the normal distribution of mean 0 and deviation 1 (Box and Muller).</summary>
    public double NextNormal()
    {
        // From above 0, so that the logarithm is finite.
        double radius = Math.Sqrt(-2 * Math.Log((NextWord() + 1.0) / (1L << 32)));
        return radius * Math.Cos(2 * Math.PI * NextWord() / (1L << 32));
    }

    /// <summary>From the beta distribution with both parameters the same.</summary>
    public double NextBeta(double alpha)
    {
        double a = NextGamma(alpha), b = NextGamma(alpha);
        // Both may be too small for a number, with an alpha near 0: then one of the ends.
        return a + b > 0 ? a / (a + b) : NextWord() & 1;
    }

    /// <summary>From the gamma distribution of scale 1 (Marsaglia and Tsang, 2000).</summary>
    public double NextGamma(double shape)
    {
        double boost = 1;
        if (shape < 1)
        {
            boost = Math.Pow((NextWord() + 1.0) / (1L << 32), 1 / shape);
            shape++;
        }
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = NextNormal(), v = 1 + c * x;
            v = v * v * v;
            double u = (NextWord() + 1.0) / (1L << 32);
            if (v > 0 && Math.Log(u) < 0.5 * x * x + d * (1 - v + Math.Log(v)))
                return d * v * boost;
        }
    }

    /// <summary>From 0 to below the bound, each value as likely as any other.</summary>
    public int NextInt(int bound)
    {
        // The high word of word · bound; the few words that would make some values likelier are drawn again (Lemire, 2019).
        ulong product = (ulong)NextWord() * (uint)bound;
        if ((uint)product < (uint)bound)
        {
            uint excess = (uint)-bound % (uint)bound;
            while ((uint)product < excess)
                product = (ulong)NextWord() * (uint)bound;
        }
        return (int)(product >> 32);
    }

    /// <summary>Puts 0, 1, … into an order in which all are as likely as each other, as far as a 64-bit seed reaches.</summary>
    public void Permute(Span<int> order)
    {
        for (int i = 0; i < order.Length; i++)
        {
            // Inside out: place i takes what is at a place up to i, which takes i.
            int j = NextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
    }
}
