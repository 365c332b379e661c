namespace NetGenSpace;

/// <summary>Small grey pictures, each of a shape: what the network learns from, until you put your own data here.</summary>
public static class Shapes
{
    /// <summary>Rows and columns of a picture.</summary>
    public const int Side = 16;

    /// <summary>What the classes are called, by their number.</summary>
    public static IReadOnlyList<string> Names { get; } = ["circle", "square", "triangle", "cross"];

    /// <summary>Draws pictures of shapes of any size and place, with noise on them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The same seed gives the same pictures.</param>
    /// <returns>The pictures, one after the other and row by row, from 0 (black) to 1 (white), and the class of each.</returns>
    public static (float[] Pictures, int[] Labels) Draw(int count, int seed)
    {
        var random = new Random(seed);
        var pictures = new float[count * Side * Side];
        var labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = random.Next(Names.Count);
            Draw(pictures.AsSpan(i * Side * Side, Side * Side), labels[i], random);
        }

        return (pictures, labels);
    }

    /// <summary>A picture as text, for the console.</summary>
    public static string ToText(ReadOnlySpan<float> picture)
    {
        const string Inks = " .:-=+*#%@";
        var text = new System.Text.StringBuilder();
        for (int row = 0; row < Side; row++)
        {
            for (int column = 0; column < Side; column++)
            {
                char ink = Inks[(int)(picture[row * Side + column] * (Inks.Length - 1))];
                text.Append(ink).Append(ink);
            }

            text.AppendLine();
        }

        return text.ToString();
    }

    private static void Draw(Span<float> picture, int shape, Random random)
    {
        float radius = 3.5f + 3 * random.NextSingle(), ink = 0.4f + 0.6f * random.NextSingle();
        float space = Side - 1 - 2 * radius, centreX = radius + space * random.NextSingle(), centreY = radius + space * random.NextSingle();
        for (int row = 0; row < Side; row++)
        {
            for (int column = 0; column < Side; column++)
            {
                // A line is a pixel wide on either side, and soft at its edges.
                float distance = Distance(shape, (column - centreX) / radius, (row - centreY) / radius) * radius;
                float covered = Math.Clamp(1.5f - MathF.Abs(distance), 0, 1), noise = 0.15f * (random.NextSingle() - 0.5f);
                picture[row * Side + column] = Math.Clamp(ink * covered + noise, 0, 1);
            }
        }
    }

    /// <summary>How far a point is from the line of a shape that reaches from −1 to 1.</summary>
    private static float Distance(int shape, float x, float y) => shape switch
    {
        0 => MathF.Sqrt(x * x + y * y) - 1,
        1 => MathF.Max(MathF.Abs(x), MathF.Abs(y)) - 0.9f,
        2 => MathF.Max(0.874f * MathF.Abs(x) - 0.486f * (y + 1), y - 0.8f),
        _ => MathF.Max(MathF.Min(MathF.Abs(x), MathF.Abs(y)), MathF.Max(MathF.Abs(x), MathF.Abs(y)) - 1),
    };
}
