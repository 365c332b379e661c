namespace NetGen.Conformance.Tests.Model;

/// <summary>An edge of the graph: what an input or a layer gives, to be read by any number of layers. Two are never equal.</summary>
internal sealed class Value(Shape shape)
{
    public Shape Shape { get; } = shape;
}
