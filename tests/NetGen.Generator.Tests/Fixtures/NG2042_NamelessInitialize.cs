[Network(4)]
[Sequential<Body>(Name = ""), Sequential<Body>, Sequential<Around>(Name = "around")]
partial class Net;

[Block, {|NG2042:Initialize(Init.Constant, Value = Value)|}, Initialize(Init.Constant, "linear1.bias"), Linear(4), ReLU]
class Body
{
    public const double Value = 0.5;
}

[Block, Sequential<Body>(2.0, Name = "")]
class Around;
//! NG2042: The block 'Body' is used without a name here, so that there is no name for all of its layers: write those of the layers behind Init.Constant
