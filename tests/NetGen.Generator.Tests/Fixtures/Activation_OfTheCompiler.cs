// What the type argument of an activation lacks is the compiler's to say, and nobody else's.
[Network(4)]
[Activation<{|CS0315:int|}>, Activation<{|CS0453:string|}>, Activation<{|CS0246:Missing|}>, Activation<{|CS0453:Class|}>]
[Activation<{|CS0306:Span<int>|}>, Activation<{|CS0453:Half?|}>, Activation<Half>(Name = {|NG2041:""|}), Linear({|NG1001:5|}, 4)]
partial class Net;

struct Half : {|CS0535:IActivation|}
{
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
    public static V Forward<V>(V x) where V : struct, IVector<V> => x;
}

class Class;
//! NG2041: Activation<Half> needs a name: only layers that use blocks can do without, whose layers then stand beside the others
//! NG1001: Linear expects 5 input features, but the preceding Activation<Half> gives 4
