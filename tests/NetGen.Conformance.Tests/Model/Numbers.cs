namespace NetGen.Conformance.Tests.Model;

/// <summary>
/// Test data from an integer hash, the same bits as <c>golden/make_golden.py</c> computes: what a file would otherwise have
/// to store.
/// </summary>
internal static class Numbers
{
    /// <summary>MurmurHash3's finaliser over seed and index.</summary>
    public static uint Hash(int seed, uint index)
    {
        uint x = unchecked(index * 0x9E3779B9u + (uint)seed * 0x85EBCA6Bu);
        x ^= x >> 16;
        x = unchecked(x * 0x85EBCA6Bu);
        x ^= x >> 13;
        x = unchecked(x * 0xC2B2AE35u);
        x ^= x >> 16;
        return x;
    }

    /// <summary>Numbers in [−scale, scale): 24 hash bits each, then one rounded multiplication.</summary>
    public static float[] Uniform(int seed, int count, float scale = 1)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = ((int)(Hash(seed, (uint)i) >> 8) - (1 << 23)) * (1f / (1 << 23)) * scale;
        return values;
    }

    /// <summary>Whole numbers from −limit to limit: sums and products of few of them are exact in float32.</summary>
    public static float[] Integers(int seed, int count, int limit)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (int)(Hash(seed, (uint)i) % (uint)(2 * limit + 1)) - limit;
        return values;
    }

    public static int[] Labels(int seed, int count, int classes)
    {
        var labels = new int[count];
        for (int i = 0; i < count; i++)
            labels[i] = (int)(Hash(seed, (uint)i) % (uint)classes);
        return labels;
    }

    /// <summary>The elements that golden files keep of a large tensor.</summary>
    public static int[] Places(int count, int samples)
    {
        var places = new int[samples];
        for (int i = 0; i < samples; i++)
            places[i] = (int)(((long)i * count + Hash(0, (uint)i) % count) / samples);
        return places;
    }
}
