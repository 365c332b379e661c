namespace NetGen.Samples.Audio;

/// <summary>What is played, and the amplifier whose sound is to be learned.</summary>
internal static class Signal
{
    /// <summary>Samples a second.</summary>
    public const int Rate = 48_000;

    /// <summary>
    /// Plucked strings (Karplus and Strong, Digital synthesis of plucked-string and drum timbres, 1983): noise in a loop as long as the
    /// tone's period, in which each sample becomes the mean of two.
    /// </summary>
    public static float[] Strings(int seconds, int seed)
    {
        const int Tones = 6;
        var random = new Random(seed);
        var signal = new float[seconds * Rate];
        for (int start = 0; start < signal.Length; start += Rate / 2)
        {
            for (int tone = 0; tone < Tones / 2; tone++)
            {
                double frequency = 82.4 * Math.Pow(2, random.Next(30) / 12.0);
                var loop = new float[(int)(Rate / frequency)];
                for (int i = 0; i < loop.Length; i++)
                    loop[i] = (float)(random.NextDouble() * 2 - 1);
                for (int i = 0, at = 0; start + i < signal.Length; i++, at = (at + 1) % loop.Length)
                {
                    signal[start + i] += loop[at] / Tones;
                    loop[at] = 0.4985f * (loop[at] + loop[(at + 1) % loop.Length]);
                }
            }
        }
        return signal;
    }

    /// <summary>
    /// An amplifier as a rule: a high pass, an amplification that saturates on one side sooner than on the other, a low pass.
    /// </summary>
    public static float[] Amplify(ReadOnlySpan<float> input)
    {
        var output = new float[input.Length];
        double before = 0, high = 0, low = 0;
        for (int i = 0; i < input.Length; i++)
        {
            high = 0.97 * (high + input[i] - before);
            before = input[i];
            double driven = Math.Tanh(5 * high + 0.4) - Math.Tanh(0.4);
            low += 0.35 * (driven - low);
            output[i] = (float)(0.6 * low);
        }
        return output;
    }
}
