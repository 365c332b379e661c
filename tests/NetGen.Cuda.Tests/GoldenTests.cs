using NetGen.Conformance.Tests.Golden;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;
using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Cuda.Plans;
using NetGen.Generator.Shapes;

namespace NetGen.Cuda.Tests;

/// <summary>The GPU's passes against what PyTorch computed.</summary>
public sealed class GoldenTests
{
    /// <summary>
    /// Products beyond which reads are not checked for whether something wrote what they read, which takes most of the simulator's time:
    /// smaller networks have the same kernels.
    /// </summary>
    private const long WorkWithChecks = 5_000_000;

    internal static readonly Lazy<IReadOnlyDictionary<string, InferredNetwork>> Networks =
        new(() => DeclaredNetworks.Infer(GoldenFile.Names.Select(name => GoldenFile.Read(name).Stack)));

    /// <summary>Of inference and of training, where there are such.</summary>
    internal static IEnumerable<CudaPlan> Plans => Networks.Value.Values.SelectMany(network => new[]
    {
        CudaPlan.Create(network, out _), CudaPlan.CreateTraining(network, out _),
    }).OfType<CudaPlan>();

    public static TheoryData<string> Goldens => GoldenFile.NameTable;

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Outputs_agree_with_PyTorch(string name) => CheckOutputs(name, ProductPrecision.Float32);

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Losses_and_gradients_agree_with_PyTorch(string name) => CheckTraining(name, ProductPrecision.Float32);

    internal static void CheckOutputs(string name, ProductPrecision precision)
    {
        GoldenFile golden = GoldenFile.Read(name);
        Stack stack = golden.Stack;
        if (CudaPlan.Create(Networks.Value[stack.Name], out IReadOnlyList<CudaRefusal> refusals) is not { } plan)
        {
            Refusals.Check(name, PlanChecker.Words(refusals));
            return;
        }
        Refusals.Check(name, null);
        float[][] outputs = new PlanRunner(plan, stack, PlanChecker.ByName(stack, golden.Parameters), precision)
            .Run(golden.Inputs, golden.Count, golden.Seed, hasChecks: stack.Work * golden.Count <= WorkWithChecks);
        // The interpreter says how far float32 may be off, with operands as the precision has them; the numbers are PyTorch's.
        ReferenceResult estimate = PlanChecker.Reference(stack, golden.Parameters, precision)
            .Run(golden.Inputs, golden.Targets, golden.Count)[0];
        for (int i = 0; i < outputs.Length; i++)
        {
            golden.Check(GoldenFile.Entry(golden.HasBatchStatistics ? "evaluation" : "output", stack.Outputs[i]),
                Doubles(outputs[i]), estimate.Evaluations[i].Errors);
        }
    }

    internal static void CheckTraining(string name, ProductPrecision precision)
    {
        GoldenFile golden = GoldenFile.Read(name);
        Stack stack = golden.Stack;
        if (CudaPlan.CreateTraining(Networks.Value[stack.Name], out IReadOnlyList<CudaRefusal> refusals) is not { } plan)
        {
            Refusals.Check(name, PlanChecker.Words(refusals));
            return;
        }
        Refusals.Check(name, null);
        // The interpreter says how far float32 may be off, with operands as the precision has them; the numbers are PyTorch's.
        ReferenceResult estimate = PlanChecker.Reference(stack, golden.Parameters, precision)
            .Run(golden.Inputs, golden.Targets, golden.Count)[0];
        TrainingPass pass = new PlanRunner(plan, stack, PlanChecker.ByName(stack, golden.Parameters), precision).Train(golden.Inputs,
            golden.Targets, estimate.Scales, golden.Count, golden.Seed, hasChecks: 3 * stack.Work * golden.Count <= WorkWithChecks);
        for (int i = 0; i < pass.Outputs.Length; i++)
            golden.Check(GoldenFile.Entry("output", stack.Outputs[i]), Doubles(pass.Outputs[i]), estimate.Outputs[i].Errors);
        foreach ((string buffer, Estimate moved) in estimate.Buffers)
            golden.Check("after." + buffer, Doubles(pass.Parameters[buffer]), moved.Errors);
        if (golden.Loss is double loss)
        {
            double actual = pass.Losses.Select((samples, i) => samples.Sum() * estimate.Scales[i]).Sum();
            Assert.Equal(loss, actual, Estimate.Tolerance * (estimate.LossError + Estimate.Unit * loss));
        }
        foreach (int i in stack.FloatInputs)
        {
            float[] gradient = pass.InputGradients[i] ?? new float[estimate.InputGradients[i].Length];
            golden.Check("grad." + stack.Inputs[i].Name, Doubles(gradient), estimate.InputGradients[i].Errors);
        }
        foreach (int p in stack.WithGradient.Where(p => stack.Parameters[p].IsLearned))
        {
            string parameter = stack.Parameters[p].Name;
            golden.Check("grad." + parameter, Doubles(pass.ParameterGradients[parameter]), estimate.ParameterGradients[p].Errors);
        }
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);
}
