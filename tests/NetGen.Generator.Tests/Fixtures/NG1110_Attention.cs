[Network(64, 128)]
[Linear(96, Name = "q"), From("input"), Linear(96)]
[{|NG1110:ScaledDotProductAttention(Query = "q", Heads = 4)|}]
partial class Net;
//! NG1110: ScaledDotProductAttention takes its values from the layer before it, queries and keys from earlier layers, which Query and Key name, but none is named as Key: write Key = "…"; sequences come from 'q', 'from1', 'linear2'
