[Network(4)]
[Linear(4)]
public partial class Net
{
    public {|NG2022:Net|}(string path) => LoadParameters(path);

    public Net(int seed, string path) : this((ulong)seed) => LoadParameters(path);

    static Net()
    {
    }
}
//! NG2022: A constructor of 'Net' must end in the generated one, which allocates and initialises the parameters: write ': this(seed)' after its parameter list
