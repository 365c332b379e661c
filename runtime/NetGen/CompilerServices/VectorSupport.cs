using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NetGen.CompilerServices;

/// <summary>Which vector widths this process can run, and what a session's options come to.</summary>
/// <remarks>
/// A width counts as supported only where both the cross-platform <c>VectorN</c> API is hardware accelerated and the instructions
/// that the kernels call directly exist. The first is false on processors that throttle with 512-bit vectors, and a constant
/// under NativeAOT; the second may be a run-time check there. Asking for both never lands in a width that is emulated in software.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class VectorSupport
{
    /// <summary>Most threads that a session may ask for; far above any machine, to catch mistakes.</summary>
    public const int MaxThreads = 1024;

    /// <summary>512-bit vectors: AVX-512 F, BW, DQ and VL, at full speed.</summary>
    internal static bool Has512
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated && Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported
            && Avx512F.VL.IsSupported;
    }

    /// <summary>256-bit vectors: AVX2 with FMA.</summary>
    internal static bool Has256
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported;
    }

    /// <summary>The widest width that runs at full speed here.</summary>
    public static VectorWidth Best => Has512 ? VectorWidth.Vector512 : Has256 ? VectorWidth.Vector256 : VectorWidth.Vector128;

    /// <summary>Whether kernels of a width can run here. <see cref="VectorWidth.Auto"/> and 128 bits always can.</summary>
    /// <param name="width">The width; false for a value that is no member of the enumeration.</param>
    public static bool IsSupported(VectorWidth width) => width switch
    {
        VectorWidth.Auto or VectorWidth.Vector128 => true,
        VectorWidth.Vector256 => Has256,
        VectorWidth.Vector512 => Has512,
        _ => false,
    };

    /// <summary>The width to run when <paramref name="requested"/> was asked for: the best for Auto, else that one.</summary>
    /// <param name="requested">The width in the options.</param>
    /// <exception cref="PlatformNotSupportedException">This machine, or this NativeAOT build, lacks the width.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The value is no member of the enumeration.</exception>
    public static VectorWidth Resolve(VectorWidth requested)
    {
        if (requested == VectorWidth.Auto)
            return Best;
        if (!Enum.IsDefined(requested))
            throw new ArgumentOutOfRangeException(nameof(SessionOptions.VectorWidth),
                requested, "Not a vector width: expected Auto, Vector128, Vector256 or Vector512.");
        if (IsSupported(requested))
            return requested;

        string supported = Has256 ? "Vector128 and Vector256" : "Vector128";
        string needed = requested == VectorWidth.Vector512 ? "AVX-512 F, BW, DQ and VL at full speed" : "AVX2 and FMA";
        string hint = RuntimeFeature.IsDynamicCodeCompiled
            ? ""
            : " This is an ahead-of-time compiled program: it has the instruction sets that were chosen when it was published.";
        throw new PlatformNotSupportedException(
            $"{requested} needs {needed}, which this process does not have; it supports {supported}.{hint}");
    }

    /// <summary>The same for a network that has kernels for some widths only.</summary>
    /// <param name="requested">The width in the options.</param>
    /// <param name="compiled">The widths that the network has kernels for, from the widest on; null for all.</param>
    /// <exception cref="PlatformNotSupportedException">
    /// This machine lacks the width, or the network's code was written without it; for Auto, without any that this machine has.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The value is no member of the enumeration.</exception>
    public static VectorWidth Resolve(VectorWidth requested, IReadOnlyList<VectorWidth>? compiled)
    {
        VectorWidth width = Resolve(requested);
        if (compiled is null || compiled.Contains(width))
            return width;
        if (requested == VectorWidth.Auto)
        {
            foreach (VectorWidth narrower in compiled)
            {
                if (narrower < width)
                    return narrower;
            }
        }
        string has = string.Join(" and ", compiled);
        string lacks = requested == VectorWidth.Auto ? $"of which this process supports none; it supports {width}" : $"not for {requested}";
        throw new PlatformNotSupportedException(
            $"The network was compiled for {has} only, {lacks}: the property NetGenVectorWidths of its project says for which.");
    }

    /// <summary>The number of threads to run when <paramref name="requested"/> was asked for: one for each core for 0.</summary>
    /// <param name="requested">The number in the options.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative or above <see cref="MaxThreads"/>.</exception>
    public static int ResolveThreads(int requested)
    {
        if (requested is < 0 or > MaxThreads)
            throw new ArgumentOutOfRangeException(nameof(SessionOptions.Threads),
                requested, $"Threads must be between 1 and {MaxThreads}, or 0 for one for each core.");
        return requested == 0 ? Math.Clamp(Environment.ProcessorCount, 1, MaxThreads) : requested;
    }
}
