namespace NetGen.Generator.Specs;

/// <summary>What becomes of the elements along a dimension that is left out, by the name of the layer.</summary>
internal enum ReduceFunction
{
    Sum,
    Mean,
    Amax,
    Amin,
    Var,
}
