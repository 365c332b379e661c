using NetGen.Generator.Shapes;

namespace NetGen.Generator.Ir;

/// <summary>
/// softmax(scale · q kᵀ) v for each head: queries × features of all heads, one behind the other. Inputs: query, key, value, which may be
/// one value with its features one behind the other; then the mask, where there is one. Ports, where there is a backward pass: the
/// logarithm of each query's sum, by head, and, where probabilities are dropped, what they were drawn from.
/// </summary>
/// <param name="Heads">Heads of the queries.</param>
/// <param name="KeyValueHeads">Heads of keys and values, which divide those of the queries: neighbours share one.</param>
/// <param name="HeadSize">Features of a head of queries and keys.</param>
/// <param name="ValueSize">Features of a head of values.</param>
/// <param name="IsCausal">Query i has the keys 0 to i only.</param>
/// <param name="QueryStart">The feature of the query's value with which its heads begin.</param>
internal sealed record AttentionOp(int Heads, int KeyValueHeads, int HeadSize, int ValueSize, bool IsCausal, float Scale,
    int QueryStart = 0, int KeyStart = 0, int ValueStart = 0) : Op
{
    /// <summary>Words of <see cref="KeyPort"/>: the seed's two, step and sample.</summary>
    public const int DrawnFrom = 4;

    /// <summary>Query i has the keys i − window + 1 to i only; null for all up to i. It is causal then.</summary>
    public int? Window { get; init; }

    /// <summary>The distance of query and key times a slope of the head's is taken off the scores.</summary>
    public bool IsAlibi { get; init; }

    /// <summary>Dimensions of the input behind the values, which is added to the scores; null where there is none.</summary>
    public TensorShape? Mask { get; init; }

    /// <summary>The share of probabilities that become zero; 0 for none.</summary>
    public float Dropout { get; init; }

    /// <summary>Which sequence of the counter-based generator they are drawn from.</summary>
    public int Stream { get; init; }

    public bool Drops => Dropout > 0;

    /// <summary>The queries, keys and values of a node, without its mask.</summary>
    public List<Value> Operands(List<Value> inputs) => Mask is null ? inputs : inputs.GetRange(0, inputs.Count - 1);

    /// <summary>Query, key and value, or their gradients: one value that has all three, or three.</summary>
    public static (Value Query, Value Key, Value Value) Three(IReadOnlyList<Value> values)
        => values.Count == 1 ? (values[0], values[0], values[0]) : (values[0], values[1], values[2]);

    /// <summary>What is added to the scores; null for nothing.</summary>
    public Value? MaskOf(List<Value> inputs) => Mask is null ? null : inputs[inputs.Count - 1];

    /// <summary>
    /// Slopes of attention with linear biases (Press, Smith, Lewis: Train short, test long; ICLR 2022): 2^(−8h / heads) where the heads
    /// are a power of two, otherwise those of the next lower one and then every second of twice as many.
    /// </summary>
    public static IEnumerable<double> AlibiSlopes(int heads)
    {
        int power = 1;
        while (power <= heads / 2)
            power *= 2;
        IEnumerable<double> more = Of(2 * power).Where((_, i) => i % 2 == 0).Take(heads - power);
        return Of(power).Concat(more);

        static IEnumerable<double> Of(int count) => Enumerable.Range(1, count).Select(h => Math.Pow(2, -8.0 * h / count));
    }

    /// <summary>
    /// Keys from one query to the next where elements of the matrix of probabilities are numbered: element (head, query, key) is number
    /// (head · queries + query) · this + key.
    /// </summary>
    public static int NumberPitch(int keys) => (keys + 3) / 4 * 4;

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        Value[] saved = [.. node.Inputs, .. node.ExtraOutputs];
        builder.FlowTogether(Operands(node.Inputs), node, new AttentionGradientOp(this), [gradient, .. saved]);
        if (Mask is not null)
            builder.Flow(node.Inputs[node.Inputs.Count - 1], node, new AttentionMaskGradientOp(this), [gradient, .. saved]);
    }

    public override string? ToSteps(IStreamBuilder builder, Node node) => !IsCausal ? "sees positions that come later: it is not causal"
        : Mask is not null ? "adds a mask, which is of all positions"
        : builder.AtEachRow(
            node, new StreamAttentionOp(this, builder.PositionsOf(node.Input)!.Count), "has its features along the positions");
}

/// <summary>
/// Causal attention of one position after another: keys and values of those before it are kept. Inputs as those of
/// <paramref name="Forward"/>, at one position.
/// </summary>
/// <param name="Positions">The most whose keys and values are kept.</param>
internal sealed record StreamAttentionOp(AttentionOp Forward, int Positions) : Op, IEndsStream
{
    public int? MostPositions => Positions;
}

/// <summary>
/// Inputs: the output's gradient, those of the forward op and what it has kept. Gives the gradients of query, key and value, or that of the
/// one that has all three.
/// </summary>
internal sealed record AttentionGradientOp(AttentionOp Forward) : GradientOp
{
    public override string Verb => "InputGradients";
}

/// <summary>The same inputs; gives the gradient of the mask.</summary>
internal sealed record AttentionMaskGradientOp(AttentionOp Forward) : GradientOp
{
    public override string Verb => "MaskGradient";
}
