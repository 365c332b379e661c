namespace NetGen.Conformance.Tests.Model;

/// <summary>A value that a caller gives or gets, by its name.</summary>
internal sealed record Port(string Name, Value Value, ElementType Elements = ElementType.Float)
{
    public Shape Shape => Value.Shape;

    /// <summary>The input that brings the number of positions of each sample; null where its shape is fixed.</summary>
    public string? Axis { get; init; }

    public bool IsInts => Elements == ElementType.Int;
}
