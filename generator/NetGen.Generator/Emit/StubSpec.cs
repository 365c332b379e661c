using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Emit;

/// <summary>The surface of a network in error.</summary>
/// <param name="Network">The network as far as it was understood.</param>
/// <param name="Declaration">How to reopen the class, e.g. <c>partial class Net</c>.</param>
/// <param name="Inputs">What the caller gives.</param>
/// <param name="Outputs">What the caller is given.</param>
/// <param name="CollidingMembers">Members that the user declares as well, or that would hide what the user means.</param>
/// <param name="BaseCall">What a constructor says to call that of the base class, e.g. <c> : base(default(int))</c>; mostly empty.</param>
internal sealed record StubSpec(
    NetworkSpec Network,
    string Declaration,
    PortExtents Inputs,
    PortExtents Outputs,
    EquatableArray<string> CollidingMembers,
    bool HasConstructors,
    string BaseCall);

/// <summary>
/// Names, dimensions and elements of inputs or outputs, with 1 for dimensions that are in error, and the names of run-time lengths, empty
/// where there is none.
/// </summary>
internal sealed record PortExtents(
    EquatableArray<string> Names, EquatableArray<EquatableArray<int>> Extents, EquatableArray<bool> AreInts, EquatableArray<string> Axes)
{
    /// <param name="kind">What the only one is called.</param>
    public static PortExtents Of(IEnumerable<InferredPort> ports, string kind)
    {
        // Those whose names are in error have none that code could use.
        List<InferredPort> named = ports.Where(port => port.Name.IndexOf('?') < 0).ToList();
        if (named.Count == 0)
            named.Add(new InferredPort(kind, ValueRef.Unresolved, TensorShape.Unknown));
        return new(named.Select(port => port.Name).ToEquatableArray(), named.Select(port => Known(port.Shape)).ToEquatableArray(),
            named.Select(port => port.Shape.IsInts).ToEquatableArray(), named.Select(port => port.Shape.Axis ?? "").ToEquatableArray());
    }

    /// <summary>The network's lengths, where these are its inputs.</summary>
    public IReadOnlyList<SurfaceAxis> Lengths() => SurfaceAxis.Of(LengthAxis.Of(Known()));

    /// <param name="kind">What the only one is called.</param>
    public IReadOnlyList<SurfacePort> Ports(string kind, IReadOnlyList<SurfaceAxis> axes)
        => SurfacePort.Of(CallerPort.Of(Known(), kind), [.. Extents], axes);

    private IReadOnlyList<InferredPort> Known() => [.. Names.Select((name, i) => new InferredPort(name, ValueRef.Unresolved,
        TensorShape.Unknown with
        {
            Elements = AreInts[i] ? ElementType.Int : ElementType.Float,
            Axis = Axes[i].Length == 0 ? null : Axes[i],
        }))];

    private static EquatableArray<int> Known(TensorShape shape)
        => (shape.IsUnknown ? new[] { 1 } : shape.Dimensions.Select(dimension => Math.Max(1, dimension))).ToEquatableArray();
}
