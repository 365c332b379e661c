using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>A form in which a loss takes what its output is compared with.</summary>
/// <param name="Target">As the loss has it.</param>
/// <param name="Parameters">What <c>Step</c> and <c>Backward</c> take, in order.</param>
internal sealed record SurfaceTarget(LossTarget Target, IReadOnlyList<SurfaceTargetParameter> Parameters)
{
    /// <param name="stem">In front of the loss's names; empty for the only loss.</param>
    public static SurfaceTarget Of(LossTarget target, string stem, SurfacePort output)
        => new(target, [.. target.Parameters.Select(parameter => new SurfaceTargetParameter(parameter, stem, output))]);
}

/// <summary>A parameter of <c>Step</c> and <c>Backward</c>.</summary>
internal sealed record SurfaceTargetParameter(TargetParameter Target, string Stem, SurfacePort Output)
{
    public string Name => With(Target.Name);

    public string Documentation => Target.Documentation;

    /// <summary>Element type of the span.</summary>
    public string Type => Target is ValueTarget ? "float" : "int";

    /// <summary>C# expression: elements for one sample; for one position, where samples have lengths of their own.</summary>
    public string PerSample => Target switch
    {
        ValueTarget => HasLengths ? Output.PerPosition : Output.Size,
        ClassTarget { Positions: { } positions } when !HasLengths => Literals.Int(positions),
        _ => "1",
    };

    /// <summary>The sample's positions each have theirs, and are as many as it brings.</summary>
    public bool HasLengths => Output.Axis is not null;

    /// <summary>What kernels are given for it.</summary>
    public string OfShare => HasLengths
        ? $"share.OfPositions({Field}, {PerSample}, {Output.Axis!.Index})"
        : $"share.Of({Field}, {PerSample})";

    /// <summary>The trainer's field that holds the pointer while the threads run.</summary>
    public string Field => "_" + With(Target is ValueTarget ? "values" : "labels");

    /// <summary>The address in a call.</summary>
    public string Pointer => With(Target.Kernel.Name) + "Pointer";

    private string With(string name) => Stem.Length == 0 ? name : Naming.Camel(Stem) + char.ToUpperInvariant(name[0]) + name.Substring(1);
}
