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

    /// <summary>Each pixel against its neighbours.</summary>
    public static readonly Kernel Sharpen = new("Sharpen", [-1, -1, -1, -1, 8, -1, -1, -1, -1]);

    /// <summary>The mean of a pixel and its neighbours, the nearer the more.</summary>
    public static readonly Kernel Blur = new("Blur", [1 / 16f, 2 / 16f, 1 / 16f, 2 / 16f, 4 / 16f, 2 / 16f, 1 / 16f, 2 / 16f, 1 / 16f]);

    /// <summary>
    /// The kernel turned by 180°. Layers correlate: they lay the kernel on the picture as it is. Convolution as mathematics has it
    /// runs through kernel and picture in opposite directions, so a layer convolves if its kernel is turned first.
    /// </summary>
    public Kernel Turned() => new($"{Name}, turned", [.. Weights.Reverse()]);
}
