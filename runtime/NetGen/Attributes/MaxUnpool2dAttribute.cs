namespace NetGen;

/// <summary>
/// The partial inverse of a <see cref="MaxPool2dAttribute"/> with <see cref="MaxPool2dAttribute.ReturnIndices"/>, PyTorch's
/// <c>MaxUnpool2d</c>: each value goes to where the maximum of its window came from, and all other pixels are 0. The input has the shape of
/// the pool's output (C, H, W), the output that of the pool's input.
/// </summary>
/// <remarks>
/// What PyTorch's caller passes as <c>indices</c> and <c>output_size</c> is known here from the pool's name. Where windows overlap, several
/// values may go to one pixel: the last window's, row by row, stays there, as on PyTorch's CPU; backward each of the values receives that
/// pixel's gradient.
/// </remarks>
/// <example>
/// <code>
/// [Conv2d(1, 16, 3, Padding = 1), ReLU, MaxPool2d(2, Name = "pool1", ReturnIndices = true)]
/// [MaxUnpool2d("pool1"), ConvTranspose2d(16, 1, 3, Padding = 1)]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class MaxUnpool2dAttribute : LayerAttribute
{
    /// <summary>The inverse of a pool, whose window it takes over.</summary>
    /// <param name="indices">
    /// The pool's name; of one in a block the path to it, such as <c>encoder.pool1</c>. It is looked for beside this layer, then around the
    /// block that holds this layer.
    /// </param>
    public MaxUnpool2dAttribute(string indices) => Indices = indices;

    /// <summary>The inverse of a pool with a square window: <c>[MaxUnpool2d(2, Indices = "pool1")]</c>.</summary>
    /// <param name="kernelSize">Height and width of the window; the pool's.</param>
    public MaxUnpool2dAttribute(int kernelSize) => KernelSize = [kernelSize, kernelSize];

    /// <summary>The inverse of a pool with a rectangular window.</summary>
    /// <param name="kernelSize">Height and width of the window; the pool's.</param>
    public MaxUnpool2dAttribute(int[] kernelSize) => KernelSize = kernelSize;

    /// <summary>The inverse of a pool with a square window and a step of its own.</summary>
    /// <param name="kernelSize">Height and width of the window; the pool's.</param>
    /// <param name="stride">Step of the window; the pool's.</param>
    /// <param name="padding">The pool's padding.</param>
    public MaxUnpool2dAttribute(int kernelSize, int stride, int padding = 0)
    {
        KernelSize = [kernelSize, kernelSize];
        Stride = stride;
        Padding = padding;
    }

    /// <summary>The inverse of a pool with a rectangular window and a step of its own.</summary>
    /// <param name="kernelSize">Height and width of the window; the pool's.</param>
    /// <param name="stride">Step of the window, height and width; null is the kernel size.</param>
    /// <param name="padding">The pool's padding; null is (0, 0).</param>
    public MaxUnpool2dAttribute(int[] kernelSize, int[]? stride, int[]? padding = null)
    {
        KernelSize = kernelSize;
        Stride = stride;
        Padding = padding;
    }

    /// <summary>The name of the pool, or the path to it, that says where the values go.</summary>
    public string? Indices { get; set; }

    /// <summary>Height and width of the window. The pool's where it is not set; another one is an error.</summary>
    public int[]? KernelSize { get; }

    /// <summary>
    /// Step of the window: one number, or <c>new[] { height, width }</c>. With a kernel size, that one where it is not set; must be the
    /// pool's.
    /// </summary>
    public object? Stride { get; set; }

    /// <summary>The pool's padding: one number, or <c>new[] { height, width }</c>. With a kernel size, 0 where it is not set.</summary>
    public object? Padding { get; set; }
}
