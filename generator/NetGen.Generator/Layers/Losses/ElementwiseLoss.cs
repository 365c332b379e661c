using NetGen.Generator.Cpu;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers.Losses;

/// <summary>A loss that compares each of the network's outputs with a value of its own: vectors and images alike.</summary>
internal abstract class ElementwiseLoss<TSpec>(string typeName) : Loss<TSpec>(typeName)
    where TSpec : LossSpec
{
    /// <summary>What a target value is, for the documentation of <c>Step</c>.</summary>
    protected virtual string Meaning => "what the output should be";

    protected abstract ElementLoss Element(TSpec spec);

    protected sealed override IReadOnlyList<LossTarget> Targets(TSpec spec, TensorShape output)
        => [LossTarget.Values("Loss", output, Meaning, samples => spec.Reduction switch
        {
            LossReduction.Mean => $"(double){samples} * OutputSize",
            LossReduction.BatchMean => samples,
            _ => "1",
        })];

    protected sealed override LossOp CreateOp(TSpec spec, TensorShape output) => new ElementwiseLossOp(TypeName, Element(spec), output);
}

/// <summary>How one element's loss is computed.</summary>
/// <param name="Formula">For comments.</param>
/// <param name="SlopeFormula">Derivative with respect to the output, for comments.</param>
/// <param name="Emit">
/// Writes statements that declare the vectors <c>loss</c> and <c>slope</c> from <c>x</c>, the outputs, and <c>t</c>, the targets, and from
/// the vectors of <see cref="Factors"/>.
/// </param>
internal sealed record ElementLoss(string Formula, string SlopeFormula, Action<SourceWriter, VectorIsa, KernelNames> Emit)
{
    /// <summary>Constants that differ from output to output (one for each output, or for each channel of an image), or one for all, by name.</summary>
    public IReadOnlyList<(string Name, EquatableArray<float> Values)> Factors { get; init; } = [];

    /// <summary>What the output must be, as the text of an exception; null where every output is allowed.</summary>
    public string? Requirement { get; init; }

    /// <summary>The mask, all bits set, of the outputs that <see cref="Requirement"/> refuses: an expression of <c>x</c>.</summary>
    public Func<VectorIsa, string>? Refused { get; init; }
}
