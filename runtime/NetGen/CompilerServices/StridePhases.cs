using System.ComponentModel;

// The generator compiles this file too, in a namespace of its own: a project may see both assemblies.
#if NETSTANDARD2_0
namespace NetGen.Generator.Cpu.Kernels;
#else
namespace NetGen.CompilerServices;
#endif

/// <summary>
/// The phases of a strided convolution along one axis of its input, whose gradient falls apart by them: position
/// stride · j + start collects output position (position + padding − dilation · tap) / stride over the taps for which that is whole. These
/// are FirstTap + TapStep · t, so that with t reversed each phase is a correlation of stride 1. For generated code, and for the generator.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct StridePhases
{
    private readonly int _common, _inverse;

    /// <param name="positions">Positions of the convolution's input.</param>
    /// <param name="taps">Taps of its window.</param>
    /// <param name="stride">Positions from one window to the next.</param>
    /// <param name="padding">Positions by which the first window starts before the input; negative where it starts inside.</param>
    /// <param name="dilation">Positions from one tap to the next.</param>
    public StridePhases(int positions, int taps, int stride, int padding, int dilation)
    {
        Positions = positions;
        Taps = taps;
        Stride = stride;
        Padding = padding;
        (_common, _inverse) = dilation == 1 ? (1, 1) : CommonDivisor(stride, dilation);
        TapStep = stride / _common;
        Dilation = dilation / _common;
    }

    /// <summary>Positions of the convolution's input.</summary>
    public int Positions { get; }

    /// <summary>Taps of the whole window.</summary>
    public int Taps { get; }

    /// <summary>Positions from one of a phase to the next.</summary>
    public int Stride { get; }

    /// <summary>Positions by which the first window starts before the input.</summary>
    public int Padding { get; }

    /// <summary>Number of phases: no more than there are positions.</summary>
    public int Count => Math.Min(Stride, Positions);

    /// <summary>Taps of the window from one of a phase to the next.</summary>
    public int TapStep { get; }

    /// <summary>Output positions from one of a phase's taps to the next.</summary>
    public int Dilation { get; }

    /// <summary>The phase of the positions start, start + stride and so on.</summary>
    public StridePhase this[int start]
    {
        get
        {
            int count = (Positions - 1 - start) / Stride + 1;
            long position = (long)start + Padding, remainder = position % Stride;
            if (remainder < 0)
                remainder += Stride;
            if (remainder % _common != 0)
                return new StridePhase(start, count, 0, 0, 0, 0);
            int first = (int)(remainder / _common * _inverse % TapStep);
            if (first >= Taps)
                return new StridePhase(start, count, 0, 0, 0, 0);
            int taps = (Taps - 1 - first) / TapStep + 1;
            long output = (position - (long)first * Dilation * _common) / Stride;
            // Whole rounds of the taps before it, and of the last round those whose phase has one more.
            int before = Taps / TapStep * first + Math.Min(first, Taps % TapStep);
            return new StridePhase(start, count, first + TapStep * (taps - 1), taps, before, (int)((taps - 1L) * Dilation - output));
        }
    }

    /// <summary>
    /// The start of the phase whose first tap this is; it may lie beyond <see cref="Count"/>, where the input has no such position.
    /// </summary>
    public int StartOf(int firstTap)
    {
        int start = (int)(((long)firstTap * Dilation * _common - Padding) % Stride);
        return start < 0 ? start + Stride : start;
    }

    /// <summary>The greatest common divisor, and the number whose product with dilation / divisor is 1 modulo stride / divisor.</summary>
    private static (int Divisor, int Inverse) CommonDivisor(int stride, int dilation)
    {
        int a = stride, b = dilation % stride;
        long x = 0, y = 1;
        while (b != 0)
        {
            int quotient = a / b;
            (a, b) = (b, a - quotient * b);
            (x, y) = (y, x - quotient * y);
        }
        long modulus = stride / a, inverse = dilation % stride == 0 ? 0 : x % modulus;
        return (a, (int)(inverse < 0 ? inverse + modulus : inverse));
    }
}

/// <summary>One phase of a stride along one axis. For generated code, and for the generator.</summary>
/// <param name="Start">Its first position; the others follow at distances of the stride.</param>
/// <param name="Count">Number of its positions.</param>
/// <param name="LastTap">Its last tap of the window, which the reversed correlation reads first.</param>
/// <param name="Taps">Number of its taps; with none it collects nothing.</param>
/// <param name="TapsBefore">Taps of the phases whose first tap is smaller: where its own begin, if all are copied phase by phase.</param>
/// <param name="Before">Output positions by which the first tap, after the reversal, lies before the computed position.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct StridePhase(int Start, int Count, int LastTap, int Taps, int TapsBefore, int Before);
