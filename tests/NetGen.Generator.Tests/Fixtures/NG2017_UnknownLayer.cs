[Network(4)]
[Linear(4), {|NG2017:Swish|}, Linear(3, 2), ReLU, Linear({|NG1001:9|}, 1), {|NG2017:MyLoss|}]
public partial class Net;

class SwishAttribute : LayerAttribute;

class MyLossAttribute : LossAttribute;
//! NG2017: 'Swish' is not a layer or loss that this version of NetGen can compile
//! NG1001: Linear expects 9 input features, but the preceding ReLU gives 2
//! NG2017: 'MyLoss' is not a layer or loss that this version of NetGen can compile
