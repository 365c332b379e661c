[Network(4)]
[Residual<Block>, MSELoss]
public partial class Net;

[Block]
[Linear(4), {|NG2009:MSELoss|}]
class Block;
//! NG2009: Block 'Block' has a loss, MSELoss: only the network itself can have one
