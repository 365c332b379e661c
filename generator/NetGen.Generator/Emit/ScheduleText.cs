using NetGen.Generator.Cpu;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>The lanes of each layer, in words: what <c>Schedule</c> says behind vectors and threads.</summary>
internal static class ScheduleText
{
    public static string Of(NetworkPlan plan, bool training)
    {
        var entries = plan.AllLayers.ForwardNodes.Select(node => (Node: node, Entry: node.Cpu.Schedule))
            .Where(e => e.Entry is not null).Select(e => (e.Node, e.Entry!.Lanes, e.Entry.Layer)).ToList();
        var linears = entries.Where(e => e.Lanes == ScheduleLanes.OutputFeatures).Select(e => e.Layer).ToList();
        var parts = new List<string>();
        List<string> width = NetworkPlan.InWidthLanes(training ? plan.Training : plan.Inference).Select(node => node.Name).ToList();
        string widthText = width.Count > 0 ? $" ({string.Join(", ", width)}: width lanes)" : "";
        string forSamples = training ? "" : $" for {Literals.Int(plan.MinLaneSamples)} samples and more, channel lanes below";
        // In the order of the first layer that has them.
        foreach (var images in entries.Where(e => e.Lanes == ScheduleLanes.Image).GroupBy(e => HasSampleLanes(e.Node)))
        {
            string lanes = images.Key ? "sample lanes" + forSamples : "channel lanes";
            parts.Add($"{string.Join(", ", images.Select(e => e.Layer))}: {lanes}{widthText}");
            widthText = "";
        }
        if (linears.Count > 0)
            parts.Add(string.Join(", ", linears) + ": output features as lanes");
        return parts.Count == 0 ? "element-wise" : string.Join("; ", parts);
    }

    private static bool HasSampleLanes(Node node) => node.Output!.Storage.Layout.Kind == LayoutKind.Samples;
}
