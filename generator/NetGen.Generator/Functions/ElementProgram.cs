using NetGen.Generator.Specs;

namespace NetGen.Generator.Functions;

/// <summary>The steps of a function, one after the other, and what they lead to.</summary>
internal sealed record ElementProgram(EquatableArray<ElementStatement> Statements, EquatableArray<ElementTerm> Results);
