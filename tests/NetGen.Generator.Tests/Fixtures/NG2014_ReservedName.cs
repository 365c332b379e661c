[Network(4)]
[Linear(4, Name = {|NG2014:"parameters"|}), ReLU, Linear(4, Name = {|NG2014:"Session"|}), ReLU]
[Linear(4, Name = {|NG2014:"to_string"|}), ReLU, Linear(4, Name = {|NG2014:"linear1_parameters"|})]
public partial class Net;

[Network(4)]
[Linear(4)]
public partial class {|NG2014:Trainer|};

[Network(4)]
[Linear(4, Name = {|NG2014:"fc"|})]
public partial class Fc;
//! NG2014: The layer name "parameters" collides with the member 'Parameters' that NetGen generates: choose another name
//! NG2014: The layer name "Session" collides with the member 'Session' that NetGen generates: choose another name
//! NG2014: The layer name "to_string" collides with the member 'ToString' that NetGen generates: choose another name
//! NG2014: The layer name "linear1_parameters" collides with the member 'Linear1Parameters' that NetGen generates: choose another name
//! NG2014: The class name 'Trainer' collides with the member 'Trainer' that NetGen generates: choose another name
//! NG2014: The layer name "fc" collides with the member 'Fc.Fc' that NetGen generates: choose another name
