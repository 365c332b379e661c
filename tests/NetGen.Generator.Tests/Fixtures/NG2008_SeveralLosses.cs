[Network(4)]
[Linear(4), CrossEntropyLoss, {|NG2008:MSELoss|}]
public partial class Net;
//! NG2008: A network of one output has one loss, but MSELoss follows CrossEntropyLoss: remove one, or declare an Output for each to name with Of
