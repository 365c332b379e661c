[Network(4)]
[Linear(4), ReLU, Linear({|NG1001:5|}, 3), CrossEntropyLoss]
public partial class Net
{
    public const string {|NG2015:Summary|} = "mine";

    public string {|NG2015:Linear1|} => "mine";

    public void {|NG2015:Save|}(string path) => throw new NotSupportedException(path);

    // Other overloads are welcome.
    public void Save(string path, bool overwrite) => throw new NotSupportedException(path + overwrite);

    public {|NG2015:Net|}(ulong seed) => throw new NotSupportedException(seed.ToString());

    public sealed class {|NG2015:Session|};

    private sealed class {|NG2015:Linear2Parameters|};

    // No property is generated for a layer without parameters.
    public int Relu1 => 1;
}
//! NG1001: Linear expects 5 input features, but the preceding ReLU gives 4
//! NG2015: 'Net' declares a member 'Summary', which NetGen generates: rename it or remove it
//! NG2015: 'Net' declares a member 'Linear1', which NetGen generates: rename it or remove it
//! NG2015: 'Net' declares a member 'Save', which NetGen generates: rename it or remove it
//! NG2015: 'Net' declares a member 'Net(ulong)', which NetGen generates: rename it or remove it
//! NG2015: 'Net' declares a member 'Session', which NetGen generates: rename it or remove it
//! NG2015: 'Net' declares a member 'Linear2Parameters', which NetGen generates: rename it or remove it
