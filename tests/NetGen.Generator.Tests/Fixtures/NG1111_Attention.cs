[Network(64, 128)]
[Linear(100, Name = "q"), From("input"), Linear(96, Name = "k"), From("input"), Linear(96)]
[ScaledDotProductAttention(Query = "q", Key = "k", Heads = {|NG1111:8|})]
partial class Net;
//! NG1111: ScaledDotProductAttention cannot be computed: 100 features of the queries of 'q' are not divided by 8 heads: 100 / 8 leaves 4

[Network(64, 128)]
[Linear(96, Name = "q"), From("input"), Linear(48, Name = "k"), From("input"), Linear(96)]
[ScaledDotProductAttention(Query = "q", Key = {|NG1111:"k"|}, Heads = 4)]
partial class Sizes;
//! NG1111: ScaledDotProductAttention cannot be computed: a head of 'q' has 96 / 4 = 24 features, one of 'k' 48 / 4 = 12

[Network(64, 128)]
[Linear(96, Name = "q"), From("input"), Linear(96, Name = "k"), Slice(1, 0, 60)]
[ScaledDotProductAttention(Query = "q", Key = {|NG1111:"k"|}, Heads = 4)]
partial class Lengths;
//! NG1111: ScaledDotProductAttention cannot be computed: 'k' gives 64 keys, and the preceding Slice 60 values

[Network(64, 128)]
[Linear(96, Name = "q"), From("input"), Linear(96, Name = "k"), From("input"), Linear(96)]
[ScaledDotProductAttention(Query = "q", Key = "k", Heads = 6, KeyValueHeads = {|NG1111:4|})]
partial class Shared;
//! NG1111: ScaledDotProductAttention cannot be computed: 6 heads cannot share 4 of keys and values equally: 6 / 4 leaves 2

[Network(64, 128)]
[Linear(96, Name = "q"), Mean(1), Linear(96)]
[{|NG1111:ScaledDotProductAttention(Query = "q", Key = "q")|}]
partial class Vector;
//! NG1111: ScaledDotProductAttention cannot be computed: the preceding Linear gives the vector (96), and queries, keys and values are sequences (positions, features)
