using NetGen.Generator.Cpu;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>The lanes of each layer, in words: what <c>Schedule</c> says behind vectors and threads.</summary>
internal static class ScheduleText
{
    public static string Of(NetworkPlan plan, bool training)
    {
        var entries = plan.Training.Graph.ForwardNodes.Select(node => node.Cpu.Schedule).OfType<ScheduleEntry>().ToList();
        var convolutions = entries.Where(e => e.Lanes == ScheduleLanes.Image).Select(e => e.Layer).ToList();
        var linears = entries.Where(e => e.Lanes == ScheduleLanes.OutputFeatures).Select(e => e.Layer).ToList();
        var parts = new List<string>();
        List<string> width = NetworkPlan.InWidthLanes(training ? plan.Training : plan.Inference).Select(node => node.Name).ToList();
        string widthText = width.Count > 0 ? $" ({string.Join(", ", width)}: width lanes)" : "";
        if (convolutions.Count > 0)
        {
            string forSamples = training ? "" : $" for {Literals.Int(plan.MinLaneSamples)} samples and more, channel lanes below";
            string lanes = plan.UsesSampleLanes ? "sample lanes" + forSamples : "channel lanes";
            parts.Add($"{string.Join(", ", convolutions)}: {lanes}{widthText}");
        }
        if (linears.Count > 0)
            parts.Add(string.Join(", ", linears) + ": output features as lanes");
        return parts.Count == 0 ? "element-wise" : string.Join("; ", parts);
    }
}
