using NetGen.Data;

namespace NetGen.Samples;

/// <summary>
/// Ten kinds of drawings of 32 × 32 pixels, each at a random place, size and angle, in random colours, with noise: something to learn where
/// CIFAR-10 is not at hand.
/// </summary>
internal static class SyntheticImages
{
    private const int Size = 32;
    private const double Noise = 18;

    private static readonly string[] Classes =
        ["disk", "ring", "square", "frame", "triangle", "cross", "stripes", "checks", "dots", "slope"];

    public static InMemoryImages Draw(int count, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[count * 3 * Size * Size];
        var labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % Classes.Length;
            Draw(labels[i], random, pixels.AsSpan(i * 3 * Size * Size, 3 * Size * Size));
        }

        return new InMemoryImages(pixels, new ImageShape(3, Size, Size), PixelLayout.Planar, labels, Classes, "synthetic set");
    }

    private static void Draw(int kind, Random random, Span<byte> pixels)
    {
        double centreX = random.Next(12, 20), centreY = random.Next(12, 20), radius = 6 + 5 * random.NextDouble();
        var (sin, cos) = Math.SinCos(random.NextDouble() * Math.Tau);
        double[] ink = Colour(random), paper = Colour(random);

        // Ink and paper must differ, or there is nothing to see.
        while (ink.Zip(paper, (a, b) => Math.Abs(a - b)).Sum() < 150)
        {
            paper = Colour(random);
        }

        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                double u = ((x - centreX) * cos - (y - centreY) * sin) / radius, v = ((x - centreX) * sin + (y - centreY) * cos) / radius;
                double share = InkAt(kind, u, v);
                for (int c = 0; c < 3; c++)
                {
                    double value = paper[c] + share * (ink[c] - paper[c]) + Noise * (random.NextDouble() + random.NextDouble() - 1);
                    pixels[(c * Size + y) * Size + x] = (byte)Math.Clamp(value, 0, 255);
                }
            }
        }
    }

    /// <summary>How much ink is at a place; the figure reaches from −1 to 1.</summary>
    private static double InkAt(int kind, double u, double v)
    {
        double far = Math.Sqrt(u * u + v * v), edge = Math.Max(Math.Abs(u), Math.Abs(v));
        bool inside = kind switch
        {
            0 => far < 1,
            1 => far is < 1 and > 0.6,
            2 => edge < 0.85,
            3 => edge is < 0.9 and > 0.5,
            4 => v < 0.7 && v > -1 + 1.9 * Math.Abs(u),
            5 => edge < 1 && Math.Min(Math.Abs(u), Math.Abs(v)) < 0.28,
            6 => Math.Floor(u * 2.2) % 2 == 0,
            7 => (Math.Floor(u * 1.8) + Math.Floor(v * 1.8)) % 2 == 0,
            8 => Math.Pow(Wave(u), 2) + Math.Pow(Wave(v), 2) < 0.06,
            _ => false,
        };
        return kind == 9 ? Math.Clamp(0.5 + u / 4, 0, 1) : inside ? 1 : 0;

        // The distance from the middle of the next dot.
        static double Wave(double t) => t / 0.8 - Math.Floor(t / 0.8) - 0.5;
    }

    private static double[] Colour(Random random) => [random.Next(256), random.Next(256), random.Next(256)];
}
