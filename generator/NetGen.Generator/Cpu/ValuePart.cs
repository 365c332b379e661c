using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu;

/// <summary>
/// A value that lies within another one: an operand where a concatenation wants it, or a stretch where it is cut from. Nothing copies it;
/// whoever computes or reads it goes from sample to sample in the steps of the whole.
/// </summary>
/// <param name="Start">How many of the whole's channels or features are in front of it.</param>
internal sealed record ValuePart(Value Part, Value Whole, int Start)
{
    /// <summary>What lies within another value, of all that nodes ask for.</summary>
    public static IReadOnlyList<ValuePart> Choose(Graph graph)
    {
        var losses = new HashSet<Node>(graph.LossNodes);
        var taken = new HashSet<Value>(graph.Inputs);
        var chosen = new List<ValuePart>();
        foreach (ValuePart part in graph.Nodes.SelectMany(node => node.Cpu.Parts))
        {
            // A loss has one layout for all that it reads.
            List<Node> users = [.. part.Part.Consumers];
            if (part.Part.Producer is { } producer)
                users.Add(producer);
            if (part.LiesInOrder && !users.Exists(user => user.Cpu.GivesViews || losses.Contains(user)) && taken.Add(part.Part))
                chosen.Add(part);
        }
        return chosen;
    }

    /// <summary>Rows of a part are rows of the whole: both have the zero columns that either needs.</summary>
    public static void ShareHalos(IReadOnlyList<ValuePart> parts)
    {
        bool grew = true;
        while (grew)
        {
            grew = false;
            foreach (ValuePart part in parts)
            {
                Layout own = part.Part.Layout, whole = part.Whole.Layout;
                (int left, int right) = (Math.Max(own.Left, whole.Left), Math.Max(own.Right, whole.Right));
                grew |= (own.Left, own.Right) != (left, right) || (whole.Left, whole.Right) != (left, right);
                part.Part.Layout = own with { Left = left, Right = right };
                part.Whole.Layout = whole with { Left = left, Right = right };
            }
        }
    }

    /// <summary>Puts all parts where they belong; what is in the caller's memory has none.</summary>
    public static void Place(IReadOnlyList<ValuePart> parts)
    {
        Dictionary<Value, ValuePart> all = parts.Where(part => !part.Whole.Layout.IsCallers).ToDictionary(part => part.Part);
        foreach (ValuePart part in all.Values)
        {
            Layout own = part.Part.Layout;
            part.Part.AliasOf = part.Whole;
            part.Part.AliasStart = part.Start / (own.Kind == LayoutKind.Blocked ? Layout.Block : 1) * own.PlaneStride;
            Value whole = part.Whole;
            while (all.TryGetValue(whole, out ValuePart? within))
                whole = within.Whole;
            part.Part.Layout = own with { StrideOfWhole = whole.Layout.SampleStride };
        }
    }

    /// <summary>
    /// It begins where a block of 16 does, and ends where one does or where the whole ends: behind its last channel kernels write zeros.
    /// </summary>
    private bool LiesInOrder
    {
        get
        {
            LayoutKind kind = Part.Layout.Kind;
            int end = Start + Part.Shape.Dimensions[0];
            return kind == Whole.Layout.Kind && !Part.Shape.IsInts && kind switch
            {
                LayoutKind.Samples => true,
                LayoutKind.Blocked or LayoutKind.Rows
                    => Start % Layout.Block == 0 && (end % Layout.Block == 0 || end == Whole.Shape.Dimensions[0]),
                _ => false,
            };
        }
    }
}
