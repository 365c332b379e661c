using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Surface;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>A length that samples bring at run time, as callers see it.</summary>
/// <param name="IsOnly">The network has no other.</param>
internal sealed record SurfaceAxis(LengthAxis Axis, bool IsOnly)
{
    /// <summary>The span of the samples' lengths.</summary>
    public string Lengths => Named("lengths");

    /// <summary>A variable: the positions of all samples.</summary>
    public string Positions => Named("positions");

    public string Most => Literals.Int(Axis.Most);

    public string Index => Literals.Int(Axis.Index);

    public SurfaceParameter Parameter => new(RuntimeTypes.ReadOnlySpan("int"), Lengths);

    /// <summary>Those of a network.</summary>
    public static IReadOnlyList<SurfaceAxis> Of(IReadOnlyList<LengthAxis> axes)
        => [.. axes.Select(axis => new SurfaceAxis(axis, axes.Count == 1))];

    /// <summary>For each length of some inputs, the first of these, behind which callers give the lengths.</summary>
    public static IReadOnlyList<(SurfacePort Input, SurfaceAxis Axis)> FirstOf(IReadOnlyList<SurfacePort> inputs)
        => [.. inputs.Where(input => input.Axis is not null).GroupBy(input => input.Axis!).Select(alike => (alike.First(), alike.Key))];

    private string Named(string what)
        => IsOnly ? what : Naming.Camel(Axis.Name) + char.ToUpperInvariant(what[0]) + what.Substring(1);
}
