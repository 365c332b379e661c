using NetGen.CompilerServices;
using NetGen.Conformance.Tests.Model;
using NetGen.Cuda.Simulator.Driver;
using NetGen.Generator.Cuda.Plans;

namespace NetGen.Cuda.Tests;

/// <summary>A forward pass that scales down rows of a table on the GPU: who looks at the table behind it sees them.</summary>
public sealed class ScaledTableTests
{
    [Theory]
    [InlineData("in@t:5,int emb:7,6,max0.5 linear:3 mse", true)]
    [InlineData("in@t:5,int emb:7,6,max0.5,frozen linear:3 mse", false)]
    public void A_forward_pass_shows_what_it_scales(string text, bool isScaled)
    {
        const double Most = 0.5;
        const int Samples = 2, Features = 6;
        Stack stack = Stack.Parse(text);
        CudaPlan plan = CudaPlan.CreateTraining(DeclaredNetworks.Infer([stack])[stack.Name], out _)!;
        float[][] values = ParameterInfo.Values(stack.Parameters, 9), inputs = stack.Samples(10, Samples);
        int table = stack.Parameters.ToList().FindIndex(info => info.Name.StartsWith("embedding", StringComparison.Ordinal));
        // Rows of all kinds: those beyond the norm, and one below it.
        for (int i = 0; i < values[table].Length; i++)
            values[table][i] = i / Features == 3 ? 0.01f * i : 1 + 0.1f * i;
        using var driver = new SimulatedDriver(new DriverOptions { HasChecks = false });
        var network = new PlannedNetwork(stack, plan, values);
        using var trainer = (PlannedTrainer)network.CreateTrainer(Samples, new SGD(0.1f),
            new TrainerOptions { Device = Device.Of(new CudaPlatform(new CudaDriver(driver.GetExport))) });
        trainer.Forward(inputs, Samples);

        float[] after = new float[values[table].Length];
        network.Parameters[table].CopyTo(after);
        int[] seen = [.. inputs[0].Select(row => (int)row).Distinct()];
        Assert.InRange(seen.Length, 2, 6);
        for (int row = 0; row < after.Length / Features; row++)
        {
            ReadOnlySpan<float> before = values[table].AsSpan(row * Features, Features);
            double norm = Math.Sqrt(before.ToArray().Sum(x => (double)x * x));
            double factor = isScaled && norm > Most && seen.Contains(row) ? Most / (norm + 1e-7) : 1;
            for (int i = 0; i < Features; i++)
                Assert.Equal(before[i] * factor, after[row * Features + i], 1e-6);
        }
    }
}
