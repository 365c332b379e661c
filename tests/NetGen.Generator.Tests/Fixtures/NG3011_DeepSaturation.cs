[Network(16)]
[Linear(16), Sigmoid, Linear(16), Sigmoid, Linear(16), Sigmoid, Linear(16), Sigmoid, Linear(16), {|NG3011:Sigmoid|}]
partial class Five;

// LeNet has as many.
[Network(16)]
[Linear(16), Sigmoid, Linear(16), Sigmoid, Linear(16), Sigmoid, Linear(16), Sigmoid]
partial class Four;

[Network(16)]
[Linear(16), Tanh, Linear(16), Tanh, Linear(16), Tanh, Linear(16), Tanh, Linear(16), Tanh, Linear(16), Tanh, Linear(16), Tanh, Linear(16), Tanh, Linear(16), Tanh, Linear(16), {|NG3011:Tanh|}]
partial class TenTanh;

[Network(16)]
[Linear(16), Tanh, Linear(16), Tanh, Linear(16), Tanh, Linear(16), Tanh, Linear(16), Tanh, Linear(16), Tanh, Linear(16), Tanh, Linear(16), Tanh, Linear(16), Tanh]
partial class NineTanh;

// The count begins anew behind a normalisation, and a ReLU between makes no difference.
[Network(16)]
[Linear(16), Sigmoid, Linear(16), Sigmoid, Linear(16), Sigmoid, Linear(16), Sigmoid, BatchNorm1d, Linear(16), Sigmoid, Linear(16), Sigmoid, Linear(16), Sigmoid, Linear(16), ReLU, Linear(16), Hardsigmoid, Linear(16), {|NG3011:Hardsigmoid|}]
[BatchNorm1d, Linear(16), Sigmoid]
partial class Mixed;
//! NG3011: Sigmoid is the last of 5 saturating activations (Sigmoid) with no normalisation between, whose small derivatives multiply: the first layers will hardly learn
//! NG3011: Tanh is the last of 10 saturating activations (Tanh) with no normalisation between, whose small derivatives multiply: the first layers will hardly learn
//! NG3011: Hardsigmoid is the last of 5 saturating activations (Sigmoid and Hardsigmoid) with no normalisation between, whose small derivatives multiply: the first layers will hardly learn
