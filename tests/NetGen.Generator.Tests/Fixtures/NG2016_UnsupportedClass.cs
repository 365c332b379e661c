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
//! NG2016: 'Record' cannot be a network because it is a record, which compares and copies its fields: make it a class
//! NG2016: 'Static' cannot be a network because it is static, and every instance has its own parameters
//! NG2016: 'Abstract' cannot be a network because it is abstract, and Load must create an instance
//! NG2016: 'FileLocal' cannot be a network because it is local to its file, and the generated part stands in another
//! NG2016: 'Primary' cannot be a network because it has a primary constructor, which the generated constructors would have to call
