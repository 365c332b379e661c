namespace NetGen.Generator.Specs;

/// <summary>A function of two numbers, element by element, by the name of its layer.</summary>
internal enum BinaryFunction
{
    Add,
    Sub,
    Mul,
    Div,
    Maximum,
    Minimum,
}
