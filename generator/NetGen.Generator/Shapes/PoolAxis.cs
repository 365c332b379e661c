namespace NetGen.Generator.Shapes;

/// <summary>
/// One direction of pooling: <paramref name="Outputs"/> windows over <paramref name="Size"/> elements. Window i has the elements
/// i · stride − padding + tap · dilation; an adaptive one those from floor(i · size / outputs) to ceil((i + 1) · size / outputs) − 1.
/// </summary>
/// <param name="Kernel">Elements of a window; where they differ, a number that none exceeds.</param>
/// <param name="Stride">0 where the windows do not start in equal steps.</param>
/// <param name="IsAdaptive">The windows are PyTorch's adaptive ones and not all alike.</param>
internal readonly record struct PoolAxis(int Size, int Outputs, int Kernel, int Stride, int Padding, int Dilation = 1,
    bool IsAdaptive = false)
{
    /// <summary>Elements from a window's first to its last, both included.</summary>
    private long Extent => (Kernel - 1L) * Dilation + 1;

    /// <summary>
    /// Windows at equal distances. A stride that leads from no window to another, and a dilation from no tap to another, are made no larger
    /// than they mean anything, so that no product of them exceeds an <c>int</c>.
    /// </summary>
    public static PoolAxis Sliding(int size, int outputs, int kernel, int stride, int padding, int dilation)
    {
        if (kernel == 1)
            dilation = 1;
        if (outputs == 1)
            stride = (int)Math.Min(stride, Math.Max((long)size + padding, (kernel - 1L) * dilation + 1));
        return new PoolAxis(size, outputs, kernel, stride, padding, dilation);
    }

    /// <summary>PyTorch's adaptive windows; where they divide the size they are common ones.</summary>
    public static PoolAxis Adaptive(int size, int outputs)
    {
        if (size % outputs == 0)
            return new PoolAxis(size, outputs, size / outputs, size / outputs, 0);
        return new PoolAxis(size, outputs, size / outputs + 2, 0, 0, IsAdaptive: true);
    }

    /// <summary>No window reaches beyond the input, and all have <see cref="Kernel"/> elements.</summary>
    public bool IsInterior => !IsAdaptive && Padding == 0 && (Outputs - 1L) * Stride + Extent <= Size;

    /// <summary>No element lies in two windows.</summary>
    public bool IsDisjoint => !IsAdaptive && (Outputs == 1 || Stride >= Extent);

    /// <summary>Every element lies in exactly one window.</summary>
    public bool Covers => !IsAdaptive && Padding == 0 && Kernel == Stride && Extent == Kernel && (long)Outputs * Stride == Size;

    /// <summary>Windows side by side from the first element on; what is behind the last window does not count.</summary>
    public bool IsTiling => IsInterior && Kernel == Stride && Dilation == 1;
}
