[Network]
[Input("image", 3, 8, 8), Sequential<Block>, Flatten, Linear(4, Name = "seen"), Input("position", {|NG1005:0|}), {|NG1010:Input("none")|}]
[From("seen"), ReLU, Linear(2), Input({|NG2014:"output"|}, 4)]
partial class Net;

[Block, {|NG2027:Input("inner", 3, 8, 8)|}, ReLU, {|NG2027:Output("inside")|}]
sealed class Block;

[{|NG1010:Network|}]
[Linear(4), Input("late", 4), Add("linear1")]
partial class Behind;
//! NG1005: Input's number of input features must be at least 1, but is 0
//! NG1010: Input expects 1 dimension (features), 2 (channels, length) or 3 (channels, height, width), but none is given
//! NG2014: The name "output" collides with the member 'OutputSize' that NetGen generates: choose another name
//! NG2027: Block 'Block' has an attribute Input: only the network itself has inputs and outputs; in a block "input" names what it is given
//! NG2027: Block 'Block' has an attribute Output: only the network itself has inputs and outputs; in a block "input" names what it is given
//! NG1010: Network expects 1 dimension (features), 2 (channels, length) or 3 (channels, height, width), but none is given
