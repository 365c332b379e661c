using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Passes;

/// <summary>Why a network cannot run as a stream.</summary>
/// <param name="Node">The first that is not causal; null where an input is no sequence.</param>
/// <param name="Reason">What is said of the layer, or the whole sentence where there is none.</param>
internal sealed record StreamRefusal(Node? Node, string Reason);

/// <summary>
/// From the graph of inference to that of a stream, in which a sample is one position: what earlier positions leave behind is kept by the
/// ops that need it, and all others are as they would be for a batch of so many samples. So whatever serves batches serves the positions
/// that come together.
/// </summary>
internal sealed class StreamGraph : IStreamBuilder
{
    private readonly Dictionary<Value, Value> _steps = [];
    private readonly Dictionary<Value, Positions> _positions = [];

    private StreamGraph()
    {
    }

    /// <summary>The graph of the stream.</summary>
    public Graph Graph { get; } = new();

    /// <summary>Nodes of the network that it has come to.</summary>
    private int Nodes { get; set; }

    /// <param name="network">The forward graph of inference, before any pass.</param>
    /// <returns>Null where the network is not causal.</returns>
    public static Graph? Build(Graph network, out StreamRefusal? refusal)
    {
        refusal = null;
        int best = -1;
        foreach (IReadOnlyList<Positions> inputs in Choices(network, ref refusal))
        {
            var stream = new StreamGraph();
            StreamRefusal? own = stream.Run(network, inputs);
            if (own is null)
            {
                refusal = null;
                return stream.Graph;
            }
            // Which dimension has the positions only the layers say: what they refuse last is meant.
            if (stream.Nodes > best)
                (best, refusal) = (stream.Nodes, own);
        }
        return null;
    }

    public Positions? PositionsOf(Value value) => _positions.TryGetValue(value, out Positions? positions) ? positions : null;

    public Value StepOf(Value value) => _steps[value];

    public void Pass(Value output, Value step, Positions? positions)
    {
        _steps.Add(output, step);
        if (positions is not null)
            _positions.Add(output, positions);
    }

    public void Add(Node node, Op op, Positions? positions, params TensorShape[] shapes)
    {
        Node step = Copy(node, op);
        Graph.Add(step, output: null, [.. node.Inputs.Select(StepOf)]);
        for (int port = 0; port < node.Outputs.Count; port++)
        {
            Value output = Graph.NewValue(node.Outputs[port].Name, shapes[port]);
            Graph.Give(step, output);
            Pass(node.Outputs[port], output, positions);
        }
    }

    private static Node Copy(Node node, Op op)
        => new(node.Name, node.Title, op) { Part = node.Part, Layer = node.Layer, Parameters = [.. node.Parameters] };

    /// <summary>The dimensions in which the inputs may have their positions: the same number of them in all.</summary>
    private static IEnumerable<IReadOnlyList<Positions>> Choices(Graph network, ref StreamRefusal? refusal)
    {
        IEnumerable<IReadOnlyList<Positions>> choices = [[]];
        foreach (Value input in network.Inputs)
        {
            int rank = input.Shape.Rank;
            Positions[] own = rank > 2 || (rank > 1 && input.Shape.IsInts) ? []
                : [.. input.Shape.Dimensions.Select((extent, axis) => new Positions(axis, extent))
                    .Where(one => one.Count > 1 && (one.Axis == 0 || !input.Shape.HasLengths))];
            if (own.Length == 0)
                refusal ??= new StreamRefusal(null, $"its input {input.Shape.InWords} is no sequence of several positions");
            choices = choices.SelectMany(chosen => own.Where(one => chosen.All(other => other.Count == one.Count))
                .Select(one => (IReadOnlyList<Positions>)[.. chosen, one])).ToList();
        }
        if (!choices.Any())
            refusal ??= new StreamRefusal(null, "its inputs have different numbers of positions");
        return choices;
    }

    private StreamRefusal? Run(Graph network, IReadOnlyList<Positions> inputs)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            Value input = network.Inputs[i];
            Pass(input, Graph.AddInput(input.Name, StreamSteps.At(input.Shape, inputs[i].Axis)), inputs[i]);
        }
        foreach (Node node in network.Nodes)
        {
            if (Append(node) is { } reason)
                return new StreamRefusal(node, reason);
            Nodes++;
        }
        Graph.Outputs.AddRange(network.Outputs.Select(StepOf));
        Graph.ForwardCount = Graph.Nodes.Count;
        return null;
    }

    private string? Append(Node node)
    {
        int along = node.Inputs.Count(input => PositionsOf(input) is { IsLast: false });
        if (along == node.Inputs.Count)
            return node.Op.ToSteps(this, node);
        if (along > 0)
            return "joins every position with what is of the last alone";
        AppendSingle(node);
        return null;
    }

    /// <summary>What is of the sequence as far as it goes is there once for each position, and any op computes the next of it.</summary>
    private void AppendSingle(Node node)
    {
        if (node.Op is FlattenOp { ToImage: false } && PositionsOf(node.Input) is not null
            && StepOf(node.Input).Shape == node.Output!.Shape)
        {
            Pass(node.Output, StepOf(node.Input), null);
            return;
        }
        Node step = Copy(node, node.Op);
        Graph.Add(step, output: null, [.. node.Inputs.Select(Whole)]);
        foreach (Value output in node.Outputs)
        {
            Value own = Graph.NewValue(output.Name, output.Shape);
            Graph.Give(step, own);
            Pass(output, own, null);
        }

        // With the dimension of one element that the stream leaves out.
        Value Whole(Value input)
        {
            Value value = StepOf(input);
            if (value.Shape == input.Shape)
                return value;
            Op op = value.Shape.IsVector ? new FlattenOp(ToImage: true) : Widen(value.Shape, input.Shape);
            var widen = new Node(node.Name + "Last", node.Title, op) { Part = node.Part, Layer = node.Layer };
            value = Graph.Add(widen, input.Name + "Last", input.Shape, value);
            _steps[input] = value;
            return value;
        }

        static MoveOp Widen(TensorShape step, TensorShape whole)
        {
            int[] from = Long(step), to = Long(whole);
            return MoveOp.Of(
                from.Zip(to, (a, b) => new MoveLoop(step.Dimensions[a], a, 1, b, 1)), new int[step.Rank], new int[whole.Rank]);
        }

        static int[] Long(TensorShape shape) => [.. Enumerable.Range(0, shape.Rank).Where(i => shape.Dimensions[i] > 1)];
    }
}
