[Network(4)]
[Linear(4, Name = {|NG2041:""|}), ReLU, Sequential<Body>(Name = ""), Add("relu1", Name = {|NG2041:""|}), Sequential<Tagged>("")]
public partial class Net
{
    public static int Size(Net net) => net.Linear1.Weight.Length + net.Inner.Weight.Length;
}

[Block, Linear(4, Name = "inner"), ReLU(Name = "act")]
class Body;

[Block, Linear(4, Name = {|NG2041:Tagged.Tag|}), ReLU]
class Tagged
{
    public const string Tag = "fc";
}
//! NG2041: Linear needs a name: only layers that use blocks can do without, whose layers then stand beside the others
//! NG2041: Add needs a name: only layers that use blocks can do without, whose layers then stand beside the others
//! NG2041: Linear needs a name: only layers that use blocks can do without, whose layers then stand beside the others
