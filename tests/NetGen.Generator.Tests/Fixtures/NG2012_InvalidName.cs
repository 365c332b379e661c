[Network(4)]
[Linear(4, Name = {|NG2012:"1st"|}), ReLU, Linear(4, Name = {|NG2012:"a b"|}), ReLU]
[ReLU, Linear(4, Name = {|NG2012:"_"|}), ReLU, Linear(4, Name = {|NG2012:"block.0"|}), ReLU, Linear(4)]
[Repeat<Body>(1, AsList = true, Name = {|NG2012:""|}), Repeat<Body>(2, AsList = true, Name = "list")]
public partial class Net
{
    public static int Size(Net net) => net.Linear5.Weight.Length + net.List[1].Linear1.Weight.Length;
}

[Block, ReLU, Linear(4)]
class Body;
//! NG2012: The layer name "1st" cannot become a property: use letters, digits and underscores, starting with a letter
//! NG2012: The layer name "a b" cannot become a property: use letters, digits and underscores, starting with a letter
//! NG2012: The layer name "_" cannot become a property: use letters, digits and underscores, starting with a letter
//! NG2012: The layer name "block.0" cannot become a property: use letters, digits and underscores, starting with a letter
//! NG2012: The layer name "0" cannot become a property: use letters, digits and underscores, starting with a letter
