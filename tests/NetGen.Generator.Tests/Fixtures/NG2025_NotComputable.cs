[Network(3, 16, 16)]
[Sequential<Down>(0), Sequential<Down>(4), Sequential<Odd>(1), Sequential<Odd>]
partial class Net;

[Block, Conv2d({|NG2025:64 / Down.Parts|}, 1), ReLU]
class Down
{
    public const int Parts = 2;
}

[Block, Conv2d({|NG2025:Odd.Channels > 1 ? 3 : 4|}, 1)]
class Odd
{
    public const int Channels = 32;
}
//! NG2025: Conv2d's outChannels depends on constants of the block 'Down' that were given other values, but is no int made of numbers, constants, parentheses, +, −, *, / and %; or it divides by zero or overflows
//! NG2025: Conv2d's outChannels depends on constants of the block 'Odd' that were given other values, but is no int made of numbers, constants, parentheses, +, −, *, / and %; or it divides by zero or overflows
