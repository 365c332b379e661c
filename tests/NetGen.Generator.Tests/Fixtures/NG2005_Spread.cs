[Network(4)]
[Linear(5, 2)]
public partial class Net;

// The shapes are not checked, since nobody knows which layer comes first.
[{|NG2005:Linear(3, 2)|}, CrossEntropyLoss]
public partial class Net;

[Network(4)]
[Residual<Halves>]
public partial class User;

[Block, Linear(4)]
partial class Halves;

[{|NG2005:ReLU|}]
partial class Halves;

// The network's own attribute may stand elsewhere.
[Network(4)]
public partial class Together;

[Linear(4, 2), CrossEntropyLoss]
public partial class Together;
//! NG2005: The layers of 'Net' stand on more than one partial declaration, which leaves their order undefined: move them all to one
//! NG2005: The layers of 'Halves' stand on more than one partial declaration, which leaves their order undefined: move them all to one
