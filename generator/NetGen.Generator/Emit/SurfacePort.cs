using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Surface;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>An input or an output as callers see it.</summary>
/// <param name="Port">The same as the kernels know it.</param>
/// <param name="IsOnly">The network has no other of its kind.</param>
/// <param name="Extents">Dimensions of one sample, with 1 for those that are in error.</param>
internal sealed record SurfacePort(CallerPort Port, bool IsOnly, EquatableArray<int> Extents)
{
    /// <summary>Variables of the emitted methods, which no span may be called like.</summary>
    private static readonly HashSet<string> s_taken = ["call", "samples", "divisor", "share"];

    /// <summary>What targets and lengths are called, which stand beside inputs.</summary>
    private EquatableArray<string> Targets { get; init; } = EquatableArray<string>.Empty;

    /// <summary>The spans that stand beside it, which no variable of the emitted methods may be called like.</summary>
    private EquatableArray<string> Others { get; init; } = EquatableArray<string>.Empty;

    /// <summary>The length that its samples bring; null where their shape is fixed.</summary>
    public SurfaceAxis? Axis { get; init; }

    private string Stem => IsOnly ? Port.Stem : Naming.Pascal(Port.Name);

    public TensorShape Shape => Port.Shape;

    /// <summary>The type of its elements in C#.</summary>
    public string Element => Shape.IsInts ? "int" : "float";

    /// <summary>The caller may ask for its gradient.</summary>
    public bool HasGradient => !Shape.IsInts;

    /// <summary>The span that the caller gives, by its name.</summary>
    public string SpanName => IsOnly ? Port.Pointer : IsTaken(Camel) ? Camel + "Values" : Camel;

    private bool IsTaken(string name) => s_taken.Contains(name) || Targets.Contains(name);

    /// <summary>The same in code.</summary>
    public string Span => SyntaxFacts.GetKeywordKind(SpanName) == SyntaxKind.None ? SpanName : "@" + SpanName;

    /// <summary>The span for its gradient.</summary>
    public string GradientSpan => IsOnly ? Port.Gradient : Camel + "Gradient";

    /// <summary>The variable for the span's address.</summary>
    /// <param name="only">What that of the only one is called, where no span is called so.</param>
    public string Address(string only) => !IsOnly ? Port.Pointer : Others.Contains(only) ? only + "Pointer" : only;

    /// <summary>The field that keeps the span's address during a call.</summary>
    public string Field => "_" + Port.Pointer;

    public string GradientField => "_" + Port.Gradient;

    /// <summary>The constant that says how many values a sample has.</summary>
    public string Size => Stem + "Size";

    /// <summary>The property that says what shape a sample has.</summary>
    public string ShapeName => Stem + "Shape";

    /// <summary>What it is called in documentation.</summary>
    public string Words => IsOnly ? Port.Pointer : $"'{Port.Name}'";

    private string Camel => Naming.Camel(Port.Name);

    /// <summary>Values for each position, where their number is known at run time only.</summary>
    public string PerPosition => Literals.Int(Extents.Skip(1).Aggregate(1, (product, extent) => product * extent));

    public SurfaceParameter Read => new(RuntimeTypes.ReadOnlySpan(Element), Span);

    public SurfaceParameter Written => new(RuntimeTypes.Span, Span);

    public SurfaceParameter ReadGradient => new(RuntimeTypes.ReadOnlySpan("float"), GradientSpan);

    public SurfaceParameter WrittenGradient => new(RuntimeTypes.Span, GradientSpan);

    /// <summary>What kernels are given for one of the port's pointers; null for all other parameters.</summary>
    public string? ArgumentFor(KernelParameter parameter)
        => parameter.Name == Port.Pointer ? OfShare(Field) : HasGradient && parameter.Name == Port.Gradient ? OfShare(GradientField) : null;

    private string OfShare(string field)
        => Axis is { } axis ? $"share.OfPositions({field}, {PerPosition}, {axis.Index})" : $"share.Of({field}, {Size})";

    /// <summary>The input beside the targets of losses, which keep their names.</summary>
    public SurfacePort Beside(IEnumerable<SurfaceLoss> losses, IEnumerable<SurfaceAxis> axes) => this with
    {
        Targets = losses.SelectMany(loss => loss.Targets).SelectMany(target => target.Parameters)
            .SelectMany(parameter => new[] { parameter.Name, parameter.Pointer })
            .Concat(axes.SelectMany(axis => new[] { axis.Lengths, axis.Positions })).Distinct().ToEquatableArray(),
    };

    /// <summary>The port beside those of the other kind.</summary>
    public SurfacePort Beside(IEnumerable<SurfacePort> others)
        => this with { Others = others.Select(other => other.SpanName).ToEquatableArray() };

    /// <param name="extents">For each its dimensions, with 1 for those that are in error.</param>
    /// <param name="axes">The network's lengths.</param>
    public static IReadOnlyList<SurfacePort> Of(
        IReadOnlyList<CallerPort> ports, IReadOnlyList<EquatableArray<int>> extents, IReadOnlyList<SurfaceAxis> axes)
        => [.. ports.Zip(extents, (port, known) => new SurfacePort(port, ports.Count == 1, known)
        {
            Axis = axes.FirstOrDefault(axis => axis.Axis.Name == port.Shape.Axis),
        })];
}

/// <summary>A loss as callers see it.</summary>
/// <param name="Index">Which of the losses.</param>
/// <param name="Stem">In front of its names; empty for the only one.</param>
/// <param name="Outputs">What it is of.</param>
/// <param name="Targets">The forms in which it takes what the output is compared with, under the names that callers see.</param>
internal sealed record SurfaceLoss(
    LossSpec Spec, int Index, string Stem, IReadOnlyList<SurfacePort> Outputs, IReadOnlyList<SurfaceTarget> Targets)
{
    /// <summary>The only or first output.</summary>
    public SurfacePort Output => Outputs[0];

    /// <summary>The variable for what the sum of its losses is divided by.</summary>
    public string Divisor => Stem.Length == 0 ? "divisor" : Naming.Camel(Stem) + "Divisor";
}
