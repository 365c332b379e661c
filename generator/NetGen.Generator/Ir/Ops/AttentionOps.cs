namespace NetGen.Generator.Ir;

/// <summary>
/// softmax(scale · q kᵀ) v for each head: queries × features of all heads, one behind the other. Inputs: query, key, value, which may be
/// one value with its features one behind the other. Port 1, where there is a backward pass: the logarithm of each query's sum, by head.
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
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.FlowTogether(node, new AttentionGradientOp(this), gradient, [.. node.Inputs, node.Outputs[1]]);
}

/// <summary>
/// Inputs: the output's gradient, query, key, value and the logarithms of the sums. Gives the gradients of query, key and value, or that
/// of the one that has all three.
/// </summary>
internal sealed record AttentionGradientOp(AttentionOp Forward) : GradientOp
{
    public override string Verb => "InputGradients";
}
