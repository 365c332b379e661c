using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>
/// The steps of one recurrent layer in one direction, from the products of its inputs, which are (positions, gates, hidden): at each
/// position the product of the state before it is added, and the cell makes the next state of both. States before the first are zero.
/// Slots: <c>weight</c> and, where the layer has one, <c>bias</c>, of the state's product, and <c>projection</c> where the state is a
/// product of the units. Gates have PyTorch's order: i, f, g, o, and r, z, n.
/// </summary>
/// <remarks>
/// Ports: the states (positions, features); behind them <see cref="CellPort"/>, and what the backward pass reads, where
/// <paramref name="Saves"/> says so.
/// </remarks>
/// <param name="IsReverse">From the last position to the first.</param>
/// <param name="Saves">It keeps what its derivative is computed from.</param>
/// <param name="GivesCells">Someone reads the LSTM's cell states.</param>
internal sealed record RecurrentOp(RecurrentUnits Units, bool IsReverse, bool Saves, bool GivesCells) : Op
{
    public const string ProjectionSlot = "projection";

    /// <summary>The state before the first step is an input, behind the products; zero otherwise.</summary>
    public bool HasInitial { get; init; }

    /// <summary>The same of an LSTM's cell state, the last input.</summary>
    public bool HasInitialCell { get; init; }

    private RecurrentCell Cell => Units.Cell;

    /// <summary>The cell states of all positions; null where nobody reads them.</summary>
    public int? CellPort => Cell == RecurrentCell.LSTM && (Saves || GivesCells) ? 1 : null;

    /// <summary>The state before each position.</summary>
    public int? PreviousPort => !Saves ? null : Cell == RecurrentCell.LSTM ? 2 : 1;

    /// <summary>The gates behind their functions, and of a GRU the state's product for n as well; a plain cell has none to keep.</summary>
    public int? GatePort => !Saves || Units.SavedGates == 0 ? null : PreviousPort + 1;

    /// <summary>The units, where the state is a product of them.</summary>
    public int? UnitPort => Saves && Units.IsProjected ? GatePort + 1 : null;

    public override void Differentiate(IGradientBuilder builder, Node node, IReadOnlyList<Value?> gradients)
    {
        Value? states = gradients[0], cells = CellPort is { } port ? gradients[port] : null;
        var op = new RecurrentGradientOp(Units, IsReverse, states is not null, cells is not null)
        {
            HasInitial = HasInitial,
            HasInitialCell = HasInitialCell,
        };
        Value previous = node.Outputs[PreviousPort!.Value];
        Value[] saved = Cell switch
        {
            RecurrentCell.LSTM => [node.Outputs[GatePort!.Value], node.Outputs[CellPort!.Value]],
            RecurrentCell.GRU => [node.Outputs[GatePort!.Value], previous],
            _ => [node.Outputs[0]],
        };
        Value[] initial = HasInitialCell ? [node.Inputs[node.Inputs.Count - 1]] : [];
        if (builder.FlowTogether(node.Inputs, node, op, [.. new[] { states, cells }.OfType<Value>(), .. saved, .. initial])
            is not { } products)
            return;
        Value? projected = op.HasProjected ? builder.AddPort(products, "OfProjected", node.Outputs[0].Shape) : null;
        if (op.HasStateProducts)
            products = builder.AddPort(products, "OfState", products.Shape);
        var weights = new LinearWeightGradientOp(Units.Features, Units.Gates * Units.Hidden) { Groups = Units.Gates };
        builder.AddParameterGradient(node, weights, "", [("weight", "weight"), ("bias", "bias")], previous, products);
        if (projected is null)
            return;
        builder.AddParameterGradient(node, new LinearWeightGradientOp(Units.Hidden, Units.Features), "Projection",
            [(ProjectionSlot, "weight")], node.Outputs[UnitPort!.Value], projected);
    }

    public override string? ToSteps(IStreamBuilder builder, Node node)
    {
        if (IsReverse)
            return "is bidirectional: it also runs from the last position to the first";
        if (HasInitial || HasInitialCell)
            return "starts from states that are given, which a stream does not take";
        builder.Add(node, new StreamRecurrentOp(Units, GivesCells), builder.PositionsOf(node.Input),
            [.. node.Outputs.Select(output => TensorShape.Vector(output.Shape.Width))]);
        return null;
    }
}

/// <summary>
/// One step of a recurrent layer after another; the state goes on from step to step. Input: the products of one position's inputs, (gates,
/// hidden). Slots and ports as those of <see cref="RecurrentOp"/> in inference.
/// </summary>
internal sealed record StreamRecurrentOp(RecurrentUnits Units, bool GivesCells) : Op;

/// <summary>
/// Back through the steps. Inputs: the gradients of the states and of the cell states, as far as there are any, then what the forward pass
/// has saved: gates and cell states of an LSTM, gates and states before each position of a GRU, the states of a plain cell. Gives the
/// gradient of the inputs' products and those of first states; a GRU's last port is that of the state's products, which the reset gate
/// multiplies, and that of a layer whose states are projected is theirs, from all who read them.
/// </summary>
internal sealed record RecurrentGradientOp(RecurrentUnits Units, bool IsReverse, bool HasStates, bool HasCells) : GradientOp
{
    /// <summary>It gives the gradient of the first state; likewise <see cref="HasInitialCell"/>, whose value is the last input.</summary>
    public bool HasInitial { get; init; }

    public bool HasInitialCell { get; init; }

    /// <summary>The gradient of the state's products is not that of the inputs'.</summary>
    public bool HasStateProducts => Units.Cell == RecurrentCell.GRU;

    /// <summary>The gradients of the states are kept, for what makes them of the units.</summary>
    public bool HasProjected => Units.IsProjected;
}
