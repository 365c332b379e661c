[Network(8)]
[Sequential<Body>({|NG2040:4.5|}, {|NG2040:"x"|}, {|NG2040:0.5|}, {|NG2040:1|}, {|NG2040:true|})]
[Sequential<Body>({|NG2040:null|}, 1, 2, {|NG2040:Init.Normal|}, null)]
[Sequential<Body>({|NG2040:8L|}, 0.5f, 'a', {|NG2040:"true"|}, {|NG2040:typeof(int)|})]
[Sequential<Body>({|NG2040,CS8625:null|})]
[Add<Body>(8, {|NG2040:"8"|}, 8), Sequential<Outer>(0.5)]
partial class Net;

[Block, Linear(Width, Bias = WithBias, Name = Tag), LeakyReLU(Slope), Softplus(Scale)]
class Body
{
    public const int Width = 8;
    public const double Slope = 0.1;
    public const float Scale = 1;
    public const bool WithBias = true;
    public const string? Tag = "fc";
}

// What a block gives on is looked at with the values that it was given itself.
[Block, Sequential<Body>({|NG2040:Share|}, Share)]
class Outer
{
    public const double Share = 0.25;
}
//! NG2040: The constant 'Width' of the block 'Body' is of type int, but Sequential<Body> gives the value 4.5 of type double
//! NG2040: The constant 'Slope' of the block 'Body' is of type double, but Sequential<Body> gives the text "x"
//! NG2040: The constant 'Scale' of the block 'Body' is of type float, but Sequential<Body> gives the value 0.5 of type double
//! NG2040: The constant 'WithBias' of the block 'Body' is of type bool, but Sequential<Body> gives the value 1 of type int
//! NG2040: The constant 'Tag' of the block 'Body' is of type string, but Sequential<Body> gives true
//! NG2040: The constant 'Width' of the block 'Body' is of type int, but Sequential<Body> gives null
//! NG2040: The constant 'WithBias' of the block 'Body' is of type bool, but Sequential<Body> gives a NetGen.Init
//! NG2040: The constant 'Width' of the block 'Body' is of type int, but Sequential<Body> gives the value 8 of type long
//! NG2040: The constant 'WithBias' of the block 'Body' is of type bool, but Sequential<Body> gives the text "true"
//! NG2040: The constant 'Tag' of the block 'Body' is of type string, but Sequential<Body> gives a System.Type
//! NG2040: The constant 'Width' of the block 'Body' is of type int, but Sequential<Body> gives null
//! NG2040: The constant 'Width' of the block 'Body' is of type int, but Add<Body> gives the text "8"
//! NG2040: The constant 'Width' of the block 'Body' is of type int, but Sequential<Body> gives the value 0.5 of type double
