using NetGen.Runtime.Tests.Cuda;

namespace NetGen.Runtime.Tests;

/// <summary>What a step leaves that made everything NaN.</summary>
public sealed unsafe class LostStepTests
{
    /// <summary>
    /// The norm of NaN gradients makes NaN of every gradient that it clips, of those too that are zero since they only pad a tensor: but
    /// what pads tensors stays zero.
    /// </summary>
    [Theory]
    [InlineData("sgd")]
    [InlineData("momentum")]
    [InlineData("adam")]
    public void What_pads_tensors_stays_zero(string rule)
    {
        var net = new Scaling();
        Optimizer optimizer = rule switch { "sgd" => new SGD(0.1), "momentum" => new SGD(0.1, 0.9), _ => new Adam(0.01) };
        using var trainer = new ScalingTrainer(
            net, 2, optimizer, new TrainerOptions { ClipGradientNorm = 1, Threads = 1 }, hasKernels: false, refuses: true);
        float[] input = [.. Enumerable.Repeat(float.NaN, 2 * net.Features)], target = new float[input.Length];
        Assert.True(float.IsNaN(trainer.Step(input, target)));
        Assert.All(net.First.ToArray().Concat(net.Second.ToArray()), value => Assert.True(float.IsNaN(value)));
        int[] padding = [.. Enumerable.Range(net.A, 16 - net.A), .. Enumerable.Range(16 + Scaling.B, 16 - Scaling.B)];
        Assert.Equal(32, net.Learned);
        Assert.All(padding, place => Assert.Equal(0, BitConverter.SingleToInt32Bits(net.Buffer.Pointer[place])));
        GC.KeepAlive(net);
    }
}
