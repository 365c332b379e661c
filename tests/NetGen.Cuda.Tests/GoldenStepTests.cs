using NetGen.Conformance.Tests.Golden;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;
using NetGen.Cuda.Simulator.Driver;
using NetGen.Generator.Cuda.Plans;

namespace NetGen.Cuda.Tests;

/// <summary>The runtime's trainer, optimisers and all, on the simulated driver: losses of steps against PyTorch's.</summary>
public sealed class GoldenStepTests
{
    /// <summary>Products of all steps of a network beyond which it has fewer of them.</summary>
    private const long WorkOfSteps = 6_000_000;

    public static TheoryData<string, string> Optimizers
    {
        get
        {
            var table = new TheoryData<string, string>();
            // One for each network: all rules are compared with the processor's elsewhere, to the bit.
            for (int i = 0; i < GoldenFile.Names.Count; i++)
            {
                string[] optimizers = [.. GoldenFile.Read(GoldenFile.Names[i]).Losses.Select(losses => losses.Optimizer)];
                if (optimizers.Length > 0)
                    table.Add(GoldenFile.Names[i], optimizers[i % optimizers.Length]);
            }
            return table;
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Losses_of_ten_steps_agree_with_PyTorch(string name, string optimizer)
    {
        GoldenFile golden = GoldenFile.Read(name);
        Stack stack = golden.Stack;
        if (CudaPlan.CreateTraining(GoldenTests.Networks.Value[stack.Name], out _) is not { } plan)
            return;
        double[] expected = golden.Losses.Single(losses => losses.Optimizer == optimizer).Losses;
        // A large network is run for fewer steps: rules of optimisers do not depend on it.
        int steps = (int)Math.Clamp(WorkOfSteps / (3 * stack.Work * golden.Count), 2, expected.Length);
        IReadOnlyList<double> scales =
            new ReferenceInterpreter(stack, golden.Parameters).Run(golden.Inputs, golden.Targets, golden.Count)[0].Scales;
        using var driver = new SimulatedDriver(new DriverOptions { HasChecks = false });
        var network = new PlannedNetwork(stack, plan, golden.Parameters);
        using var trainer = (PlannedTrainer)network.CreateTrainer(golden.Count, GoldenFile.CreateOptimizer(optimizer),
            new TrainerOptions { Device = Device.Of(new CudaPlatform(new CudaDriver(driver.GetExport))) });
        for (int step = 0; step < steps; step++)
        {
            float loss = trainer.Step(golden.Inputs, golden.Targets, scales, golden.Count);
            // As on the processor.
            double tolerance = (step == 0 ? 2e-6 : 3e-5 * step) * (0.1 + Math.Abs(expected[step]));
            Assert.True(Math.Abs(loss - expected[step]) <= tolerance,
                $"{name} ({stack}), {optimizer}: loss of step {step} is {loss:R}, PyTorch's {expected[step]:R}, tolerance {tolerance:G3}.");
        }
    }
}
