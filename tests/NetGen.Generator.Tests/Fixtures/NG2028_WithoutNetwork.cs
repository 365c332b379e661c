// The code that uses it binds all the same.
[{|NG2028:Conv2d(1, 32, 3)|}, ReLU, Flatten, Linear(10, Name = "head"), CrossEntropyLoss]
partial class Forgotten
{
    static void Use()
    {
        var net = new Forgotten(seed: 1);
        using var trainer = net.CreateTrainer(batchSize: 2, new Adam(1e-3f));
        trainer.Step(new float[2 * InputSize], new int[2]);
        _ = net.Head.Bias;
        Load("net.safetensors").Save("other.safetensors");
    }
}

[{|NG2028:Linear(784, 10)|}]
public partial class OfVectors;

// Of what no part can be added to, NG3004 tells.
[{|NG3004:Linear(10)|}]
static partial class Program;

partial class Outer
{
    [{|NG2028:CrossEntropyLoss|}]
    private partial class Inner;
}

[{|NG2028:ReLU|}]
partial class Twice;

[Tanh]
partial class Twice;
//! NG2028: 'Forgotten' has layers but is no network yet, so that there is nothing to create, train or load: write [Network(…)] in front of them, with the dimensions of one sample, or [Block] if other networks use it
//! NG2028: 'OfVectors' has layers but is no network yet, so that there is nothing to create, train or load: write [Network(784)] in front of them, with the dimensions of one sample, or [Block] if other networks use it
//! NG3004: The layers of 'Program' have no effect: mark the class [Network(…)] with the shape of its input, or [Block]
//! NG2028: 'Inner' has layers but is no network yet, so that there is nothing to create, train or load: write [Network(…)] in front of them, with the dimensions of one sample, or [Block] if other networks use it
//! NG2028: 'Twice' has layers but is no network yet, so that there is nothing to create, train or load: write [Network(…)] in front of them, with the dimensions of one sample, or [Block] if other networks use it
