using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;
using NetGen.Generator.Cuda.Plans;

namespace NetGen.Cuda.Tests;

/// <summary>What the rows of the table do not show of attention.</summary>
public sealed class AttentionTests
{
    private const int Samples = 3;

    /// <summary>−∞ means that a key is not there, and a query that has none gives zeros and has no gradient.</summary>
    [Theory]
    [InlineData("in@x:19x16 in@m:19x19 from:x attention:x,x,heads2,mask=m out:y")]
    [InlineData("in@x:40x10 in@m:2x40x40 from:x linear@q:10 linear:10 attention:q,q,heads2,causal,mask=m out:y")]
    [InlineData("in@x:33x16 in@m:1x33 from:x linear:16 attention:x,x,heads2,causal,window5,alibi,mask=m out:y")]
    public void Hidden_keys_and_queries_without_keys_agree_with_the_reference(string text)
    {
        (Stack stack, TrainingPass actual, ReferenceResult expected) = Train(text, Samples, inputs =>
        {
            // Every third key, and of every fifth row all of them.
            int keys = Stack.Parse(text).Inputs[1].Shape.Dimensions[^1];
            for (int i = 0; i < inputs[1].Length; i++)
            {
                if (i % 3 == 0 || i / keys % 5 == 1)
                    inputs[1][i] = float.NegativeInfinity;
            }
        });
        Assert.Contains(0, expected.Outputs[0].Values);
        PlanChecker.Compare(stack, actual, expected);
    }

    /// <summary>More queries than a sum of floats has: parts go into doubles.</summary>
    [Fact]
    public void Sums_over_many_queries_agree_with_the_reference()
    {
        (Stack stack, TrainingPass actual, ReferenceResult expected) = Train(
            "in:8230x2 linear@q:4 from:input linear@k:2 from:input linear:2 attention:q,k,heads2,kv1,causal,window3", samples: 1);
        PlanChecker.Compare(stack, actual, expected);
    }

    /// <summary>The mean of many numbers alike keeps its digits: 4e-5 of it, as docs/numerics.md says of long sums.</summary>
    [Fact]
    public void Values_of_many_keys_keep_their_digits()
    {
        const float Number = 0.7f;
        Stack stack = Stack.Parse("in@x:1x4 in@m:40000x4 attention:x,m out:y");
        CudaPlan plan = CudaPlan.Create(DeclaredNetworks.Infer([stack])[stack.Name], out _)!;
        float[][] inputs = [.. stack.Inputs.Select(port => Enumerable.Repeat(Number, port.Shape.Size).ToArray())];
        float[] output = new PlanRunner(plan, stack, new Dictionary<string, float[]>())
            .Run(inputs, samples: 1, seed: 1, hasChecks: false)[0];
        Assert.All(output, value => Assert.Equal(Number, value, 4e-5 * Number));
    }

    private static (Stack Stack, TrainingPass Actual, ReferenceResult Expected) Train(
        string text, int samples, Action<float[][]>? change = null)
    {
        Stack stack = Stack.Parse(text);
        CudaPlan plan = CudaPlan.CreateTraining(DeclaredNetworks.Infer([stack])[stack.Name], out _)!;
        float[][] parameters = ParameterInfo.Values(stack.Parameters, 9), inputs = stack.Samples(10, samples);
        change?.Invoke(inputs);
        IReadOnlyList<Target> targets = Target.All(stack, 11, samples);
        ReferenceResult expected = new ReferenceInterpreter(stack, parameters).Run(inputs, targets, samples)[0];
        TrainingPass actual = new PlanRunner(plan, stack, PlanChecker.ByName(stack, parameters))
            .Train(inputs, targets, expected.Scales, samples, seed: 12);
        return (stack, actual, expected);
    }
}
