[Network(4)]
[{|NG1084:Add|}, Linear(4, Name = "fc"), Sub("fc", {|NG1084:"input"|}), {|NG1084:Concat|}, Div("fc", "."), {|NG1084:Concat<Block>|}]
[Add<Block>({|NG1084:1|}), Linear(2)]
partial class Net;

[Block, Linear(Features)]
sealed class Block
{
    internal const int Features = 2;
}
//! NG1084: Add takes at least two values, but only what precedes it is there: name another
//! NG1084: Sub takes two values, but 3 values are given
//! NG1084: Concat takes at least two values, but only what precedes it is there: name another
//! NG1084: Concat takes at least two values, but 0 values are given
//! NG1084: Add<Block> takes at least two values, but 1 value is given
