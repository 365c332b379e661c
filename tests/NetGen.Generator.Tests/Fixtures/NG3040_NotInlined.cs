using System.Runtime.CompilerServices;

[Network(4)]
[Activation<Unmarked>, Activation<Marked>, Activation<Explicit>, Linear(4)]
partial class Net;

struct Unmarked : IActivation
{
    public static V {|NG3040:Forward|}<V>(V x) where V : struct, IVector<V> => x;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static V {|NG3040:Derivative|}<V>(V x) where V : struct, IVector<V> => 1;
}

struct Marked : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<V>(V x) where V : struct, IVector<V> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining | MethodImplOptions.AggressiveOptimization)]
    public static V Derivative<V>(V x) where V : struct, IVector<V> => 1;
}

struct Explicit : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V IActivation.Forward<V>(V x) => x;

    static V IActivation.{|NG3040:Derivative|}<V>(V x) => 1;
}
//! NG3040: 'Unmarked.Forward' is not marked [MethodImpl(MethodImplOptions.AggressiveInlining)]: unless it is short it is called for every vector
//! NG3040: 'Unmarked.Derivative' is not marked [MethodImpl(MethodImplOptions.AggressiveInlining)]: unless it is short it is called for every vector
//! NG3040: 'Explicit.Derivative' is not marked [MethodImpl(MethodImplOptions.AggressiveInlining)]: unless it is short it is called for every vector
