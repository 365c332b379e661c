[Network(4), Linear(2)]
public partial record {|NG2016:Record|};

[Network(4), Linear(2)]
public static partial class {|NG2016:Static|};

[Network(4), Linear(2)]
public abstract partial class {|NG2016:Abstract|};

[Network(4), Linear(2)]
file partial class {|NG2016:FileLocal|};

[Network(4), Linear(2)]
public partial class {|NG2016:Primary|}(int size)
{
    public int Size => size;
}

[Network(4), Linear(2)]
public partial class {|NG2016:Required|}
{
    public required string Label { get; set; }
}

public class Sized
{
    public Sized(int size) => Size = size;

    public int Size { get; }
}

[Network(4), Linear(2)]
public partial class {|NG2016:FromSized|} : Sized;

[Network(4), Linear(2)]
public partial class Small;

[Network(4), Linear(2)]
public partial class {|NG2016:Large|} : Small;

[Network(4), Linear(2)]
public partial class {|NG2016:PrimaryElsewhere|};

public partial class PrimaryElsewhere(int size)
{
    public int Size => size;
}

public static class Use
{
    public static object Make() => new FromSized(3).Linear1.Weight;
}
//! NG2016: 'Record' cannot be a network because it is a record, which compares and copies its fields: make it a class
//! NG2016: 'Static' cannot be a network because it is static, and every instance has its own parameters
//! NG2016: 'Abstract' cannot be a network because it is abstract, and Load must create an instance
//! NG2016: 'FileLocal' cannot be a network because it is local to its file, and the generated part stands in another
//! NG2016: 'Primary' cannot be a network because it has a primary constructor, which the generated constructors would have to call
//! NG2016: 'Required' cannot be a network because its member 'Label' is required, and Load, which makes an instance, could not set it
//! NG2016: 'FromSized' cannot be a network because its base class 'Sized' has no constructor without parameters, which the generated constructors call
//! NG2016: 'Large' cannot be a network because it derives from the network 'Small', all of whose members it would hide: share layers with a block
//! NG2016: 'PrimaryElsewhere' cannot be a network because it has a primary constructor, which the generated constructors would have to call
