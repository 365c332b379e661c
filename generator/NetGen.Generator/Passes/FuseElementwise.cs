using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Passes;

/// <summary>
/// Makes one loop of element-wise layers behind one another, forward and backward, where nobody else reads what is between: each element
/// goes through all of them in a register, and memory is passed once. What an epilogue can take (<see cref="FuseEpilogues"/>) is there
/// already.
/// </summary>
internal static class FuseElementwise
{
    /// <summary>Operands and steps that the smaller register files hold.</summary>
    private const int MaxInputs = 6, MaxSteps = 12;

    public static void Run(Graph graph)
    {
        var forward = new HashSet<Node>(graph.ForwardNodes);
        // The caller's gradients take the place of these.
        var losses = new HashSet<Node>(graph.LossNodes);
        foreach (Node node in graph.Nodes.Where(node => !losses.Contains(node) && IsElementwise(node)).ToList())
        {
            Node last = node;
            while (last.Inputs.Select(input => input.Producer).OfType<Node>().FirstOrDefault(CanGoBefore) is { } first)
                last = Fuse(first);

            bool CanGoBefore(Node first)
                => !losses.Contains(first) && IsElementwise(first) && forward.Contains(first) == forward.Contains(last)
                    && first.Output!.Shape == last.Output!.Shape && graph.IsReadOnlyBy(first.Output, last)
                    && Inputs(first, last).Count <= MaxInputs
                    && ChainOp.StepsOf(first.Op) + ChainOp.StepsOf(last.Op) <= MaxSteps;

            Node Fuse(Node first)
            {
                List<Value> inputs = Inputs(first, last);
                ChainOp op = ChainOp.Of(last.Op, last.Inputs.Count).Behind(ChainOp.Of(first.Op, first.Inputs.Count),
                    [.. first.Inputs.Select(input => inputs.IndexOf(input))],
                    [.. last.Inputs.Select(input => input == first.Output ? (int?)null : inputs.IndexOf(input))]);
                var fused = new Node(last.Name, $"{first.Title}, {last.Title}", op)
                {
                    Part = last.Part,
                    Layer = last.Layer,
                    Forward = last.Forward,
                };
                graph.Merge([first], last, fused, inputs);
                if (forward.Contains(last))
                    forward.Add(fused);
                return fused;
            }
        }
    }

    /// <summary>Those of the first, and those of the last but what is between.</summary>
    private static List<Value> Inputs(Node first, Node last)
        => first.Inputs.Concat(last.Inputs.Where(input => input != first.Output)).Distinct().ToList();

    private static bool IsElementwise(Node node)
        => node is { Op: IElementwise, Outputs.Count: 1 } && node.Inputs.TrueForAll(input => Fits(input.Shape, node.Output!.Shape));

    /// <summary>The value is repeated where the other has more elements; nothing of it is summed.</summary>
    private static bool Fits(TensorShape value, TensorShape all)
        => value.Rank == all.Rank && value.Dimensions.Zip(all.Dimensions, (own, whole) => own == whole || own == 1).All(fits => fits);
}
