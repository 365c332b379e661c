using NetGen.Conformance.Tests.Model;
using NetGen.Generator.Cuda.Plans;

namespace NetGen.Cuda.Tests;

/// <summary>
/// Sums of many numbers alike, whose roundings all go the same way, stay within what docs/numerics.md says: 4e-5 of the sum of magnitudes.
/// </summary>
public sealed class LongSumTests
{
    private const float Number = 0.7f;

    /// <param name="products">How many squares of the number a result is the sum of; 0 where it is their mean.</param>
    [Theory]
    [InlineData("in:20000 linear:3,nobias", 20000)]
    // On tensor cores.
    [InlineData("in:20000 linear:48,nobias", 20000)]
    [InlineData("in:2x12000 conv:3,k6000,nobias", 12000)]
    [InlineData("in@b:20000x2 in@x:1x20000 matmul:b", 20000)]
    [InlineData("in:1x128x64 avg:k64", 0)]
    [InlineData("in:1x100x100 avg:k100", 0)]
    [InlineData("in:2x300000 mean:2", 0)]
    public void Numbers_alike_keep_their_digits(string text, int products)
    {
        Stack stack = Stack.Parse(text);
        CudaPlan plan = CudaPlan.Create(DeclaredNetworks.Infer([stack])[stack.Name], out _)!;
        float[][] parameters = [.. stack.Parameters.Select(parameter => Alike(parameter.Length))];
        float[] output = new PlanRunner(plan, stack, PlanChecker.ByName(stack, parameters))
            .Run([.. stack.Inputs.Select(port => Alike(port.Shape.Size))], samples: 1, seed: 1, hasChecks: false)[0];
        double expected = products == 0 ? Number : products * (double)Number * Number;
        Assert.All(output, value => Assert.Equal(expected, value, 4e-5 * expected));
    }

    private static float[] Alike(int count) => [.. Enumerable.Repeat(Number, count)];
}
