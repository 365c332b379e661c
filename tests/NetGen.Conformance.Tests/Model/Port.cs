namespace NetGen.Conformance.Tests.Model;

/// <summary>A value that a caller gives or gets, by its name.</summary>
internal sealed record Port(string Name, Value Value)
{
    public Shape Shape => Value.Shape;
}
