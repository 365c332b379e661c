// Thirteen classes ask for 2¹³ layers and more.
[Network(4)]
[Residual<B12>, Residual<B12>]
public partial class {|NG2023:Net|};

[Block, Residual<B11>, Residual<B11>] class {|NG2023:B12|};
[Block, Residual<B10>, Residual<B10>] class {|NG2023:B11|};
[Block, Residual<B9>, Residual<B9>] class B10;
[Block, Residual<B8>, Residual<B8>] class B9;
[Block, Residual<B7>, Residual<B7>] class B8;
[Block, Residual<B6>, Residual<B6>] class B7;
[Block, Residual<B5>, Residual<B5>] class B6;
[Block, Residual<B4>, Residual<B4>] class B5;
[Block, Residual<B3>, Residual<B3>] class B4;
[Block, Residual<B2>, Residual<B2>] class B3;
[Block, Residual<B1>, Residual<B1>] class B2;
[Block, Residual<B0>, Residual<B0>] class B1;
[Block, Linear(4)] class B0;
//! NG2023: 'Net' has more than 4096 layers: blocks in blocks multiply
//! NG2023: 'B12' has more than 4096 layers: blocks in blocks multiply
//! NG2023: 'B11' has more than 4096 layers: blocks in blocks multiply
