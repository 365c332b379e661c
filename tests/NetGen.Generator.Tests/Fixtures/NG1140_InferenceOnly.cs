[Network(784), {|NG1140:InferenceOnly|}]
[Linear(128), ReLU, Linear(10), CrossEntropyLoss]
partial class WithLoss;

[Network(64)]
[Linear(32), ReLU]
partial class Encoder;

[Network(64), {|NG1141:InferenceOnly(Weights = WeightFormat.BFloat16)|}]
[Part<Encoder>, Linear(10)]
partial class Around;

[Network(64), InferenceOnly(Weights = WeightFormat.BFloat16)]
[Linear(32), ReLU]
partial class Small;

[Network(64), Part<{|NG2052:Small|}>, Linear(10)]
partial class AroundSmall;

[{|NG1142:InferenceOnly|}]
class Plain;

[Block, {|NG1142:InferenceOnly|}, ReLU]
class Body;

[Network(64), InferenceOnly]
[Part<Encoder>, Linear(10)]
partial class Sound;
//! NG1140: 'WithLoss' is for inference only, so that nothing would use its loss, CrossEntropyLoss: remove the loss, or [InferenceOnly]
//! NG1141: 'Around' cannot keep its weights as BFloat16: Part<Encoder> has the memory of a network of its own, whose weights are floats
//! NG2052: 'Small' cannot be a part: it keeps its weights as BFloat16, which networks around it do not
//! NG1142: 'Plain' is not trained by itself: put [InferenceOnly] on a class marked [Network]
//! NG1142: 'Body' is not trained by itself: put [InferenceOnly] on a class marked [Network]
