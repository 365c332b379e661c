// Also compiled into the networks of the tests, as a user's project would have it.
using System.Runtime.CompilerServices;
using NetGen;

namespace UserFunctions;

/// <summary>x · sigmoid(1.702 x), which OpenAI's CLIP calls QuickGELU.</summary>
internal readonly struct QuickGELU : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<V>(V x)
        where V : struct, IVector<V> => x * V.Sigmoid(1.702f * x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<V>(V x)
        where V : struct, IVector<V>
    {
        V s = V.Sigmoid(1.702f * x);
        return s + 1.702f * x * s * (1 - s);
    }
}

/// <summary>A constant as a type, which a generic function can take.</summary>
internal interface IConstant
{
    static abstract float Value { get; }
}

internal readonly struct Half : IConstant
{
    public static float Value => 0.5f;
}

/// <summary>x · sigmoid(βx).</summary>
internal readonly struct Swish<TBeta> : IActivation
    where TBeta : struct, IConstant
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<V>(V x)
        where V : struct, IVector<V> => x * V.Sigmoid(TBeta.Value * x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<V>(V x)
        where V : struct, IVector<V>
    {
        V s = V.Sigmoid(TBeta.Value * x);
        return V.MultiplyAddEstimate(TBeta.Value * x * s, 1 - s, s);
    }
}

/// <summary>max(x, 0)²: implemented so that only the interface can be called, and with another method of the name beside.</summary>
internal readonly struct SquaredReLU : IActivation
{
    public static float Forward(float x) => x > 0 ? x * x : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V IActivation.Forward<V>(V x)
    {
        V positive = V.Max(x, 0);
        return positive * positive;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V IActivation.Derivative<V>(V x) => 2 * V.Max(0, x);
}

/// <summary>ln(1 + eˣ), which is not zero at zero.</summary>
internal readonly struct SmoothReLU : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<V>(V x)
        where V : struct, IVector<V> => V.Softplus(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<V>(V x)
        where V : struct, IVector<V> => V.Sigmoid(x);
}

internal readonly struct Cosine : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<V>(V x)
        where V : struct, IVector<V> => V.Cos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<V>(V x)
        where V : struct, IVector<V> => -V.Sin(x);
}

/// <summary>The cosine, but no number at zero, and no slope: what channels and samples are that stand for nothing.</summary>
internal readonly struct HoledCosine : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<V>(V x)
        where V : struct, IVector<V> => V.ConditionalSelect(x == 0, float.NaN, V.Cos(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<V>(V x)
        where V : struct, IVector<V> => V.ConditionalSelect(x != 0, -V.Sin(x), float.NaN);
}

/// <summary>x + sign(x): nothing is near zero but zero itself.</summary>
internal readonly struct Away : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<V>(V x)
        where V : struct, IVector<V> => V.ConditionalSelect(x == 0, x, x + V.CopySign(1, x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<V>(V x)
        where V : struct, IVector<V> => 1;
}

/// <summary>The logarithm: infinite at zero, its slope too, and no number below.</summary>
internal readonly struct Logarithm : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<V>(V x)
        where V : struct, IVector<V> => V.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<V>(V x)
        where V : struct, IVector<V> => 1 / x;
}

/// <summary>tanh x above zero, sign(x) (√(1 + |x|) − 1) below: masks, and much else.</summary>
internal readonly struct Mixed : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<V>(V x)
        where V : struct, IVector<V>
    {
        V root = V.CopySign(V.Sqrt(1 + V.Abs(x)) - 1, x);
        return V.ConditionalSelect(x > 0 | V.IsNaN(x), V.Tanh(x), root);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<V>(V x)
        where V : struct, IVector<V>
    {
        V tanh = V.Tanh(x);
        return V.ConditionalSelect(~(x <= 0), 1 - tanh * tanh, 0.5f / V.Sqrt(1 - V.Min(x, 0)));
    }
}
