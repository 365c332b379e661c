using NetGen.CompilerServices;
using NetGen.Conformance.Tests.Layers;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;
using NetGen.Generator.Cuda.Plans;
using NetGen.Generator.Ir;
using Node = NetGen.Conformance.Tests.Model.Node;
using ParameterInfo = NetGen.Conformance.Tests.Model.ParameterInfo;

namespace NetGen.Cuda.Tests;

/// <summary>
/// The interpreter with the masks that are documented: element i of a sample takes word i mod 4 of Philox at counter (i / 4, sample, step,
/// layer's number among the dropout layers).
/// </summary>
public sealed class AttentionDropoutTests
{
    private const int Samples = 3;

    /// <summary>
    /// All keys, causal ones, windows, heads that share keys, all dropped, numbers of keys that are no multiple of four; masks; behind
    /// other dropout, and two layers that have one kernel.
    /// </summary>
    [Theory]
    [InlineData("in:37x12 linear@q:32 from:input linear@k:32 from:input linear:32 attention:q,k,heads2,drop0.3 linear:3 mse")]
    [InlineData(
        "in:41x16 drop:0.2 linear@q:20 from:input linear@k:10 from:input linear:14 attention:q,k,heads4,kv2,causal,drop0.5 drop:0.1 mse")]
    [InlineData("in:70x8 linear@q:16 from:input linear@k:16 from:input linear:16 attention:q,k,causal,window9,drop0.25 linear:2 mse")]
    [InlineData("in:9x16 linear@p:16 attention:p,p,heads1,drop1 add:p linear:3 mse")]
    [InlineData(
        "in@x:21x12 linear@q:32 from:x linear@k:32 from:x linear@v:32 in@m:21x21 from:v attention:q,k,heads2,mask=m,drop0.3 out:y")]
    [InlineData("in@m:9x16 in@x:12x16 drop:0.1 mha:4,causal,drop0.2 drop:0.3 mha:2,key=m,drop0.4 out:y mse:of=y")]
    [InlineData("in:9x16 mha:4,drop0.2 tanh mha:4,drop0.2 mse")]
    public void Networks_with_dropout_agree_with_the_reference(string text) => Check(Stack.Parse(text), (_, element) => element);

    /// <summary>Elements are numbered as if all samples had as many positions as there may be.</summary>
    [Theory]
    [InlineData("in@x:21x32,upto mha:4,drop0.2 linear:3 mse", 21)]
    [InlineData("in@x:40x12,upto mha:2,causal,drop0.5 mse", 40)]
    public void Samples_of_different_lengths_agree_with_the_reference(string text, int most)
    {
        Stack stack = Stack.Parse(text);
        Check(stack, (sample, element) =>
        {
            int own = stack.LengthOf(stack.Inputs[0].Axis!, sample), pitch = AttentionOp.NumberPitch(own), row = element / pitch;
            return (row / own * most + row % own) * AttentionOp.NumberPitch(most) + element % pitch;
        });
    }

    /// <param name="number">The number from which an element of a sample is drawn, from that which the reference has for it.</param>
    private static void Check(Stack stack, Func<int, int, int> number)
    {
        Node[] dropouts = [.. stack.Operations.Where(node => node.Layer is IDrops { Dropped: > 0 })];
        string[] layers = [.. dropouts.Select(node => node.Path)];
        Dictionary<string, float> probabilities = dropouts.ToDictionary(node => node.Path, node => ((IDrops)node.Layer).Dropped);

        double Scale(string path, int sample, int element)
        {
            float p = probabilities[path];
            int drawn = number(sample, element);
            uint word = Philox.Generate(PlanRunner.Seed, (uint)drawn / 4, (uint)sample, PlanRunner.Step,
                (uint)Array.IndexOf(layers, path))[drawn % 4];
            return word >= (uint)Math.Round(p * 4294967296.0) ? 1 / (1 - (double)p) : 0;
        }

        CudaPlan plan = CudaPlan.CreateTraining(DeclaredNetworks.Infer([stack])[stack.Name], out _)!;
        float[][] parameters = ParameterInfo.Values(stack.Parameters, 9), inputs = stack.Samples(10, Samples);
        IReadOnlyList<Target> targets = Target.All(stack, 11, Samples);
        ReferenceResult expected = new ReferenceInterpreter(stack, parameters, Scale).Run(inputs, targets, Samples)[0];
        TrainingPass actual = new PlanRunner(plan, stack, PlanChecker.ByName(stack, parameters))
            .Train(inputs, targets, expected.Scales, Samples, seed: 12);
        PlanChecker.Compare(stack, actual, expected);
    }
}
