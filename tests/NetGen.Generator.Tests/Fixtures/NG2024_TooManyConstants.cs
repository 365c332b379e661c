[Network(3, 16, 16)]
[Sequential<Down>(16, 2), Sequential<Down>(16, 2, 3, {|NG2024:1|}), Repeat<Keep>({|NG1005:0|}), Repeat<Keep>(2, {|NG2024:3|})]
[Sequential<Down>, Residual<Down, Keep>({|NG2024:16|}, 1), Flatten, Sequential<Head>(0.5, "head", {|NG2024:false|}, 3)]
[Add<Keep>({|NG2024:1|}, {|NG2024:2|})]
partial class Net;

[Block, Conv2d(Down.Channels, 2, Stride = Down.Step), Conv2d(Twice, [1, Down.Step], Padding = Down.Step - 1), ReLU]
class Down
{
    public const int Channels = 32, Step = 2, Twice = 2 * Channels;
}

[Block, ReLU]
class Keep;

[Block, Dropout(Head.Rate), Linear(4, Name = Head.Tag)]
class Head
{
    public const double Rate = 0.1;
    public const long Other = 1;
    public const string Tag = "fc";
}
//! NG2024: Sequential<Down> gives 4 values, but the block 'Down' has 3 constants: int Channels, int Step, int Twice
//! NG1005: Repeat<Keep>'s number of repetitions must be at least 1, but is 0
//! NG2024: Repeat<Keep> gives 1 value, but the block 'Keep' has no constant of type int, float, double, bool or string
//! NG2024: Residual<Down, Keep> gives 2 values, but the block 'Keep' has no constant of type int, float, double, bool or string
//! NG2024: Sequential<Head> gives 4 values, but the block 'Head' has 2 constants: double Rate, string Tag
//! NG2024: Add<Keep> gives 1 value, but the block 'Keep' has no constant of type int, float, double, bool or string
//! NG2024: Add<Keep> gives 1 value, but the block 'Keep' has no constant of type int, float, double, bool or string
