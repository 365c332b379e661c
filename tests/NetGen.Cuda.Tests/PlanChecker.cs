using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;
using NetGen.Generator.Cuda.Plans;
using NetGen.Generator.Shapes;

namespace NetGen.Cuda.Tests;

/// <summary>Compares what a GPU's plan gives with the reference interpreter, within the errors that the conformance tests allow.</summary>
internal static class PlanChecker
{
    /// <summary>Products of one run beyond which fewer samples must do: the simulator does some twenty millions a second.</summary>
    private const long MaximumWork = 6_000_000;

    /// <summary>Numbers of samples: one, a few, more than half a warp.</summary>
    private static readonly int[] s_counts = [1, 3, 17];

    /// <summary>Runs the inference of a network.</summary>
    /// <returns>Why the GPU does not do it; null where it does.</returns>
    public static string? Check(Stack stack, InferredNetwork network, int seed)
    {
        if (CudaPlan.Create(network, out IReadOnlyList<CudaRefusal> refusals) is not { } plan)
            return Words(refusals);
        int[] counts = [.. s_counts.Where(count => count == 1 || count * stack.Work <= MaximumWork)];
        float[][] parameters = ParameterInfo.Values(stack.Parameters, seed);
        float[][] inputs = stack.Samples(unchecked(seed * 1000), counts[^1]);
        var interpreter = new ReferenceInterpreter(stack, parameters);
        var runner = new PlanRunner(plan, stack, ByName(stack, parameters));
        Estimate[][] expected = [.. Enumerable.Range(0, counts[^1]).Select(sample => interpreter.Evaluate(Sample(stack, inputs, sample)).ToArray())];
        foreach (int count in counts)
        {
            float[][] outputs = runner.Run(inputs, count, seed + count);
            for (int i = 0; i < outputs.Length; i++)
            {
                Port port = stack.Outputs[i];
                Estimate all = new([.. expected.Take(count).SelectMany(sample => sample[i].Values)],
                    [.. expected.Take(count).SelectMany(sample => sample[i].Errors)]);
                Deviations.Compare<float>(outputs[i], all, $"{port.Name} of {count} samples\n{stack}", port.Shape.Size);
            }
        }
        return null;
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
