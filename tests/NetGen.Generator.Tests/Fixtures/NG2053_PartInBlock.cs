[Network(8), Sequential<Head>]
partial class Net;

[Block, {|NG2053:Part<Inner>|}, ReLU]
sealed class Head;

[Network(8), Linear(8)]
partial class Inner;
//! NG2053: Block 'Head' has a part, Part<Inner>: only a network itself can have one
