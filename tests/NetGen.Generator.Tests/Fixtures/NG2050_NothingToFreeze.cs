[Network(3, 8, 8)]
[Conv2d(8, 3, Padding = 1, Frozen = true), ReLU(Frozen = {|NG2050:true|}), Dropout(Frozen = {|NG2050:true|}), ReLU(Frozen = false)]
[Sequential<Features>(true), Sequential<Pooling>(Frozen = {|NG2050:true|}), Flatten, Linear(3, Frozen = true), Tanh, Linear(3)]
partial class Net
{
    public static int Size(Trainer trainer) => trainer.Gradients.Sequential1.BatchNorm1.Weight.Length + trainer.Gradients.Linear2.Weight.Length;
}

[Block, Conv2d(8, 3, Padding = 1, Bias = false, Frozen = Rests), BatchNorm2d, ReLU(Frozen = {|NG2050:Rests|})]
sealed class Features
{
    internal const bool Rests = false;
}

[Block, MaxPool2d(2), ReLU]
sealed class Pooling;
//! NG2050: ReLU has no parameters and no statistics that Frozen could keep as they are: write Frozen at the layer or block that has some
//! NG2050: Dropout has no parameters and no statistics that Frozen could keep as they are: write Frozen at the layer or block that has some
//! NG2050: Sequential<Pooling> has no parameters and no statistics that Frozen could keep as they are: write Frozen at the layer or block that has some
//! NG2050: ReLU has no parameters and no statistics that Frozen could keep as they are: write Frozen at the layer or block that has some
