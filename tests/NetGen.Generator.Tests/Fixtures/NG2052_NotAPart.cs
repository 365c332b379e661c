[Network(8), Part<{|NG2052:NoNetwork|}>, Part<{|NG2052:Ports|}>, Part<{|NG2052:Net|}>, Part<{|NG2052:Hidden|}>, Part<Good>(Name = "good"), Part<Around>]
partial class Net
{
    [Network(8), Linear(8)]
    private partial class Hidden;

    public static int Size(Net net) => Good.ParameterCount + net.Good.Linear1.Weight.Length + net.Good.CreateSession().MaxBatch;
}

[Block, Linear(8)]
sealed class NoNetwork;

[Network, Input("a", 8), Linear(8), Output("b"), Tanh, Linear(3), Output("c")]
partial class Ports;

[Network(8), Linear(8), MSELoss]
partial class Good;

[Network(8), Part<{|NG2052:Around|}>]
partial class Around;
//! NG2052: 'NoNetwork' cannot be a part: it is not marked [Network]
//! NG2052: 'Ports' cannot be a part: it has inputs or outputs by name; a part has one of each, and says the dimensions of its input in [Network(…)]
//! NG2052: 'Net' cannot be a part: it contains itself
//! NG2052: 'Hidden' cannot be a part: generated code cannot name it, since 'Hidden' is private
//! NG2052: 'Around' cannot be a part: it contains itself
