[Network(4)]
[Linear(4, Name = "fc1"), ReLU, Linear(4, Name = {|NG2013:"fc1"|}), ReLU, Linear(4, Name = {|NG2013:"fc_1"|}), ReLU]
[Linear(4, Name = "linear5"), ReLU, {|NG2013:Linear(4)|}]
public partial class Net;

// Names need to differ within their scope only.
[Network(4)]
[Linear(4, Name = "fc1"), Residual<Named>]
public partial class Scopes;

[Block, Linear(4, Name = "fc1"), ReLU]
class Named;

// Two properties, but one name in files.
[Network(3, 8, 8)]
[Conv2d(4, 3, Name = "maxpool1"), ReLU, {|NG2013:MaxPool2d(2)|}]
public partial class InFiles;
//! NG2013: The layer name "fc1" gives the property 'Fc1', which belongs to Linear "fc1" already
//! NG2013: The layer name "fc_1" gives the property 'Fc1', which belongs to Linear "fc1" already
//! NG2013: The layer name "linear5" gives the property 'Linear5', which belongs to Linear "linear5" already
//! NG2013: The layer name "maxpool1" gives the name "maxpool1" in files, which belongs to Conv2d "maxpool1" already
