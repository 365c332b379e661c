using System.Runtime.InteropServices;
using NetGen;

// Loads the parameters, predicts one image, prints the class: what a service or a command-line tool does first.
if (args.Length != 2)
{
    Console.Error.WriteLine("usage: NetGen.Start PARAMETERS.safetensors IMAGE.f32");
    return 2;
}

MnistConvNet network = MnistConvNet.Load(args[0]);
using MnistConvNet.Session session = network.CreateSession();

byte[] image = File.ReadAllBytes(args[1]);
var logits = new float[MnistConvNet.OutputSize];
session.Forward(MemoryMarshal.Cast<byte, float>(image), logits);

int best = 0;
for (int i = 1; i < logits.Length; i++)
{
    if (logits[i] > logits[best])
        best = i;
}

Console.WriteLine(best);
return 0;

[Network(1, 28, 28)]
[Conv2d(1, 32, 7, Padding = 3), ReLU, MaxPool2d(2)]
[Conv2d(32, 64, 5, Padding = 2), ReLU, MaxPool2d(2)]
[Dropout2d(0.25), Flatten]
[Linear(7 * 7 * 64, 128), ReLU, Dropout(0.5)]
[Linear(128, 10)]
[CrossEntropyLoss]
internal sealed partial class MnistConvNet;
