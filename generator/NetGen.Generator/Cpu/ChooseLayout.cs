using NetGen.Generator.Ir;
using NetGen.Generator.Layers;

namespace NetGen.Generator.Cpu;

/// <summary>
/// Decides the layout of every value: channel or sample lanes for images, halos where convolutions pad, and which flattened images are
/// views. What a parameter's packing depends on comes from <see cref="LayoutFacts"/>, so that all graphs of a network agree.
/// </summary>
internal static class ChooseLayout
{
    public static void Run(Graph graph, LayoutFacts facts, bool sampleLanes, bool inPlaceInput)
    {
        LayoutKind image = sampleLanes ? LayoutKind.Samples : LayoutKind.Blocked;
        foreach (Value value in graph.Values.ToList())
        {
            if (!value.Shape.HasChannels)
            {
                value.Layout = Layout.ForRows(value.Shape.Size);
                continue;
            }
            LayoutKind kind = image;
            bool plain = value == graph.Input || (value == graph.InputGradient && value.Producer is FlattenNode);
            if (plain && facts.InputIsPlain && (!sampleLanes || facts.InputIsOnlyFlattened))
                kind = LayoutKind.Plain;
            (int left, int right) = HaloOf(value);
            value.Layout = Layout.ForImage(kind, value.Shape, left, right);
        }

        foreach (Node node in graph.Nodes)
            node.ChooseExtraLayouts();
        SizeLimitException.CheckValues(graph);

        if (inPlaceInput)
            UseCallersInput(graph);

        foreach (FlattenNode flatten in graph.Nodes.OfType<FlattenNode>())
            ChooseFlatten(flatten, facts);
        foreach (Value value in graph.Values)
            value.FlattenedFrom = facts.FlattenedFrom(value.GradientOf ?? value);
    }

    /// <summary>The zero columns that the nodes reading the value need.</summary>
    private static (int Left, int Right) HaloOf(Value value)
    {
        int left = 0, right = 0;
        foreach (Node consumer in value.Consumers)
        {
            (int Left, int Right) halo = consumer.HaloOf(value);
            left = Math.Max(left, halo.Left);
            right = Math.Max(right, halo.Right);
        }
        return (left, right);
    }

    /// <summary>Inference reads the caller's memory where no padding is needed and nothing reads whole vectors of it.</summary>
    private static void UseCallersInput(Graph graph)
    {
        Value input = graph.Input;
        if (!input.Consumers.All(c => c.ReadsScalars))
            return;
        if (input.Layout.Kind == LayoutKind.Rows || (input.Layout.Kind == LayoutKind.Plain && !input.Layout.HasHalo && input.Consumers.All(c => c is not FlattenNode)))
            input.Layout = input.Layout with { IsCallers = true };
    }

    /// <summary>Where the image has no halo and the order in memory is the wanted one, the vector is the image seen differently.</summary>
    private static void ChooseFlatten(FlattenNode flatten, LayoutFacts facts)
    {
        Value image = flatten.ToImage ? flatten.Output! : flatten.Input, vector = flatten.ToImage ? flatten.Input : flatten.Output!;
        bool blockedRows = facts.FlattenedFrom(vector.GradientOf ?? vector) is not null;
        // A map of one pixel is a vector in either order.
        bool sameOrder = image.Layout.Kind == (blockedRows ? LayoutKind.Blocked : LayoutKind.Plain)
            || (image.Layout.Kind == LayoutKind.Blocked && image.Shape.Height == 1 && image.Shape.Width == 1);
        if (!sameOrder || image.Layout.HasHalo || image.Layout.IsCallers || vector.Layout.IsCallers)
            return;
        // What arrives owns the memory, and what leaves is the view.
        if (flatten.ToImage)
            image.AliasOf = vector;
        else
            vector.AliasOf = image;
    }
}
