namespace NetGen.Generator.Reading;

/// <summary>A value that the use of a block gives to one of the block's constants.</summary>
/// <param name="Element">Which of the values of the attribute's <c>constants</c> it is.</param>
internal readonly record struct GivenConstant(ArgumentValue Value, int Element);
