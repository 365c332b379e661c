[Network(1, 28, 28)]
[{|NG2070:Conv2D|}(32, 3, Padding = 1), {|NG2070:Relu|}, {|NG2070:MaxPooling2D|}(2), {|NG2070:BatchNormalization|}, Flatten]
[{|NG2070:Dense|}(128, {|NG2071:activation|}: "relu"), {|NG2070:BatchNorm|}, {|NG2070:DenseAttribute|}({|NG2071:units|}: 10), {|NG2070:CrossEntropy|}]
partial class Keras;

[Network(4)]
[{|NG2070:NetGen.Linaer|}(4), {|NG2070:global::NetGen.Relu|}, {|NG2070:Residul<Body>|}, {|NG2070:MSE|}]
partial class Misspelt
{
    // The loss is known by what was meant.
    static void Use(Misspelt.Trainer trainer) => trainer.Step(new float[4], new float[4]);
}

[Block, {|NG2070:Linaer|}([4, 4], 3), {|NG2070:Dense|}(outFeatures: 4, {|NG2071:activaton|}: 3), {|NG2070:{|CS0246:Global|}.Relu|}]
class Body;

// Far from all names: perhaps another generator's.
[Network(4)]
[Linear(4), {|CS0246,CS0246:Wavelet|}(3)]
partial class Unknown;
//! NG2070: There is no layer called 'Conv2D': write Conv2d
//! NG2070: There is no layer called 'Relu': write ReLU
//! NG2070: There is no layer called 'MaxPooling2D': write MaxPool2d
//! NG2070: There is no layer called 'BatchNormalization': write BatchNorm2d
//! NG2070: There is no layer called 'Dense': write Linear
//! NG2071: Linear has no option 'activation': an activation is a layer of its own, ReLU behind Linear
//! NG2070: There is no layer called 'BatchNorm': write BatchNorm1d
//! NG2070: There is no layer called 'DenseAttribute': write Linear
//! NG2071: Linear has no option 'units': write outFeatures: …
//! NG2070: There is no loss called 'CrossEntropy': write CrossEntropyLoss
//! NG2070: There is no layer called 'Linaer': write Linear
//! NG2070: There is no layer called 'Relu': write ReLU
//! NG2070: There is no layer called 'Residul': write Residual
//! NG2070: There is no loss called 'MSE': write MSELoss
//! NG2070: There is no layer called 'Linaer': write Linear
//! NG2070: There is no layer called 'Dense': write Linear
//! NG2071: Linear has no option 'activaton': it has Bias, Name, Shares, Frozen
//! NG2070: There is no layer called 'Relu': write ReLU
