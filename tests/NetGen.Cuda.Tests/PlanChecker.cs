using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;
using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Cuda.Plans;
using NetGen.Generator.Shapes;

namespace NetGen.Cuda.Tests;

/// <summary>Compares what a GPU's plan gives with the reference interpreter, within the errors that the conformance tests allow.</summary>
internal static class PlanChecker
{
    /// <summary>Products of one run beyond which fewer samples must do: the simulator does some twenty millions a second.</summary>
    private const long MaximumWork = 1_500_000;

    /// <summary>
    /// Ints of a batch beyond which fewer samples must do: each is compared with all others for the gradient of its table.
    /// </summary>
    private const int MaximumLookups = 6_000;

    /// <summary>Numbers of samples: one, a few, more than half a warp.</summary>
    private static readonly int[] s_counts = [1, 3, 17];

    /// <summary>Runs the inference of a network.</summary>
    /// <returns>Why the GPU does not do it; null where it does.</returns>
    public static string? Check(Stack stack, InferredNetwork network, int seed, ProductPrecision precision = ProductPrecision.Float32)
    {
        if (CudaPlan.Create(network, out IReadOnlyList<CudaRefusal> refusals) is not { } plan)
            return Words(refusals);
        int[] counts = [.. s_counts.Where(count => count == 1 || count * stack.Work <= MaximumWork)];
        float[][] parameters = ParameterInfo.Values(stack.Parameters, seed);
        float[][] inputs = stack.Samples(unchecked(seed * 1000), counts[^1]);
        var runner = new PlanRunner(plan, stack, ByName(stack, parameters), precision);
        IReadOnlyList<IReadOnlyList<Estimate>> expected = Expected(stack, Reference(stack, parameters, precision), inputs, counts);
        foreach ((int count, IReadOnlyList<Estimate> outputs) in counts.Zip(expected))
        {
            float[][] actual = runner.Run(inputs, count, seed + count);
            for (int i = 0; i < actual.Length; i++)
            {
                Port port = stack.Outputs[i];
                Deviations.Compare<float>(actual[i], outputs[i], $"{port.Name} of {count} samples\n{stack}", port.Shape.Size);
            }
        }
        return null;
    }

    /// <summary>Runs forward and backward passes of a network.</summary>
    /// <returns>Why the GPU does not do it; null where it does.</returns>
    public static string? CheckTraining(
        Stack stack, InferredNetwork network, int seed, ProductPrecision precision = ProductPrecision.Float32)
    {
        if (CudaPlan.CreateTraining(network, out IReadOnlyList<CudaRefusal> refusals) is not { } plan)
            return Words(refusals);
        int[] counts = [.. new[] { s_counts[0], s_counts[^1] }.Select(count => Math.Max(count, stack.MinimumBatch)).Distinct()
            .Where(count => count <= stack.MinimumBatch || (3 * count * stack.Work <= MaximumWork
                && count * Lookups(stack) <= MaximumLookups))];
        float[][] parameters = ParameterInfo.Values(stack.Parameters, seed);
        float[][] inputs = stack.Samples(unchecked(seed * 1000), counts[^1]);
        IReadOnlyList<Target> targets = Target.All(stack, unchecked(seed * 1000 + 999), counts[^1]);
        var runner = new PlanRunner(plan, stack, ByName(stack, parameters), precision);
        foreach (ReferenceResult expected in Reference(stack, parameters, precision).Run(inputs, targets, counts))
        {
            // What a backward pass reads is still there for a second one.
            TrainingPass actual = runner.Train(inputs, targets, expected.Scales, expected.Count, seed + expected.Count,
                backwardPasses: expected.Count == counts[0] ? 2 : 1);
            Compare(stack, actual, expected);
        }
        return null;
    }

    /// <summary>What is expected, with the errors of a precision: an operand of n digits is rounded by up to 2⁻ⁿ of itself.</summary>
    public static ReferenceInterpreter Reference(Stack stack, float[][] parameters, ProductPrecision precision)
        => new(stack, parameters)
        {
            OperandRounding = precision switch
            {
                ProductPrecision.TF32 => Math.ScaleB(1, -11),
                ProductPrecision.BFloat16 => Math.ScaleB(1, -8),
                _ => 0,
            },
        };

    private static int Lookups(Stack stack) => stack.Inputs.Where(port => port.IsInts).Sum(port => port.Shape.Size);

    public static void Compare(Stack stack, TrainingPass actual, ReferenceResult expected)
    {
        string Where(string what) => $"{what} of {expected.Count} samples\n{stack}";
        for (int i = 0; i < actual.Outputs.Length; i++)
        {
            Port port = stack.Outputs[i];
            Deviations.Compare<float>(actual.Outputs[i], expected.Outputs[i], Where($"training {port.Name}"), port.Shape.Size);
        }
        foreach ((string name, Estimate buffer) in expected.Buffers)
            Deviations.Compare<float>(actual.Parameters[name], buffer, Where($"{name} after a forward pass"), 0);
        Assert.Equal(expected.SampleLosses.Count, actual.Losses.Length);
        for (int i = 0; i < actual.Losses.Length; i++)
            Deviations.Compare<double>(actual.Losses[i], expected.SampleLosses[i], Where($"{stack.Losses[i].Word}"), 1);
        foreach (int i in stack.FloatInputs)
        {
            Port port = stack.Inputs[i];
            float[] gradient = actual.InputGradients[i] ?? new float[expected.InputGradients[i].Length];
            Deviations.Compare<float>(gradient, expected.InputGradients[i], Where($"gradient of {port.Name}"), port.Shape.Size);
        }
        foreach (int p in stack.WithGradient.Where(p => stack.Parameters[p].IsLearned))
        {
            string name = stack.Parameters[p].Name;
            Deviations.Compare<float>(actual.ParameterGradients[name], expected.ParameterGradients[p], Where($"gradient of {name}"), 0);
        }
    }

    /// <summary>By number of samples, then by output.</summary>
    private static IReadOnlyList<IReadOnlyList<Estimate>> Expected(
        Stack stack, ReferenceInterpreter interpreter, float[][] inputs, int[] counts)
    {
        if (stack.HasLengths)
        {
            IReadOnlyList<Target> targets = Target.All(stack, 999, counts[^1]);
            return [.. interpreter.Run(inputs, targets, counts).Select(result => result.Evaluations)];
        }
        IReadOnlyList<Estimate>[] samples =
        [
            .. Enumerable.Range(0, counts[^1]).Select(sample => interpreter.Evaluate(Sample(stack, inputs, sample))),
        ];
        return
        [
            .. counts.Select(count => (IReadOnlyList<Estimate>)
            [
                .. stack.Outputs.Select((_, i) => new Estimate([.. samples.Take(count).SelectMany(sample => sample[i].Values)],
                    [.. samples.Take(count).SelectMany(sample => sample[i].Errors)])),
            ]),
        ];
    }

    public static Dictionary<string, float[]> ByName(Stack stack, float[][] parameters) =>
        stack.Parameters.Zip(parameters).ToDictionary(pair => pair.First.Name, pair => pair.Second);

    /// <summary>Each reason once.</summary>
    public static string Words(IReadOnlyList<CudaRefusal> refusals) => string.Join("; ", refusals
        .Select(refusal => $"{refusal.Node.Op.GetType().Name} {refusal.Reason}").Distinct().Order(StringComparer.Ordinal));

    private static float[][] Sample(Stack stack, float[][] inputs, int sample) =>
    [
        .. stack.Inputs.Select((port, i) =>
            inputs[i][stack.Elements(port, sample)..stack.Elements(port, sample + 1)]),
    ];
}
