namespace NetGen.Generator.Ir;

/// <summary>The cosine of the angle between two vectors, whose norms count as <paramref name="Eps"/> at least. Inputs: x, y.</summary>
internal sealed record CosineSimilarityOp(float Eps) : Op
{
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        (Value first, Value second) = (node.Inputs[0], node.Inputs[1]);
        builder.Flow(first, node, new CosineSimilarityGradientOp(Eps, IsOfSecond: false), gradient, first, second);
        builder.Flow(second, node, new CosineSimilarityGradientOp(Eps, IsOfSecond: true), gradient, second, first);
    }
}

/// <summary>Inputs: the cosine's gradient, the vector whose gradient this is, and the other one.</summary>
internal sealed record CosineSimilarityGradientOp(float Eps, bool IsOfSecond) : GradientOp
{
    public override string Verb => InputGradientVerb(IsOfSecond ? 1 : 0);
}
