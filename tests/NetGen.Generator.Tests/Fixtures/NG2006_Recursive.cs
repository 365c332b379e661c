[Network(4)]
[Residual<Self>, Residual<First>]
public partial class Net;

[Block, Linear(4), Residual<{|NG2006:Self|}>]
class Self;

[Block, ReLU, Residual<{|NG2006:Second|}>]
class First;

[Block, ReLU, Residual<{|NG2006:First|}>]
class Second;
//! NG2006: Block 'Self' contains itself: Self → Self
//! NG2006: Block 'Second' contains itself: Second → First → Second
//! NG2006: Block 'First' contains itself: First → Second → First
