namespace NetGen.Conformance.Tests.Model;

/// <summary>The type of an input's elements.</summary>
internal enum ElementType
{
    Float,
    Int,
}
