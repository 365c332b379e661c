namespace NetGen.Samples;

/// <summary>A 3 × 3 filter.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Weights">Nine numbers, row by row.</param>
internal sealed record Kernel(string Name, float[] Weights)
{
    /// <summary>Light above dark.</summary>
    public static readonly Kernel Horizontal = new("Horizontal edges", [1, 1, 1, 0, 0, 0, -1, -1, -1]);

    /// <summary>Light left of dark.</summary>
    public static readonly Kernel Vertical = new("Vertical edges", [1, 0, -1, 1, 0, -1, 1, 0, -1]);

    /// <summary>
    /// Each pixel against its neighbours. The kernel is often called sharpening, which it is not: its weights add up to 0, so that even
    /// areas vanish and only what stands out from its neighbours is left.
    /// </summary>
    public static readonly Kernel Outline = new("Outline: middle 8", [-1, -1, -1, -1, 8, -1, -1, -1, -1]);

    /// <summary>The picture and its outline: the weights add up to 1, so that even areas stay as they are and edges stand out.</summary>
    public static readonly Kernel Sharpen = new("Sharpen: middle 9", [-1, -1, -1, -1, 9, -1, -1, -1, -1]);

    /// <summary>The mean of a pixel and its neighbours, the nearer the more.</summary>
    public static readonly Kernel Blur = new("Blur", [1 / 16f, 2 / 16f, 1 / 16f, 2 / 16f, 4 / 16f, 2 / 16f, 1 / 16f, 2 / 16f, 1 / 16f]);

    /// <summary>What the kernel makes of an even area of ones.</summary>
    public float Sum => Weights.Sum();

    /// <summary>
    /// The kernel turned by 180°. Layers correlate: they lay the kernel on the picture as it is. Convolution as mathematics has it
    /// runs through kernel and picture in opposite directions, so a layer convolves if its kernel is turned first.
    /// </summary>
    public Kernel Turned() => new($"{Name}, turned", [.. Weights.Reverse()]);
}
