[Network(3, 16, 16)]
[Sequential<Down>(0), Sequential<Down>(4), Sequential<Odd>(1), Sequential<Odd>, Sequential<Cast>(1e10), Sequential<Start>(0.1)]
partial class Net;

[Block, Conv2d({|NG2025:64 / Down.Parts|}, 1), ReLU]
class Down
{
    public const int Parts = 2;
}

[Block, Conv2d({|NG2025:unchecked(Odd.Channels + 1)|}, 1)]
class Odd
{
    public const int Channels = 32;
}

[Block, Conv2d({|NG2025:(int)Cast.Scale|}, 1)]
class Cast
{
    public const double Scale = 3.5;
}

[Block, Initialize({|NG2025:Start.Spread > 1 ? Init.Normal : Init.Uniform|}), Conv2d(4, 1)]
class Start
{
    public const double Spread = 1;
}
//! NG2025: Conv2d's outChannels depends on constants of the block 'Down' that were given other values, but is not made of constants, operators, a ? b : c and casts alone; or it divides by zero or overflows
//! NG2025: Conv2d's outChannels depends on constants of the block 'Odd' that were given other values, but is not made of constants, operators, a ? b : c and casts alone; or it divides by zero or overflows
//! NG2025: Conv2d's outChannels depends on constants of the block 'Cast' that were given other values, but is not made of constants, operators, a ? b : c and casts alone; or it divides by zero or overflows
//! NG2025: Initialize's scheme depends on constants of the block 'Start' that were given other values, but is not made of constants, operators, a ? b : c and casts alone; or it divides by zero or overflows
