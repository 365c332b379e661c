using System.Text.RegularExpressions;
using NetGen.Checks;
using NetGen.Generator.Cuda.Kernels;

namespace NetGen.Cuda.Tests;

/// <summary>The forms of instructions in all kernels, of which the device program asks a real GPU.</summary>
public sealed partial class ProbeTests
{
    /// <summary>What each kernel needs to run at all.</summary>
    private static readonly string[] s_elsewhere = ["ld.", "st.", "mov.", "cvta.", "bra", "bar.sync", "ret"];

    [GeneratedRegex(@"^\s+(?:@\S+\s+)?(?<form>[a-z][\w.:]*)[ ;]", RegexOptions.Multiline)]
    private static partial Regex Instructions();

    [Fact]
    public void Each_has_a_probe()
    {
        IEnumerable<string> modules = GoldenTests.Plans.SelectMany(plan => new[]
        {
            plan.Module, plan.ModuleIn(ProductPrecision.TF32), plan.ModuleIn(ProductPrecision.BFloat16),
        }).Append(UpdateKernels.WriteModule());
        string[] forms = [.. modules.SelectMany(module => Instructions().Matches(module)).Select(match => match.Groups["form"].Value)
            .Distinct().Where(form => !s_elsewhere.Any(start => form.StartsWith(start, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)];
        Assert.True(forms.Length > 50, $"Only {forms.Length} forms.");
        Assert.Empty(forms.Except(Probe.All.Select(probe => probe.Form)));
    }
}
