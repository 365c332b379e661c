[Network(4)]
[Linear(4), ReLU, Sequential<Body>(Name = {|NG2013:""|}), ReLU, Linear(4, Name = {|NG2013:"fc_1"|}), ReLU]
[Add<First, Second>(Name = ""), ReLU, Add<First, Second>(Name = {|NG2013,NG2013:""|}), ReLU, Linear(4, Name = {|NG2013:"branch1"|})]
[ReLU, Repeat<First>(2, Name = ""), ReLU, Repeat<First>(1, Name = {|NG2013:""|}), ReLU, Sequential<Own>(Name = "")]
[Residual<Third, Shadow>(Name = ""), ReLU, Sequential<Around>(Name = {|NG2013:""|}), ReLU, Linear(4, Name = {|NG2013:"_sequential1"|})]
partial class Net;

[Block, Linear(4, Name = "fc1"), ReLU(Name = "between"), Linear(4, Name = "linear1")]
class Body;

[Block, Linear(4, Name = "first")]
class First;

[Block, Linear(4, Name = "second")]
class Second;

// Wrong by itself, wherever it is used.
[Block, Linear(4, Name = "twice"), ReLU(Name = "own"), Linear(4, Name = {|NG2013:"twice"|}), ReLU(Name = "other")]
class Own;

[Block, Linear(4, Name = "third")]
class Third;

[Block, Linear(4, Name = "shade")]
class Shadow;

[Block, Sequential<Inner>(Name = "")]
class Around;

// Its own use stands in a block that is used without a name as well: that use is to blame.
[Block, Linear(4, Name = "third")]
class Inner;
//! NG2013: The layer name "linear1" gives where Sequential<Body> has no name the property 'Linear1', which belongs to Linear "linear1" already
//! NG2013: The layer name "fc_1" gives the property 'Fc1', which belongs to Linear "fc1" in Sequential<Body> already
//! NG2013: The layer name "branch1" gives the property 'Branch1', which belongs to the branch1 of Add<First, Second> already
//! NG2013: The layer name "branch2" gives the property 'Branch2', which belongs to the branch2 of Add<First, Second> already
//! NG2013: The layer name "branch1" gives the property 'Branch1', which belongs to the branch1 of Add<First, Second> already
//! NG2013: The layer name "block1" gives the property 'Block1', which belongs to the block1 of Repeat<First> already
//! NG2013: The layer name "third" gives where Sequential<Around> has no name the property 'Third', which belongs to Linear "third" in Residual<Third, Shadow> already
//! NG2013: The layer name "_sequential1" gives the name "_sequential1" in files, which belongs to Sequential<Body> without a name already
//! NG2013: The layer name "twice" gives the property 'Twice', which belongs to Linear "twice" already
