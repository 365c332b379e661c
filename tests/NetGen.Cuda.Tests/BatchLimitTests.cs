using NetGen.CompilerServices;
using NetGen.Conformance.Tests.Model;
using NetGen.Generator.Cuda.Plans;

namespace NetGen.Cuda.Tests;

/// <summary>How many samples a pass may have: a grid has 65,535 rows of blocks, and numbers of kernels 32 bits.</summary>
public sealed class BatchLimitTests
{
    /// <summary>Tiles of 64 rows: sixteen samples of a sequence of four in each.</summary>
    [Theory]
    [InlineData("in:4 linear:3 mse", 65535 * 64, "")]
    [InlineData("in:4 linear:3 mse", 65535 * 64 + 1, "has 65,536 rows of blocks in 1 layers then, and a grid has at most 65,535 of either")]
    [InlineData("in:4x4 linear:3 mse", 65535 * 16, "")]
    [InlineData("in:4x4 linear:3 mse", 65535 * 16 + 1, "has 65,536 rows of blocks")]
    [InlineData("in:1000 relu linear:3 mse", 2147484, "the largest value of a sample has 1,000 numbers, and kernels count up to 2³¹")]
    public void More_are_refused(string text, int samples, string reason)
    {
        Stack stack = Stack.Parse(text);
        CudaPlan plan = CudaPlan.CreateTraining(DeclaredNetworks.Infer([stack])[stack.Name], out _)!;
        var kernels = new PlannedKernels(plan, [.. stack.Parameters.Select(info => info.Name)], []);
        var launched = new LaunchedKernels(
            [.. plan.Kernels.Select(kernel => new CudaFunction(kernel.Name, 0))], kernels.Threads.ToArray(), Module: null);
        if (reason.Length == 0)
        {
            kernels.CheckBatch(launched, samples, axes: 0, "batchSize");
            return;
        }
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(
            () => kernels.CheckBatch(launched, samples, axes: 0, "batchSize"));
        Assert.StartsWith("This is too large a batch of Planned for a GPU: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Equal("batchSize", refused.ParamName);
    }
}
