[Network({|CS0182,NG2072:Sizes.Input|})]
[Linear({|CS0182,NG2072:Sizes.Hidden|}), ReLU, Linear({|CS0182,NG2072:2 * Sizes.Scaled(3)|}), ReLU, Linear({|CS0182,NG2072:Sizes.Property|})]
[ReLU, Linear(Sizes.Right), ReLU, Linear(10, Name = {|CS0182,NG2072:Sizes.Name|})]
partial class Net;

static class Sizes
{
    public const int Right = 3;
    public static readonly int Hidden = 128; public static readonly int Other = 1, More = 2;
    public static int Input = 16;
    public static readonly string Name = "head";
    public static int Property => 4;
    public static int Scaled(int size) => size * 2;
}

[Network(3, 8, 8)]
[Conv2d(4, {|CS1503,NG1013:(3, 3)|}, Padding = {|NG1013:(1, 1)|}), ReLU, Conv2d(4, 3, Padding = {|CS0182,NG1013:(1, 1)|})]
partial class Tuples;
//! NG2072: Network is given the field 'Sizes.Input', but code is written for sizes that the compiler knows: declare 'Input' const
//! NG2072: Linear is given the readonly field 'Sizes.Hidden', but code is written for sizes that the compiler knows: declare 'Hidden' const
//! NG2072: Linear is given what 'Sizes.Scaled(3)' returns, but code is written for sizes that the compiler knows: write a number, or a const that is computed from numbers
//! NG2072: Linear is given the property 'Sizes.Property', but code is written for sizes that the compiler knows: write a number, or a const that is computed from numbers
//! NG2072: Linear is given the readonly field 'Sizes.Name', but code is written for sizes that the compiler knows: declare 'Name' const
//! NG1013: Conv2d's kernelSize takes a list, written [3, 3], but the tuple (3, 3) was given
//! NG1013: Conv2d's Padding takes a list, written new[] { 1, 1 }, but the tuple (1, 1) was given
//! NG1013: Conv2d's Padding takes a list, written new[] { 1, 1 }, but the tuple (1, 1) was given
