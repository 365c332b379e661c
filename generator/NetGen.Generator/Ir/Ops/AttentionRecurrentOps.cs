using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>How a state looks at a memory before each step: sizes and how scores are computed.</summary>
/// <param name="Positions">The most that the memory has.</param>
/// <param name="Features">Of each position of the memory.</param>
/// <param name="Size">Features of a query and of a key.</param>
/// <param name="IsAdditive">
/// A score is vᵀ tanh(query + key), with a query that is a product of the state (Bahdanau, Cho, Bengio 2015); otherwise queryᵀ key, and the
/// query is the state (Luong, Pham, Manning 2015).
/// </param>
internal sealed record MemoryAttention(int Positions, int Features, int Size, bool IsAdditive);

/// <summary>
/// The steps of a GRU that looks at a memory before each of them: from the state before come a query, its scores with the keys of the
/// memory, and as their softmax weighs the memory's positions the context, whose product is added to that of the position's input.
/// Inputs: the products of the inputs (positions, gates, hidden), keys, memory and, where <paramref name="HasInitial"/> says so, the state
/// before the first step. Slots: <c>weight</c> and <c>bias</c> of the state's product, <c>context</c>, and of additive scores <c>query</c>
/// and <c>score</c>.
/// </summary>
/// <remarks>
/// Ports: states, then the weights (positions, positions of the memory) and contexts of each step, and what the backward pass reads where
/// <paramref name="Saves"/> says so: the state before each position, the gates and, of additive scores, the query.
/// </remarks>
internal sealed record AttentionRecurrentOp(int Hidden, MemoryAttention Attention, bool HasInitial, bool Saves) : Op
{
    public const int WeightPort = 1, ContextPort = 2, PreviousPort = 3, GatePort = 4, QueryPort = 5;

    /// <summary>The slot of the context's weights; likewise of additive scores.</summary>
    public const string ContextSlot = "context", QuerySlot = "query", ScoreSlot = "score";

    public const RecurrentCell Cell = RecurrentCell.GRU;

    public static int Gates => RecurrentUnits.GatesOf(Cell);

    public static int SavedGates => RecurrentUnits.SavedGatesOf(Cell);

    public override void Differentiate(IGradientBuilder builder, Node node, IReadOnlyList<Value?> gradients)
    {
        Value? ofStates = gradients[0], ofWeights = gradients[WeightPort], ofContexts = gradients[ContextPort];
        Value previous = node.Outputs[PreviousPort], contexts = node.Outputs[ContextPort];
        var op = new AttentionRecurrentGradientOp(
            Hidden, Attention, HasInitial, ofStates is not null, ofWeights is not null, ofContexts is not null);
        Value[] saved =
        [
            .. new[] { ofStates, ofWeights, ofContexts }.OfType<Value>(), node.Outputs[WeightPort], previous, node.Outputs[GatePort],
            .. Attention.IsAdditive ? new[] { node.Outputs[QueryPort] } : [], node.Inputs[1], node.Inputs[2],
        ];
        if (builder.FlowTogether(node.Inputs, node, op, saved) is not { } products)
            return;
        Value ofState = builder.AddPort(products, "OfState", products.Shape);
        int gates = Gates * Hidden;
        builder.AddParameterGradient(
            node, new LinearWeightGradientOp(Hidden, gates) { Groups = Gates }, "", [("weight", "weight"), ("bias", "bias")],
            previous, ofState);
        builder.AddParameterGradient(node, new LinearWeightGradientOp(Attention.Features, gates) { Groups = Gates }, "Context",
            [(ContextSlot, "weight")], contexts, products);
        if (!Attention.IsAdditive)
            return;
        Value query = node.Outputs[QueryPort], ofQuery = builder.AddPort(products, "OfQuery", query.Shape),
            ofScore = builder.AddPort(products, "OfScore", query.Shape);
        builder.AddParameterGradient(
            node, new LinearWeightGradientOp(Hidden, Attention.Size), "Query", [(QuerySlot, "weight")], previous, ofQuery);
        builder.AddParameterGradient(node, new BiasGradientOp(), "Score", [(ScoreSlot, "bias")], ofScore);
    }

    public override string? ToSteps(IStreamBuilder builder, Node node) => "looks at a memory, which is no sequence of steps";
}

/// <summary>
/// Back through the steps. Inputs: the gradients of states, weights and contexts, as far as there are any, then weights, the states before
/// each position, gates, queries of additive scores, keys and memory. Gives the gradients of the forward op's inputs; behind them those of
/// the states' products and, of additive scores, of the queries and of what the score's vector multiplies.
/// </summary>
internal sealed record AttentionRecurrentGradientOp(
    int Hidden, MemoryAttention Attention, bool HasInitial, bool HasStates, bool HasWeights, bool HasContexts) : GradientOp
{
    public override string Verb => "InputGradients";
}
