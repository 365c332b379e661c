//# property: _NetGenTargets=cpu,cuda
using System.Runtime.CompilerServices;

[Network(8)]
[Linear(16), {|NG2074:Activation<Cube>|}, Linear(4), ReLU, Residual<Body>]
partial class Net;

[Block, Linear(4), {|NG2074:Activation<Cube>|}]
partial class Body;

readonly struct Cube : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<V>(V x) where V : struct, IVector<V> => x * x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<V>(V x) where V : struct, IVector<V> => 3f * x * x;
}
//! NG2074: 'activation1' has a function of yours, which is C#, and a GPU runs none, and the project's NetGenTargets asks for cuda: leave cuda out, or declare this network in a project without it
//! NG2074: 'residual1.activation1' has a function of yours, which is C#, and a GPU runs none, and the project's NetGenTargets asks for cuda: leave cuda out, or declare this network in a project without it
