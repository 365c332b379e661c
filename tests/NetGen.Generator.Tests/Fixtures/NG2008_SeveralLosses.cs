[Network(4)]
[Linear(4), CrossEntropyLoss, {|NG2008:MSELoss|}]
public partial class Net;
//! NG2008: A network has at most one loss, but MSELoss follows CrossEntropyLoss
