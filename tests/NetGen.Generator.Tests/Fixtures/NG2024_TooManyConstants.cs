[Network(3, 16, 16)]
[Sequential<Down>(16, 2), Sequential<Down>(16, 2, 3, {|NG2024:1|}), Repeat<Keep>({|NG1005:0|}), Repeat<Keep>(2, {|NG2024:3|})]
[Sequential<Down>, Residual<Down, Keep>({|NG2024:16|}, 1)]
partial class Net;

[Block, Conv2d(Down.Channels, 2, Stride = Down.Step), Conv2d(Twice, [1, Down.Step], Padding = Down.Step - 1), ReLU]
class Down
{
    public const int Channels = 32, Step = 2, Twice = 2 * Channels;
}

[Block, ReLU]
class Keep;
//! NG2024: Sequential<Down> gives 4 values, but the block 'Down' has 3 constants of type int: Channels, Step, Twice
//! NG1005: Repeat<Keep>'s number of repetitions must be at least 1, but is 0
//! NG2024: Repeat<Keep> gives 1 value, but the block 'Keep' has no constants of type int
//! NG2024: Residual<Down, Keep> gives 2 values, but the block 'Keep' has no constants of type int
