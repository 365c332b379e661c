using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu;

/// <summary>
/// Decides the layout of every value: channel or sample lanes for images, halos where convolutions pad, and which flattened images are
/// views. What a parameter's packing depends on comes from <see cref="LayoutFacts"/>, so that all graphs of a network agree.
/// </summary>
internal static class ChooseLayout
{
    /// <param name="sampleLanes">The images that have them.</param>
    public static void Run(Graph graph, LayoutFacts facts, IReadOnlyCollection<Value> sampleLanes, bool inPlaceInput)
    {
        foreach (Value value in graph.Values.ToList())
        {
            if (value.Shape is { HasLengths: true, IsInts: true })
            {
                value.Layout = Layout.ForIntsOfPositions(value.Shape);
                continue;
            }
            if (!value.Shape.HasChannels)
            {
                value.Layout = Layout.ForRows(value.Shape.Size);
                continue;
            }
            if (value.HasFeatureLanes)
            {
                value.Layout = Layout.ForImage(LayoutKind.Positions, value.Shape);
                continue;
            }
            LayoutKind kind = sampleLanes.Contains(value) ? LayoutKind.Samples : LayoutKind.Blocked;
            Value? input = graph.Inputs.Contains(value) || (value.Producer is { } producer && LayoutFacts.IsEntry(producer)) ? value
                : graph.InputGradients.Contains(value) && value.Producer?.Cpu.Reshapes == true ? value.GradientOf : null;
            if (input is not null && facts.IsPlain(input) && (kind == LayoutKind.Blocked || facts.IsOnlyFlattened(input)))
                kind = LayoutKind.Plain;
            (int left, int right) = HaloOf(value);
            value.Layout = Layout.ForImage(kind, value.Shape, left, right);
        }

        IReadOnlyList<ValuePart> parts = ValuePart.Choose(graph);
        ValuePart.ShareHalos(parts);
        foreach (Node node in graph.Nodes)
            node.Cpu.ChooseExtraLayouts();
        SizeLimitException.CheckValues(graph);

        if (inPlaceInput)
        {
            foreach (Value input in graph.Inputs)
                UseCallersInput(input);
        }

        ValuePart.Place(parts);
        foreach (Node node in graph.Nodes)
            node.Cpu.ChooseView(facts);
        foreach (Value value in graph.Values)
            value.FlattenedFrom = facts.FlattenedFrom(value.GradientOf ?? value);
    }

    /// <summary>The zero columns that the nodes reading the value need.</summary>
    public static (int Left, int Right) HaloOf(Value value)
    {
        int left = 0, right = 0;
        foreach (Node consumer in value.Consumers)
        {
            (int Left, int Right) halo = consumer.Cpu.HaloOf(value);
            left = Math.Max(left, halo.Left);
            right = Math.Max(right, halo.Right);
        }
        return (left, right);
    }

    /// <summary>Inference reads the caller's memory where no padding is needed and nothing reads whole vectors of it.</summary>
    private static void UseCallersInput(Value input)
    {
        if (!input.Consumers.All(c => c.Cpu.ReadsScalars))
            return;
        if (input.Layout.Kind == LayoutKind.Rows
            || (input.Layout.Kind is (LayoutKind.Plain or LayoutKind.Positions) && !input.Layout.HasHalo
                && input.Consumers.All(c => !c.Cpu.Reshapes)))
            input.Layout = input.Layout with { IsCallers = true };
    }
}
