[Network(4)]
[Linear(16), {|NG3003:Linear(16, 3)|}]
partial class Direct;

[Network(4)]
[Linear(16), Dropout, Flatten, {|NG3003:Linear(3)|}, {|NG3003:Linear(2)|}]
partial class Across;

// The skipped input makes the difference.
[Network(4)]
[Linear(4), Residual<Inner>, Linear(4), ReLU, Residual<Twice>]
partial class Blocks;

[Block, Linear(8), GELU, Linear(4)]
class Inner;

[Block, Linear(8), {|NG3003:Linear(4)|}]
class Twice;

// What a layer in a block reads besides is no mere step on the way either.
[Network(4)]
[Linear(6, Name = "read"), Linear(3), Sequential<Reader>]
partial class ReadInside;

[Block, Bilinear(5, From = "read")]
class Reader;

#pragma warning disable NG3003
[Network(4)]
[Linear(16), Linear(16, 3)]
partial class Suppressed;
#pragma warning restore NG3003
//! NG3003: Linear follows another Linear with no nonlinearity between, so that the two compute no more than one Linear(4, 3) would
//! NG3003: Linear follows another Linear with no nonlinearity between, so that the two compute no more than one Linear(4, 3) would
//! NG3003: Linear follows another Linear with no nonlinearity between, so that the two compute no more than one Linear(16, 2) would
//! NG3003: Linear 'residual2.linear2' follows another Linear with no nonlinearity between, so that the two compute no more than one Linear(4, 4) would
