namespace NetGen.Samples;

/// <summary>
/// Random numbers that are a function of a seed, what they are for and a number such as that of the step: so a training that goes on from a
/// checkpoint draws what it would have drawn. The generator is SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
/// generators; OOPSLA 2014).
/// </summary>
internal struct Noise(ulong seed, ulong purpose, long number)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state = Mix(Mix(Mix(seed + Golden) + purpose * Golden) + (ulong)number * Golden);

    /// <summary>A whole number from 0 to one less than the given.</summary>
    public int Below(int count) => (int)(((UInt128)Next() * (ulong)count) >> 64);

    /// <summary>A number from 0 to 1, neither of them included.</summary>
    public float Uniform() => ((Next() >> 41) + 0.5f) / (1 << 23);

    /// <summary>Numbers of mean 0 and variance 1, normally distributed: pairs by the method of Box and Muller.</summary>
    public void Normal(Span<float> numbers)
    {
        for (int i = 0; i < numbers.Length; i += 2)
        {
            float radius = MathF.Sqrt(-2 * MathF.Log(Uniform()));
            (float sine, float cosine) = MathF.SinCos(2 * MathF.PI * Uniform());
            numbers[i] = radius * cosine;
            if (i + 1 < numbers.Length)
            {
                numbers[i + 1] = radius * sine;
            }
        }
    }

    private ulong Next() => Mix(_state += Golden);

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
