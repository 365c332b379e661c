using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>The networks of <see cref="NetworkTable"/> against the reference interpreter (<see cref="CodeForm.For"/>).</summary>
public abstract class NetworkTableTests
{
    protected static TheoryData<string> Rows(string group) => new(NetworkTable.Stacks(group).Select(s => s.Text));

    protected static void Check(string group, string text)
    {
        CompiledNetworks.Assigned compiled = CompiledNetworks.Table(group);
        Stack stack = compiled.Stacks.First(s => s.Text == text);
        NetworkChecker.Check(_ => compiled[stack], stack, 11, NetworkTable.Groups.Single(g => g.Name == group).Counts,
            Configuration.Of(compiled.FormsOf(stack)));
    }
}

// One class a group: classes run side by side.

public sealed class WindowTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Windows");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Windows", stack);
}

public sealed class DepthTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Depth");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Depth", stack);
}

public sealed class DilationTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Dilations");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Dilations", stack);
}

public sealed class PhaseTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Phases");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Phases", stack);
}

public sealed class BorderTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Borders");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Borders", stack);
}

public sealed class GroupTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Groups");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Groups", stack);
}

public sealed class WidthLaneTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("WidthLanes");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("WidthLanes", stack);
}

public sealed class FarWeightTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("FarWeights");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("FarWeights", stack);
}

public sealed class TransposedTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Transposed");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Transposed", stack);
}

public sealed class SequenceTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Sequences");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Sequences", stack);
}

public sealed class PoolTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Pools");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Pools", stack);
}

public sealed class AdaptivePoolTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("AdaptivePools");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("AdaptivePools", stack);
}

public sealed class UnpoolingTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Unpooling");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Unpooling", stack);
}

/// <summary>The rows that stand in the files of the layers.</summary>
public sealed class LayerTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Layers");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Layers", stack);
}

public sealed class ConcatTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Concats");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Concats", stack);
}

public sealed class ArithmeticTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Arithmetic");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Arithmetic", stack);
}

public sealed class TapTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Taps");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Taps", stack);
}

public sealed class ChainTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Chains");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Chains", stack);
}

public sealed class ResamplingTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Resampling");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Resampling", stack);
}

public sealed class ShapeTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Shapes");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Shapes", stack);
}

public sealed class Pool1dTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Pools1d");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Pools1d", stack);
}

public sealed class ElementwiseTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Elementwise");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Elementwise", stack);
}

public sealed class ResidualTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Residuals");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Residuals", stack);
}

public sealed class BatchNormTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("BatchNorm");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("BatchNorm", stack);
}

public sealed class LossTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Losses");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Losses", stack);
}

public sealed class LossOptionTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("LossOptions");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("LossOptions", stack);
}

public sealed class FeatureTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Features");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Features", stack);
}

public sealed class LargeNetworkTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Large");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Large", stack);
}

public sealed class FiveTapsTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("FiveTaps");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("FiveTaps", stack);
}

public sealed class WinogradTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Winograd");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Winograd", stack);
}

public sealed class WinogradRowTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("WinogradRows");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("WinogradRows", stack);
}

public sealed class ChannelTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Channels");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Channels", stack);
}

public sealed class MapWidthTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Widths");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Widths", stack);
}

public sealed class VectorTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Vectors");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Vectors", stack);
}

public sealed class ActivationTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Activations");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Activations", stack);
}

public sealed class SampleNormTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Norms");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Norms", stack);
}

public sealed class PortTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Ports");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Ports", stack);
}

public sealed class SharedParameterTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Shared");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Shared", stack);
}

public sealed class OutputLossTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("OutputLosses");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("OutputLosses", stack);
}

public sealed class FrozenTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Frozen");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Frozen", stack);
}

public sealed class RegionTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Regions");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Regions", stack);

    /// <summary>Not only the values are right, they come from images of both kinds: every row has convolutions with few channels and with many.</summary>
    [Theory, MemberData(nameof(Table))]
    public void Has_lanes_of_both_kinds(string stack)
    {
        CompiledNetworks.Assigned compiled = CompiledNetworks.Table("Regions");
        Stack network = compiled.Stacks.First(s => s.Text == stack);
        using ISessionAdapter session = compiled[network].Create(1).CreateSession(16, new SessionOptions());
        Assert.Contains("sample lanes", session.Schedule, StringComparison.Ordinal);
        Assert.Contains(": channel lanes", session.Schedule, StringComparison.Ordinal);
    }
}

public sealed class RecurrentTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Recurrent");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Recurrent", stack);
}

public sealed class PositionTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Positions");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Positions", stack);
}

public sealed class AttentionTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Attention");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Attention", stack);
}

public sealed class LengthTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("Lengths");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("Lengths", stack);
}

public sealed class LengthAttentionTests : NetworkTableTests
{
    public static TheoryData<string> Table => Rows("LengthAttention");

    [Theory, MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string stack) => Check("LengthAttention", stack);
}
