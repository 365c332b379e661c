using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Passes;

/// <summary>
/// The gradient of what is cut to pieces, as by <c>Chunk</c>, is the pieces' gradients one behind the other: where together they are all of
/// it, nothing is filled with zeros and added up.
/// </summary>
internal static class JoinStretches
{
    public static void Run(Graph graph)
    {
        foreach (Node sum in graph.BackwardNodes.Where(IsSum).ToList())
        {
            // A sum that is part of another has gone with it, or will.
            if (graph.Nodes.Contains(sum) && !IsPart(graph, sum))
                Join(graph, sum);
        }
    }

    private static bool IsSum(Node node) => node.Op is AddOp { IsBackward: true };

    private static bool IsPart(Graph graph, Node sum)
        => sum.Output!.Consumers.Find(IsSum) is { } other && IsPartOf(graph, sum.Output, other);

    /// <summary>The value is a sum that only another of the same gradient reads.</summary>
    private static bool IsPartOf(Graph graph, Value value, Node sum)
        => graph.IsReadOnlyBy(value, sum) && value.GradientOf == sum.Output!.GradientOf;

    private static void Join(Graph graph, Node sum)
    {
        List<Node> all = [];
        List<Stretch> stretches = [];
        if (!Collect(sum))
            return;
        int axis = stretches[0].Axis, end = 0;
        foreach (Stretch stretch in stretches.OrderBy(stretch => stretch.Start))
        {
            if (stretch.Axis != axis || stretch.Start != end)
                return;
            end += stretch.Gradient.Shape.Dimensions[axis];
        }
        if (end != sum.Output!.Shape.Dimensions[axis])
            return;
        var joined = new Node(sum.Name, sum.Title, new ConcatOp(axis, IsGradient: true));
        graph.Merge(all, sum, joined, [.. stretches.OrderBy(stretch => stretch.Start).Select(stretch => stretch.Gradient)]);

        // The nodes that the sum is made of; false if one of them is no stretch.
        bool Collect(Node of)
        {
            foreach (Value part in of.Inputs)
            {
                if (part.Producer is not { } node || !IsPartOf(graph, part, of))
                    return false;
                if (StretchOf(node) is { } stretch)
                    stretches.Add(stretch);
                else if (!IsSum(node) || !Collect(node))
                    return false;
                all.Add(node);
            }
            return true;
        }
    }

    /// <summary>A piece's gradient in its place, along one dimension of the whole, the rest of which is zero.</summary>
    private static Stretch? StretchOf(Node node)
    {
        if (node.Op is not MoveOp { GradientOf: not null } move)
            return null;
        TensorShape piece = node.Input.Shape, whole = node.Output!.Shape;
        if (piece.Rank != whole.Rank || move.Elements != piece.Size || move.FromStart.Any(start => start != 0)
            || !move.Loops.All(loop => loop is { FromStep: 1, ToStep: 1 } && loop.From == loop.To))
        {
            return null;
        }
        int[] shorter = [.. Enumerable.Range(0, whole.Rank).Where(i => piece.Dimensions[i] != whole.Dimensions[i])];
        return shorter.Length == 1 ? new Stretch(node.Input, shorter[0], move.ToStart[shorter[0]]) : null;
    }

    private sealed record Stretch(Value Gradient, int Axis, int Start);
}
