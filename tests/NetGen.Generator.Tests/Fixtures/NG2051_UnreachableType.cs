using System.Runtime.CompilerServices;

[Network(4)]
[Activation<{|NG2051:Inner|}>, Activation<{|NG2051:Local|}>, Activation<{|NG2051:With<Inner>|}>, Activation<{|NG2051:With<Local[]>|}>]
[Activation<Reachable>, Activation<With<Reachable>>, Activation<{|NG2051:Hidden.Deep|}>(Name = "deep"), Linear({|NG1001:5|}, 4)]
partial class Net
{
    private struct Inner : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)] public static V Forward<V>(V x) where V : struct, IVector<V> => x;
        [MethodImpl(MethodImplOptions.AggressiveInlining)] public static V Derivative<V>(V x) where V : struct, IVector<V> => 1;
    }

    private protected class Hidden
    {
        public struct Deep : IActivation
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)] public static V Forward<V>(V x) where V : struct, IVector<V> => x;
            [MethodImpl(MethodImplOptions.AggressiveInlining)] public static V Derivative<V>(V x) where V : struct, IVector<V> => 1;
        }
    }

    internal struct Reachable : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)] public static V Forward<V>(V x) where V : struct, IVector<V> => x;
        [MethodImpl(MethodImplOptions.AggressiveInlining)] public static V Derivative<V>(V x) where V : struct, IVector<V> => 1;
    }
}

file struct Local : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static V Forward<V>(V x) where V : struct, IVector<V> => x;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static V Derivative<V>(V x) where V : struct, IVector<V> => 1;
}

struct With<T> : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static V Forward<V>(V x) where V : struct, IVector<V> => x;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static V Derivative<V>(V x) where V : struct, IVector<V> => 1;
}
//! NG2051: Activation<Inner> calls 'Inner' from generated code, which cannot name it: 'Inner' is private; make it internal or public
//! NG2051: Activation<Local> calls 'Local' from generated code, which cannot name it: 'Local' is local to its file; make it internal or public
//! NG2051: Activation<With<Inner>> calls 'With<Inner>' from generated code, which cannot name it: 'Inner' is private; make it internal or public
//! NG2051: Activation<With<Local[]>> calls 'With<Local[]>' from generated code, which cannot name it: 'Local' is local to its file; make it internal or public
//! NG2051: Activation<Deep> calls 'Deep' from generated code, which cannot name it: 'Hidden' is private protected; make it internal or public
//! NG1001: Linear expects 5 input features, but the preceding Activation<Deep> gives 4
