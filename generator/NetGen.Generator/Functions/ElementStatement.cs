namespace NetGen.Generator.Functions;

/// <summary>A step of a function whose value is more than one expression.</summary>
internal abstract record ElementStatement
{
    /// <summary>For whoever reads the code.</summary>
    internal sealed record Comment(string Text) : ElementStatement;

    /// <summary>Names a value.</summary>
    /// <param name="IsBits">It is an integer, otherwise a number or a mask.</param>
    /// <param name="Continues">It belongs to the declaration before it, as <c>b</c> in <c>a = 1, b = 2</c>.</param>
    internal sealed record Definition(string Name, ElementTerm Term, bool IsBits, bool Continues) : ElementStatement;

    /// <summary>Gives a variable or a parameter another value.</summary>
    internal sealed record Assignment(string Name, ElementTerm Term) : ElementStatement;
}
