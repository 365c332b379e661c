using System.Runtime.InteropServices;

namespace NetGen.CompilerServices;

/// <summary>
/// How the numbers of a step lie in memory for kernels: how gradients are clipped, then those of the formula, in the order of the records
/// that the formulas are made of.
/// </summary>
internal static class UpdateNumbers
{
    /// <summary>Floats of a group.</summary>
    public const int Stride = 16;

    /// <summary>Place of the most that a gradient may be.</summary>
    public const int Limit = 0;

    /// <summary>Place of what gradients are multiplied by.</summary>
    public const int Scale = 1;

    /// <summary>Place of the formula's first number.</summary>
    public const int First = 2;

    /// <summary>Writes the formula's numbers.</summary>
    public static void Write(UpdateRule rule, in GroupStep step, Span<float> target)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(target);
        switch (rule)
        {
            case UpdateRule.Sgd or UpdateRule.Momentum or UpdateRule.Nesterov:
                MemoryMarshal.Write(bytes, step.Sgd);
                break;
            case UpdateRule.Adam or UpdateRule.Amsgrad:
                MemoryMarshal.Write(bytes, step.Adam);
                break;
            case UpdateRule.Adagrad:
                MemoryMarshal.Write(bytes, step.Adagrad);
                break;
            default:
                MemoryMarshal.Write(bytes, step.Rms);
                break;
        }
    }

    /// <summary>A formula's record of numbers that lie as <see cref="Write"/> puts them.</summary>
    public static TStep Read<TStep>(ReadOnlySpan<float> source)
        where TStep : unmanaged
        => MemoryMarshal.Read<TStep>(MemoryMarshal.AsBytes(source));
}
