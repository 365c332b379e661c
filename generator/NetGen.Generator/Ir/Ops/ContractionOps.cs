namespace NetGen.Generator.Ir;

/// <summary>
/// Which indices the dimensions of a sample have, channel, row and column, in two values and in the sum of their products: as
/// <c>torch.einsum</c> has them. An index that the result does not have is summed over.
/// </summary>
/// <param name="Left">
/// A letter for each of the three dimensions, <see cref="One"/> for an extent of 1, which meets all of the other's.
/// </param>
internal sealed record ContractionIndices(string Left, string Right, string Result)
{
    public const char One = '1';

    /// <summary>The indices of the result, in the order of its dimensions.</summary>
    public IEnumerable<char> Kept => Result.Where(index => index != One);

    /// <summary>Those that are summed over, in the order of the operands' dimensions.</summary>
    public IEnumerable<char> Summed => (Left + Right).Where(index => index != One && Result.IndexOf(index) < 0).Distinct();

    public override string ToString() => $"{Left}, {Right} → {Result}";
}

/// <summary>Products of two values' elements, summed over common indices: products of matrices. Inputs: left, right; images.</summary>
internal sealed record ContractionOp(ContractionIndices Indices) : Op
{
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        (string left, string right, string result) = (Indices.Left, Indices.Right, Indices.Result);
        builder.Flow(node.Inputs[0], node, new ContractionGradientOp(new(result, right, left), Input: 0), gradient, node.Inputs[1]);
        builder.Flow(node.Inputs[1], node, new ContractionGradientOp(new(result, left, right), Input: 1), gradient, node.Inputs[0]);
    }
}

/// <summary>The gradient of an operand is the contraction of the result's gradient with the other operand.</summary>
/// <param name="Input">Which of the operands.</param>
internal sealed record ContractionGradientOp(ContractionIndices Indices, int Input) : GradientOp
{
    public override string Verb => InputGradientVerb(Input);
}
