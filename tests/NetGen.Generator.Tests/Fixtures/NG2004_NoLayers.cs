[Network(4)]
public partial class {|NG2004:Net|};

[Network(4)]
[Residual<Empty>]
[MSELoss]
public partial class UsesEmpty;

[Block]
public class {|NG2004:Empty|};
//! NG2004: Network 'Net' has no layers: write them as attributes on the class, in order, e.g. [Flatten, Linear(10)]
//! NG2004: Block 'Empty' has no layers: write them as attributes on the class, in order, e.g. [Flatten, Linear(10)]
