namespace NetGen.Generator.Ir;

/// <summary>
/// All products of an element of the first input and one of the second. Inputs: x₁, x₂; output [i · in2 + j] = x₁[i] · x₂[j].
/// </summary>
internal sealed record OuterProductOp : Op
{
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        builder.Flow(node.Inputs[0], node, new OuterProductGradientOp(IsOfSecond: false), gradient, node.Inputs[1]);
        builder.Flow(node.Inputs[1], node, new OuterProductGradientOp(IsOfSecond: true), gradient, node.Inputs[0]);
    }
}

/// <summary>Inputs: the products' gradient, and that of the two factors whose gradient this is not.</summary>
internal sealed record OuterProductGradientOp(bool IsOfSecond) : GradientOp
{
    public override string Verb => InputGradientVerb(IsOfSecond ? 1 : 0);
}
