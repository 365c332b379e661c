using NetGen;

[Network(8, 20)]
[Conv1d(16, 1, Name = "keys"), From("input"), Conv1d(24, 1), MatMul({|NG1089:"keys"|})]
partial class Inner;

[Network(8, 20)]
[Conv1d(16, 1, Name = "keys"), From("input"), Conv1d(20, 1), MatMul("keys", {|NG1089:"."|}, TransposeA = true)]
partial class Exchanged;

[Network(3, 6, 6)]
[Conv2d(4, 1, Name = "a"), From("input"), Conv2d(5, 1), MatMul({|NG1089:"a"|})]
partial class Counts;

[Network(8)]
[Linear(6, Name = "a"), ReLU, Linear(6), MatMul("a", TransposeA = {|NG1089:true|}, TransposeB = {|NG1089:true|})]
partial class Vectors;

[Network(8, 20)]
[Conv1d(16, 1, Name = "a"), Conv1d(16, 1, Name = "b"), MatMul("a", {|NG1084:"b"|}), MatMul({|NG1081:"c"|})]
partial class Names;

[Network(8, 20)]
[MatMul<Queries, {|NG1089:Keys|}>]
partial class Blocks;

[Block, Conv1d(5, 1)]
class Queries;

[Block, Conv1d(7, 1)]
class Keys;
//! NG1089: MatMul multiplies two matrices, but the preceding Conv1d gives the sequence (24, 20) and 'keys' gives the sequence (16, 20): dimension 2 of the first, 20, is multiplied by dimension 1 of the second, 16
//! NG1089: MatMul multiplies two matrices, but 'keys' gives the sequence (16, 20) and the preceding Conv1d gives the sequence (20, 20): dimension 1 of the first, 16, is multiplied by dimension 1 of the second, 20
//! NG1089: MatMul multiplies two matrices, but the preceding Conv2d gives the feature map (5, 6, 6) and 'a' gives the feature map (4, 6, 6): their first dimensions count matrices, and are 5 and 4; they must be equal, or one of them 1
//! NG1089: MatMul multiplies two matrices, but TransposeA is set and the preceding Linear gives the vector (6): a vector has no two dimensions to exchange
//! NG1089: MatMul multiplies two matrices, but TransposeB is set and 'a' gives the vector (6): a vector has no two dimensions to exchange
//! NG1084: MatMul takes two values, but 3 values are given
//! NG1081: MatMul reads an earlier value by its name, but no layer in front of it is called 'c'; there are 'a', 'b', 'matmul1'
//! NG1089: MatMul<Queries, Keys> multiplies two matrices, but Queries (branch1) gives the sequence (5, 20) and Keys (branch2) gives the sequence (7, 20): dimension 2 of the first, 20, is multiplied by dimension 1 of the second, 7
