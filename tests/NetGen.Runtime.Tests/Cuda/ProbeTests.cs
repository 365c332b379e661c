using System.Text.Json;
using NetGen.Checks;
using NetGen.Cuda.Simulator.Driver;

namespace NetGen.Runtime.Tests.Cuda;

/// <summary>What the device program asks a real GPU about instructions, asked of the simulated one.</summary>
public sealed class ProbeTests
{
    [Fact]
    public void The_simulated_GPU_agrees_with_its_interpreter()
    {
        using var driver = new SimulatedDriver();
        Assert.Empty(ProbeRun.Run(TrainerTests.Of(driver), Probe.All));
        Assert.Null(driver.Fault);
    }

    [Fact]
    public void Times_are_a_line_that_the_table_reads()
    {
        using var driver = new SimulatedDriver(new DriverOptions { HasChecks = false });
        (string name, _, Func<INetwork> create) = Timing.Rows[0];
        using var line = JsonDocument.Parse(Timing.Measure(name, 3, create, TrainerTests.Of(driver), Precision.TF32, seconds: 0));
        Assert.Equal(("Mlp", 3), (line.RootElement.GetProperty("network").GetString(), line.RootElement.GetProperty("batch").GetInt32()));
        Assert.All(["first_step_s", "enqueued_us", "step_us", "forward_us"],
            key => Assert.True(line.RootElement.GetProperty(key).GetDouble() > 0, key));
        Assert.StartsWith("Simulated GPU, TF32: ", line.RootElement.GetProperty("schedule").GetString(), StringComparison.Ordinal);
        Assert.Null(driver.Fault);
    }

    /// <summary>One bit is enough, but of products; what is no number may have any bits.</summary>
    [Theory]
    [InlineData("add.s32", 5, 4, false)]
    [InlineData("add.rn.f32", 0x3F800000, 0x3F800001, false)]
    [InlineData("add.rn.f32", 0x7FC00000, 0xFFC00001, true)]
    [InlineData("add.rn.f32", 0x7FC00000, 0x7F800000, false)]
    [InlineData("add.rn.f64", 0x3FF0000000000000, 0x3FF0000000000001, false)]
    [InlineData(Probe.Product, 0x3F800000, 0x3F800001, true)]
    [InlineData(Probe.Product, 0x3F800000, 0x3F800800, false)]
    public void What_differs_is_said(string form, ulong expected, ulong actual, bool agrees)
    {
        Probe probe = Probe.All.Single(probe => probe.Form == form);
        int writes = ProbeKernel.Writes(probe), reads = ProbeKernel.Reads(probe);
        ulong[] given = [.. Enumerable.Range(1, 2 * reads).Select(number => (ulong)number)];
        ulong[] wanted = new ulong[2 * writes], had = new ulong[2 * writes];
        (wanted[^1], had[^1]) = (expected, actual);
        string? fault = ProbeRun.Fault(probe, given, wanted, had);
        if (agrees)
            Assert.Null(fault);
        else
            Assert.StartsWith($"{form}: 1 of {2 * writes} results differ; the first is {actual:X}, expected {expected:X}, of {reads + 1:X}, ",
                fault, StringComparison.Ordinal);
    }
}
