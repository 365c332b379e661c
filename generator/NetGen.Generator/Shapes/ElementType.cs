namespace NetGen.Generator.Shapes;

/// <summary>The type of a value's elements.</summary>
internal enum ElementType
{
    /// <summary>Numbers that layers compute with, and that gradients flow back to.</summary>
    Float,

    /// <summary>Whole numbers that stand for something, such as the rows of a table; they have no gradient.</summary>
    Int,
}

/// <summary>What a layer takes for one of its inputs.</summary>
internal enum ElementsTaken
{
    Floats,
    Ints,

    /// <summary>Either, since it only passes them on.</summary>
    Any,
}
