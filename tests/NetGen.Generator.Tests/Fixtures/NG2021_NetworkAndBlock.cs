[Network(4), Block]
[Linear(4)]
public partial class {|NG2021:Net|};
//! NG2021: 'Net' is marked [Network] and [Block]: move the layers to share into a block of their own
