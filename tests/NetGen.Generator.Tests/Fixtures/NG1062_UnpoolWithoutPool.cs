[Network(4, 8, 8)]
[MaxPool2d(2, Name = "silent"), MaxUnpool2d({|NG1062:"silent"|}), MaxUnpool2d({|NG1062:"later"|}), {|NG1062:MaxUnpool2d(2)|}]
[ReLU(Name = "act"), MaxPool2d(2, ReturnIndices = true, Name = "later"), MaxUnpool2d(2, Indices = {|NG1062:"act"|}), MaxUnpool2d(2, Indices = {|NG1013:""|})]
partial class Net;

[Network(4, 8, 8)]
[Sequential<Encoder>(Name = "encoder"), ReLU, Sequential<Decoder>, Sequential<Encoder>(Name = "other"), MaxUnpool2d("other.pool"), MaxUnpool2d({|NG1062:"pool"|})]
partial class Nested;

// The indices are an output of the pool with a name of its own, which may be written.
[Network(4, 8, 8)]
[MaxPool2d(2, ReturnIndices = true, Name = "pool"), MaxUnpool2d("pool.indices"), MaxUnpool2d({|NG1062:"pool.values"|})]
partial class Ports;

[Block, MaxPool2d(2, ReturnIndices = true, Name = "pool")]
class Encoder;

[Block, MaxUnpool2d("encoder.pool")]
class Decoder;
//! NG1062: MaxUnpool2d puts its values where the maxima of a MaxPool2d came from, but MaxPool2d 'silent' does not return them: write ReturnIndices = true there
//! NG1062: MaxUnpool2d puts its values where the maxima of a MaxPool2d came from, but 'later' stands behind it
//! NG1062: MaxUnpool2d puts its values where the maxima of a MaxPool2d came from, but no pool is named: write Indices = "…"; no MaxPool2d in front of it has ReturnIndices = true
//! NG1062: MaxUnpool2d puts its values where the maxima of a MaxPool2d came from, but 'act' is ReLU; with ReturnIndices = true there is 'later'
//! NG1013: MaxUnpool2d's indices takes the name of a MaxPool2d, such as "pool1", but the text "" was given
//! NG1062: MaxUnpool2d puts its values where the maxima of a MaxPool2d came from, but no layer in front of it is called 'pool'; with ReturnIndices = true there is 'encoder.pool', 'other.pool'
//! NG1062: MaxUnpool2d puts its values where the maxima of a MaxPool2d came from, but no layer in front of it is called 'pool.values'; with ReturnIndices = true there is 'pool'
