namespace NetGen.Samples;

/// <summary>
/// How much of an image is left at each time: the cosine of Nichol and Dhariwal, Improved denoising diffusion probabilistic models (2021),
/// section 3.2. Time 0 is the image, time <see cref="Times"/> almost nothing but noise.
/// </summary>
internal static class NoiseSchedule
{
    public const int Times = 1000;

    private const double Offset = 0.008, LargestBeta = 0.999;

    private static readonly float[] Cumulated = Cumulate();

    /// <summary>ᾱ: the share of the image in the variance.</summary>
    public static float Kept(int time) => Cumulated[time];

    /// <summary>The image with noise on it, as it is at a time: √ᾱ image + √(1 − ᾱ) noise.</summary>
    public static void Mix(ReadOnlySpan<float> image, ReadOnlySpan<float> noise, int time, Span<float> noisy)
    {
        (float ofImage, float ofNoise) = (MathF.Sqrt(Kept(time)), MathF.Sqrt(1 - Kept(time)));
        for (int i = 0; i < image.Length; i++)
        {
            noisy[i] = ofImage * image[i] + ofNoise * noise[i];
        }
    }

    /// <summary>Sines and cosines of the time at frequencies from 1 down to 1/10000.</summary>
    public static void Encode(int time, Span<float> code)
    {
        int half = code.Length / 2;
        for (int i = 0; i < half; i++)
        {
            float angle = time * MathF.Pow(10_000, -(float)i / (half - 1));
            (code[i], code[half + i]) = MathF.SinCos(angle);
        }
    }

    private static float[] Cumulate()
    {
        var kept = new float[Times + 1];
        double product = kept[0] = 1;
        for (int time = 1; time <= Times; time++)
        {
            product *= 1 - Math.Min(1 - Level(time) / Level(time - 1), LargestBeta);
            kept[time] = (float)product;
        }

        return kept;

        static double Level(int time) => Math.Pow(Math.Cos(((double)time / Times + Offset) / (1 + Offset) * Math.PI / 2), 2);
    }
}
