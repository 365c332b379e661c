using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NetGen.CompilerServices;

/// <summary>
/// A user's function of the vectors that generated code computes with. It is called by the interface, so that it does not matter how the
/// type implements it, and the type is a structure, so that there is code of its own for it, in which the function can be inlined.
/// </summary>
/// <typeparam name="T">The function.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ElementFunction<T>
    where T : struct, IActivation
{
    /// <summary>f(x), element by element.</summary>
    /// <param name="x">The numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Forward(Vector512<float> x) => T.Forward(new FloatVector512(x)).Values;

    /// <inheritdoc cref="Forward(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Forward(Vector256<float> x) => T.Forward(new FloatVector256(x)).Values;

    /// <inheritdoc cref="Forward(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Forward(Vector128<float> x) => T.Forward(new FloatVector128(x)).Values;

    /// <summary>f′(x), element by element.</summary>
    /// <param name="x">The numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Derivative(Vector512<float> x) => T.Derivative(new FloatVector512(x)).Values;

    /// <inheritdoc cref="Derivative(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Derivative(Vector256<float> x) => T.Derivative(new FloatVector256(x)).Values;

    /// <inheritdoc cref="Derivative(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Derivative(Vector128<float> x) => T.Derivative(new FloatVector128(x)).Values;
}
