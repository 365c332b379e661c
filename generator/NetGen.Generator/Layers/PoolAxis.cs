using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>
/// One direction of pooling: <paramref name="Outputs"/> windows over <paramref name="Size"/> elements. Window i has the elements
/// i · stride − padding + tap · dilation; an adaptive one those from floor(i · size / outputs) to ceil((i + 1) · size / outputs) − 1.
/// </summary>
/// <param name="Kernel">Elements of a window; where they differ, a number that none exceeds.</param>
/// <param name="Stride">0 where the windows do not start in equal steps.</param>
/// <param name="IsAdaptive">The windows are PyTorch's adaptive ones and not all alike.</param>
internal readonly record struct PoolAxis(int Size, int Outputs, int Kernel, int Stride, int Padding, int Dilation = 1, bool IsAdaptive = false)
{
    /// <summary>Elements from a window's first to its last, both included.</summary>
    private long Extent => (Kernel - 1L) * Dilation + 1;

    /// <summary>
    /// Windows at equal distances. A stride that leads from no window to another, and a dilation from no tap to another, are made no larger than they mean
    /// anything, so that no product of them exceeds an <c>int</c>.
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

    /// <summary>The C# expression of the window's first element, which may lie before the input.</summary>
    /// <param name="position">The variable that counts windows.</param>
    public string Start(string position) => Literals.Plus($"{position} * {Literals.Int(Stride)}", -Padding);

    /// <summary>The window's start in memory, to be added to an address; nothing where taps count from the input's start.</summary>
    /// <param name="stride">Floats from one element to the next.</param>
    public string Offset(string position, int stride)
        => IsAdaptive ? ""
            : Padding == 0 ? $" + {position} * {Literals.Int((long)Stride * stride)}"
            : $" + ({Start(position)}) * {Literals.Int(stride)}";

    /// <summary>The C# expressions of the first and the end tap inside the input; counted from the input's start where windows are adaptive.</summary>
    public (string First, string End) Range(string position)
    {
        if (IsAdaptive)
        {
            // 32 bits where they suffice for the products.
            string size = Literals.Int(Size), outputs = Literals.Int(Outputs), up = Literals.Int(Outputs - 1);
            return (long)Size * Outputs + Outputs <= int.MaxValue
                ? ($"{position} * {size} / {outputs}", $"(({position} + 1) * {size} + {up}) / {outputs}")
                : ($"(int)({position} * {size}L / {outputs})", $"(int)((({position} + 1) * {size}L + {up}) / {outputs})");
        }
        if (IsInterior)
            return ("0", Literals.Int(Kernel));
        string start = Start(position), kernel = Literals.Int(Kernel);
        if (Dilation == 1)
            return ($"Math.Max(0, -({start}))", $"Math.Min({kernel}, {Literals.Int(Size)} - ({start}))");
        // Rounded up: the first tap at or behind the input's start, and the first at or behind its end.
        string dilation = Literals.Int(Dilation);
        return ($"Math.Max(0, ({Literals.Int(Dilation - 1)} - ({start})) / {dilation})", $"Math.Min({kernel}, ({Literals.Int(Size - 1)} - ({start})) / {dilation} + 1)");
    }

    /// <summary>The C# expression of the number of taps that an average counts.</summary>
    /// <param name="present">The expression of those inside the input.</param>
    public string Counted(string position, bool countIncludePad, string present)
        => IsInterior ? Literals.Int(Kernel)
            : countIncludePad && !IsAdaptive ? $"Math.Min({Literals.Int(Kernel)}, {Literals.Int(Size + Padding)} - ({Start(position)}))"
            : present;
}
