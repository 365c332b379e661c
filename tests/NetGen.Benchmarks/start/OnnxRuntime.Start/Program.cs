using System.Runtime.InteropServices;
using NetGen.Benchmarks.Contenders;

if (args.Length != 3)
{
    Console.Error.WriteLine("usage: OnnxRuntime.Start LIBRARY MODEL.onnx IMAGE.f32");
    return 2;
}

OnnxRuntimeApi api = OnnxRuntimeApi.Load(args[0]);
using var inference = new OnnxRuntimeInference(api, args[1], threads: 1, batch: 1, inputShape: [1, 28, 28], outputSize: 10);
MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(args[2])).CopyTo(inference.Input);
inference.Forward();

ReadOnlySpan<float> logits = inference.Output;
int best = 0;
for (int i = 1; i < logits.Length; i++)
{
    if (logits[i] > logits[best])
        best = i;
}

Console.WriteLine(best);
return 0;
