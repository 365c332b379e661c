[Network(4, 2, 2)]
[Flatten(Name = "map"), {|NG1076:CosineSimilarity|}, Linear(8, Name = "fc1"), ReLU, Linear(6), {|NG1001:CosineSimilarity(From = "fc1")|}]
[Linear(8), CosineSimilarity(From = "fc1", Eps = {|NG1074:-1|}), CosineSimilarity(From = {|NG1076:"later"|}), Linear(1, Name = "later")]
partial class Net;

[Network(4, 2, 2)]
[Flatten, Linear(3, Name = "a"), ReLU, Unflatten(1, new[] { 3, 1, 1 }), Conv2d(5, 1), Flatten, {|NG1001:CosineSimilarity(From = "a")|}]
partial class Flattened;
//! NG1076: CosineSimilarity takes the output of the layer before it and that of an earlier layer, which From names, but none is named: write From = "…"; vectors come from 'map'
//! NG1001: CosineSimilarity expects 8 features, as many as 'fc1' gives, but the preceding Linear gives 6
//! NG1074: CosineSimilarity's eps must be 0 or more, but is −1
//! NG1076: CosineSimilarity takes the output of the layer before it and that of an earlier layer, which From names, but 'later' stands behind it
//! NG1001: CosineSimilarity expects 3 features, as many as 'a' gives, but the preceding Flatten gives 5 = 5 × 1 × 1
