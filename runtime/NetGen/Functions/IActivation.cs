namespace NetGen;

/// <summary>
/// A function of one number with its derivative, written once for vectors of any width: <c>[Activation&lt;T&gt;]</c> applies it to every
/// element. The type is a structure that holds nothing.
/// </summary>
/// <remarks>
/// <para>
/// Mark both methods <c>[MethodImpl(MethodImplOptions.AggressiveInlining)]</c>: then the loops of the generated code hold their
/// instructions, and call nothing.
/// </para>
/// <para>
/// What a function gives is passed on as it is, NaN and infinities too. It is also called with numbers that are no element of any
/// sample, such as zeros beyond the last channel; what it gives there is dropped.
/// </para>
/// <code>
/// readonly struct QuickGELU : IActivation
/// {
///     [MethodImpl(MethodImplOptions.AggressiveInlining)]
///     public static V Forward&lt;V&gt;(V x) where V : struct, IVector&lt;V&gt; => x * V.Sigmoid(1.702f * x);
///
///     [MethodImpl(MethodImplOptions.AggressiveInlining)]
///     public static V Derivative&lt;V&gt;(V x) where V : struct, IVector&lt;V&gt;
///     {
///         V s = V.Sigmoid(1.702f * x);
///         return s + 1.702f * x * s * (1 - s);
///     }
/// }
/// </code>
/// </remarks>
public interface IActivation
{
    /// <summary>f(x), element by element.</summary>
    /// <typeparam name="V">A vector of floats, of 4, 8 or 16 elements.</typeparam>
    /// <param name="x">The layer's input.</param>
    static abstract V Forward<V>(V x)
        where V : struct, IVector<V>;

    /// <summary>f′(x) = df/dx, element by element. It is called in training only, and multiplied by the gradient.</summary>
    /// <typeparam name="V">A vector of floats, of 4, 8 or 16 elements.</typeparam>
    /// <param name="x">The layer's input, not its output.</param>
    /// <remarks>
    /// Where the gradient that arrives is zero, zero goes on, whatever the derivative is: an infinite slope, such as that of √x at 0,
    /// spoils nothing there.
    /// </remarks>
    static abstract V Derivative<V>(V x)
        where V : struct, IVector<V>;
}
