[Network(4)]
[Linear(2)]
public partial class {|NG2003:Net|}<T>
{
    public static Net<int> Create() => new(seed: 1);
}

public partial class Outer<TFirst, TSecond>
{
    [Network(4)]
    [Linear(2)]
    public partial class {|NG2003:Inner|};

    public static int Size => new Inner(1).Linear1.Weight.Length;
}
//! NG2003: 'Net' must not be generic: a network's code is written for one set of sizes, and type parameters have no meaning in it
//! NG2003: 'Outer' must not be generic: a network's code is written for one set of sizes, and type parameters have no meaning in it
